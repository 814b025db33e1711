"""A person at the API: `httpx` with a bearer token, refusals as errors, lists as iterators."""

import time
from collections.abc import Callable, Iterator
from typing import Any, Final
from uuid import uuid4

import httpx

from kernel.errors import GuildhallError

PATIENCE_SECONDS: Final = 1800.0
LOOK_SECONDS: Final = 0.5
TIMEOUT_SECONDS: Final = 120.0


class JobFailed(GuildhallError):
    """A step of the job did not end well."""

    default_code = "job.failed"


class Refused(GuildhallError):
    """The API said no; `code` is its own, the facts too, and `status` the answer's."""

    default_code = "api.refused"
    status = 0


class Person:
    """One person's way in. `project` is the path of the project that the job works in."""

    def __init__(self, url: str, token: str, project: str) -> None:
        self.project = f"projects/{project}"
        self.line = httpx.Client(
            base_url=f"{url}/api/v1/", timeout=TIMEOUT_SECONDS, headers={"Authorization": f"Bearer {token}"}
        )  # fmt: skip

    def get(self, path: str, **query: Any) -> Any:
        """Return what lies at a path."""
        return self._checked(self.line.get(path, params=query)).json()

    def post(self, path: str, body: Any = None, *, files: Any = None, data: Any = None) -> Any:
        """Ask for something, once: a second try with the same key would find the first."""
        key = {"Idempotency-Key": uuid4().hex}
        answer = self._checked(self.line.post(path, json=body, files=files, data=data, headers=key))
        return answer.json() if answer.headers.get("Content-Type", "").startswith("application/json") else answer.content

    def content(self, path: str) -> bytes:
        """Return a file, by its path or by the address that the API gave."""
        return self._checked(self.line.get(path.removeprefix("/api/v1/"))).content

    def watch(self, path: str, *, is_over: Callable[[Any], bool]) -> Iterator[Any]:
        """Yield what is seen at a path until it is over. Raises JobFailed when that takes too long."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            seen = self.get(path)
            yield seen
            if is_over(seen):
                return
            time.sleep(LOOK_SECONDS)
        raise JobFailed("job.too_slow")

    def _checked(self, answer: httpx.Response) -> httpx.Response:
        if answer.is_success:
            return answer
        try:
            problem = answer.json()
        except ValueError:
            problem = {}
        refusal = Refused(str(problem.get("code") or f"http.{answer.status_code}"), **problem.get("facts", {}))
        refusal.status = answer.status_code
        raise refusal
