"""Every address of the API: how it is filled with ids, and for each verb that it serves a request that succeeds."""

import functools
import io
import json
import re
import uuid
import zipfile
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver

from tests.access.signing_in import Browser
from tests.factories.pictures import picture
from tests.factories.providers import DISCOVERY
from tests.factories.rows import SAMPLE

OF_PLATFORM = "api/v1/platform/"
SOON = (datetime.now(UTC) + timedelta(days=7)).isoformat()
PUBLIC = {"studio", "sign-in", "token-leaked", "openapi", "docs", "health", "portal", "asset-by-link", "bundle-by-link"}
VERBS = ("get", "post", "put", "patch", "delete")

# What an id in an address names, unless the case names another row; one that is missing here fails.
KINDS = {
    "project": "project", "person": "alice", "dataset": "dataset", "item": "item", "model": "model", "run": "run",
    "provider": "provider", "mapping": "mapping", "domain": "domain",
    "generation": "generation", "asset": "asset", "replay": "replay", "exit": "exit", "token": "token", "entry": "entry",
    "session": "session",
    "custom": "custom", "group": "group", "grant": "grant",
    "consent": "consent",
    "service": "service", "review": "review",
    "allowance": "allowance",
}  # fmt: skip
# What stands in an address and names no row.
PLAIN = {"role": "artist", "step": SAMPLE[0], "number": SAMPLE[1], "level": "0", "path": "000.p/1"}


@dataclass(frozen=True)
class Case:
    """A request that succeeds for `who`. In `body` an id of a row stands as `{its name}`; `shows` is what a list has in it."""

    who: str
    rows: dict = field(default_factory=dict)
    body: dict | None = None
    query: str = ""
    shows: str = ""
    form: bool = False
    by_session: bool = False


METADATA = json.dumps(DISCOVERY)
OPENID = {"name": "{new}", "protocol": "oidc", "metadata": METADATA, "client_id": "guildhall", "client_secret": "s"}
CASES = {
    ("session", "get"): Case("alice", shows="project"),
    ("projects", "get"): Case("alice", shows="project"),
    ("projects", "post"): Case("tom", body={"name": "{new}"}),
    ("project", "get"): Case("alice"),
    ("members", "get"): Case("alice", shows="alice"),
    ("members", "post"): Case("tom", body={"person": "{lena}", "role": "artist"}),
    ("member", "delete"): Case("tom", rows={"person": "tina"}),
    ("project-grants", "get"): Case("lena", shows="grant"),
    ("roles", "get"): Case("alice", shows="custom"),
    ("roles", "post"): Case("tom", body={"name": "{new}", "reach": "project", "permissions": ["project.read"]}),
    ("role", "patch"): Case("tom", body={"text": "a text"}),
    ("role", "delete"): Case("tom", rows={"custom": "spare_custom"}),
    ("groups", "get"): Case("olive", shows="group"),
    ("groups", "post"): Case("tom", body={"name": "{new}"}),
    ("group", "get"): Case("olive"),
    ("group", "patch"): Case("tom", body={"name": "{new}"}),
    ("group", "delete"): Case("tom", rows={"group": "spare_group"}),
    ("group-members", "get"): Case("olive"),
    ("group-members", "post"): Case("tom", body={"person": "{lena}"}),
    ("group-member", "delete"): Case("tom"),
    ("grants", "get"): Case("olive", shows="grant"),
    ("grants", "post"): Case("tom", body={"person": "{lena}", "role": "viewer", "project": "{project}"}),
    ("grant", "delete"): Case("tom", rows={"grant": "spare_grant"}),
    ("access-explain", "get"): Case("olive", query="?permission=ledger.read"),
    ("reviews", "get"): Case("tom", shows="review"),
    ("reviews", "post"): Case("tom", body={"due": SOON}),
    ("project-reviews", "get"): Case("lena", shows="project_review"),
    ("project-reviews", "post"): Case("lena", body={"due": SOON}),
    ("review", "get"): Case("tom"),
    ("review-items", "get"): Case("tom"),
    ("review-decision", "post"): Case("tom", rows={"item": "review_item"}, body={"decision": "confirm"}),
    ("review-close", "post"): Case("tom", rows={"review": "spare_review"}),
    ("review-evidence", "get"): Case("tom"),
    ("usage", "get"): Case("alice"),
    ("allowances", "get"): Case("tom", shows="allowance"),
    ("allowances", "post"): Case("tom", body={"person": "{lena}", "bases": ["{base}"], "adapters": ["{model}"]}),
    ("allowance-own", "get"): Case("alice"),
    ("allowance", "put"): Case("tom", body={"bases": ["{base}"]}),
    ("allowance", "delete"): Case("tom", rows={"allowance": "spare_allowance"}),
    ("people", "get"): Case("tom", shows="alice"),
    ("people", "post"): Case("tom", body={"name": "New", "email": "{new}@example.com"}),
    ("break-glass", "post"): Case("tom"),
    ("break-glass", "delete"): Case("tom"),
    ("person-sessions", "get"): Case("tom", shows="session"),
    ("person-sessions", "delete"): Case("tom", rows={"person": "spare_person"}),
    ("person-factors", "delete"): Case("tom", rows={"person": "spare_person"}),
    ("person-suspend", "post"): Case("tom", rows={"person": "spare_person"}),
    ("person-restore", "post"): Case("tom", rows={"person": "spare_person"}),
    ("security-policy", "get"): Case("tom"),
    ("security-policy", "put"): Case(
        "tom",
        body={
            "sso_only": False,
            "second_factor": False,
            "provider_step_up": False,
            "session_hours": 168,
            "idle_minutes": 720,
            "networks": [],
        },
    ),
    ("sessions", "get"): Case("alice", shows="session", by_session=True),
    ("sessions", "delete"): Case("lena", by_session=True),
    ("own-session", "delete"): Case("alice", rows={"session": "spare_session"}, by_session=True),
    ("sign-out", "post"): Case("tina", by_session=True),
    ("identity-providers", "get"): Case("tom", shows="provider"),
    ("identity-providers", "post"): Case("tom", body=OPENID),
    ("identity-provider-test-results", "post"): Case("tom", body={"test": "{new}"}),
    ("identity-provider-tests", "post"): Case("tom", body=OPENID, by_session=True),
    ("identity-provider", "get"): Case("tom"),
    ("identity-provider", "patch"): Case("tom", body={"name": "{new}"}),
    ("identity-provider", "delete"): Case("tom", rows={"provider": "spare_provider"}),
    ("identity-provider-test", "post"): Case("tom", by_session=True),
    ("identity-provider-refresh", "post"): Case("tom", body={"metadata": METADATA}),
    ("identity-provider-ours", "get"): Case("tom"),
    ("identity-mappings", "get"): Case("tom", shows="mapping"),
    ("identity-mappings", "post"): Case("tom", body={"claimed": "{new}", "role": "artist", "project": "{project}"}),
    ("identity-mapping", "delete"): Case("tom", rows={"mapping": "spare_mapping"}),
    ("domains", "get"): Case("tom", shows="domain"),
    ("domains", "post"): Case("tom", body={"domain": "{new}.example.com", "provider": "{provider}"}),
    ("domain", "delete"): Case("tom", rows={"domain": "spare_domain"}),
    ("domain-proof", "post"): Case("tom"),
    ("identities", "get"): Case("tom", rows={"person": "tina"}),
    ("identities", "post"): Case("tom", body={"provider": "{provider}", "uid": "{new}"}),
    ("identity", "delete"): Case("tom"),
    ("tokens", "get"): Case("olive", shows="token", by_session=True),
    ("tokens", "post"): Case("lena", body={"name": "new", "project": "{project}"}, by_session=True),
    ("token", "delete"): Case("olive", rows={"token": "spare_token"}, by_session=True),
    ("token-rotate", "post"): Case("olive", rows={"token": "rotated_token"}, body={}, by_session=True),
    ("studio-tokens", "get"): Case("tom", query="?limit=200", shows="token"),
    ("studio-token", "delete"): Case("tom", rows={"token": "third_token"}),
    ("services", "get"): Case("olive", shows="service"),
    ("services", "post"): Case("tom", body={"name": "{new}", "keeper": "{alice}"}),
    ("service", "get"): Case("olive"),
    ("service", "patch"): Case("tom", body={"keeper": "{alice}"}),
    ("service", "delete"): Case("tom", rows={"service": "spare_service"}),
    ("service-tokens", "get"): Case("tom"),
    ("service-tokens", "post"): Case("tom", body={"name": "new", "scope": ["project.read"], "project": "{project}"}),
    ("service-token", "delete"): Case("tom", rows={"token": "spare_service_token"}),
    ("service-token-rotate", "post"): Case("tom", rows={"token": "service_token"}, body={}),
    ("support-consents", "get"): Case("tom", shows="consent"),
    ("support-consents", "post"): Case(
        "tom", body={"role": "viewer", "project": "{project}", "hours": 1, "reason": "a picture is missing"}
    ),
    ("support-consent", "delete"): Case("tom", rows={"consent": "spare_consent"}),
    ("provisioning", "get"): Case("tom", shows="directory_token"),
    ("provisioning-tokens", "post"): Case("tom", body={"name": "Okta"}),
    ("provisioning-token", "delete"): Case("tom", rows={"token": "spare_directory_token"}),
    ("provisioning-token-rotate", "post"): Case("tom", rows={"token": "directory_token"}, body={"grace_hours": 1}),
    ("approvals", "get"): Case("lena", shows="candidate"),
    ("datasets", "get"): Case("tina", shows="dataset"),
    ("datasets", "post"): Case("tina", body={"name": "{new}"}),
    ("dataset", "get"): Case("tina"),
    ("dataset-freeze", "post"): Case("tina", rows={"dataset": "unfrozen"}),
    ("dataset-items", "get"): Case("tina"),
    ("dataset-items", "post"): Case("tina", body={"rights": "own_work"}, form=True),
    ("dataset-item", "patch"): Case("tina", body={"caption": "a red fox"}),
    ("dataset-item", "delete"): Case("tina", rows={"item": "spare_item"}),
    ("dataset-item-picture", "get"): Case("tina"),
    ("models", "get"): Case("lena", shows="model"),
    ("model", "get"): Case("lena"),
    ("model-decision", "post"): Case("lena", rows={"model": "undecided"}, body={"approve": True, "reason": "fits"}),
    ("training-runs", "get"): Case("tina", shows="run"),
    ("training-runs", "post"): Case("tina", body={"dataset": "{frozen}", "base": "{base}", "name": "S", "config": {"steps": 10}}),
    ("training-run", "get"): Case("tina"),
    ("training-run-cancel", "post"): Case("tina", rows={"run": "waiting_run"}),
    ("training-run-resume", "post"): Case("tina", rows={"run": "stopped_run"}),
    ("training-run-events", "get"): Case("tina"),
    ("training-run-sample", "get"): Case("tina"),
    ("generations", "get"): Case("alice", shows="generation"),
    ("generations", "post"): Case(
        "alice",
        body={"prompt": "a red apple", "base": "{base}", "adapters": [{"model": "{model}", "weight": 1}], "steps": 4, "seed": 5},
    ),
    ("generation", "get"): Case("alice"),
    ("generation-cancel", "post"): Case("alice", rows={"generation": "waiting_generation"}),
    ("generation-events", "get"): Case("alice"),
    ("generation-preview", "get"): Case("alice", rows={"generation": "previewed"}),
    ("withheld", "get"): Case("olive", shows="withheld"),
    ("withheld-picture", "get"): Case("olive", rows={"generation": "withheld"}),
    ("replay", "get"): Case("lena"),
    ("assets", "get"): Case("alice", shows="asset"),
    ("asset", "get"): Case("alice"),
    ("asset-picture", "get"): Case("alice"),
    ("asset-thumbnail", "get"): Case("alice"),
    ("asset-download", "post"): Case("alice"),
    ("asset-download-link", "post"): Case("alice"),
    ("asset-withdraw", "post"): Case("lena", rows={"asset": "spare_asset"}),
    ("asset-replay", "post"): Case("alice"),
    ("exits", "get"): Case("lena", shows="exit"),
    ("exits", "post"): Case("lena", body={"model": "{model}"}),
    ("exit", "get"): Case("lena"),
    ("exit-bundle", "get"): Case("lena"),
    ("exit-download-link", "post"): Case("lena"),
    ("ledger-entries", "get"): Case("olive", query="?limit=200", shows="entry"),
    ("ledger-entry", "get"): Case("olive"),
    ("ledger-proof", "get"): Case("olive"),
    ("ledger-checkpoint", "get"): Case("olive"),
    ("ledger-export", "get"): Case("olive", shows="entry"),
    ("ledger-consistency", "get"): Case("olive", query="?first=1&second=3"),
    ("log-checkpoint", "get"): Case("olive"),
    ("log-entries", "get"): Case("olive"),
    ("log-tile", "get"): Case("olive"),
}
# The row by which each list is narrowed to something.
FILTERS = {
    ("tokens", "project"): "project",
    ("services", "keeper"): "alice",
    ("reviews", "project"): "project",
    ("service-tokens", "project"): "project",
    ("studio-tokens", "project"): "project",
    ("studio-tokens", "person"): "service",
    ("grants", "person"): "alice",
    ("grants", "group"): "group",
    ("grants", "custom"): "custom",
    ("grants", "project"): "project",
    ("project-grants", "person"): "alice",
    ("project-grants", "group"): "group",
    ("project-grants", "custom"): "custom",
    ("support-consents", "project"): "project",
    ("approvals", "subject"): "candidate",
    ("approvals", "requester"): "tina",
    ("training-runs", "dataset"): "frozen",
    ("training-runs", "base"): "base",
    ("training-runs", "person"): "tina",
    ("withheld", "person"): "alice",
    ("assets", "model"): "base",
    ("assets", "person"): "alice",
    ("exits", "model"): "model",
    ("exits", "person"): "lena",
    ("ledger-entries", "project"): "project",
}


def _routes(patterns, prefix=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield route, pattern


def api_routes():
    """Return name → route and the verbs that it serves, of every address that is not declared public, nor the platform's."""
    return {name: served for name, served in _served().items() if not served[0].startswith(OF_PLATFORM)}


def platform_routes():
    """Return the same of what serves the platform's own people alone (`tests/access/test_platform.py` tries them)."""
    return {name: served for name, served in _served().items() if served[0].startswith(OF_PLATFORM)}


def _served():
    found = [(route, pattern) for route, pattern in _routes(get_resolver().url_patterns) if route.startswith("api/v1/")]
    return {
        pattern.name: (route, tuple(verb for verb in VERBS if hasattr(pattern.callback.cls, verb)))
        for route, pattern in found
        if pattern.name not in PUBLIC
    }


def named(route, case):
    """Return the rows that a request names in its address or its body, the project of the address left out."""
    in_address = [_row(name, case) for name in re.findall(r"<\w+:(\w+)>", route) if name not in PLAIN and name != "project"]
    return [*in_address, *(name for name in re.findall(r"\{(\w+)\}", json.dumps(case.body)) if name != "new")]


def address(route, case, ids):
    """Return a route with its ids. Raises KeyError for a kind that nobody wrote down."""

    def said(found):
        name = found.group(1)
        return str(PLAIN[name] if name in PLAIN else ids[_row(name, case)])

    return "/" + re.sub(r"<\w+:(\w+)>", said, route) + case.query


def _row(name, case):
    return case.rows.get(name, KINDS[name])


@dataclass(frozen=True)
class Side:
    """A studio with its rows: who asks, and what may be named."""

    studio: object
    rows: object

    @property
    def ids(self):
        return {name: str(row) for name, row in asdict(self.rows).items()}

    def ask(self, verb, route, case, ids, key=None):
        """Ask as this studio's person; `ids` are the rows that are named."""
        where, body = address(route, case, ids), _body(case, ids)
        if case.by_session:
            browser = _browser(self.studio.slug, case.who)
            browser.step_up()
            return browser.get(where) if verb == "get" else browser.post(where, body, method=verb)
        headers = {"Authorization": f"Bearer {self.studio.token(case.who)}"} | ({} if key is None else {"Idempotency-Key": key})
        if case.form:
            file = SimpleUploadedFile("new.png", picture(uuid.uuid4().int % 2**32))
            return getattr(Client(headers=headers), verb)(where, body | {"file": file})
        sent = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return getattr(Client(headers=headers), verb)(where, **sent)


def _body(case, ids):
    values = ids | {"new": uuid.uuid4().hex}
    return None if case.body is None else json.loads(re.sub(r"\{(\w+)\}", lambda one: values[one.group(1)], json.dumps(case.body)))


@functools.cache
def _browser(slug, who):
    browser = Browser(slug)
    assert browser.sign_in(who, factor=True).status_code == 200
    return browser


def content(answer):
    """Return all bytes of an answer, of an archive those of its files; of a stream none."""
    if answer.streaming:
        return b""
    if answer.headers.get("Content-Type") != "application/zip":
        return answer.content
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def told(answer, ids):
    """Return what an answer tells besides the ids that the request named."""
    body = content(answer).decode()
    for one in ids:
        body = body.replace(one, "(id)")
    return answer.status_code, answer.headers.get("Content-Type"), body


def bare(case):
    """Return a case for a verb that is not served: the same rows, nothing sent."""
    return replace(case, body=None, query="", form=False, by_session=False)
