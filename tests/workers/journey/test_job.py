"""The job's steps against an API in miniature: what counts as a refused file, what stops the job, what is named."""

from types import SimpleNamespace

import httpx
import pytest

from governance.licensing.rules import RightsBasis
from workers.journey import job, report
from workers.journey.api import JobFailed, Person

BAD = {"broken.png": (422, "picture.broken"), "huge.png": (413, "http.413"), "odd.png": (415, "http.415")}


class Api:
    """Answers as the API does; `down` is what it says of every picture."""

    def __init__(self, down=None, evaluation=None):
        self.down, self.evaluation, self.captions, self.rights = down, evaluation, {}, set()

    def __call__(self, request):
        path = request.url.path.removeprefix("/api/v1/projects/p/")
        if path.endswith("/items"):
            return self._item(request.content)
        if path.startswith("models/"):
            return httpx.Response(200, json={"evaluation": self.evaluation})
        if path.startswith("training-runs/"):
            run = {
                "created": "2026-03-01T10:00:00Z",
                "ended": "2026-03-01T10:00:08Z",
                "state": "finished",
                "model": "m",
                "code": None,
                "step": 2,
                "steps": 2,
                "loss": 0.5,
                "seconds_left": 0,
            }
            return httpx.Response(200, json=run)
        return httpx.Response(201, json={"id": "x"})

    def _item(self, content):
        name = content.split(b'filename="')[1].split(b'"')[0].decode()
        status, code = self.down or BAD.get(name, (201, ""))
        if status != 201:
            return httpx.Response(status, json={"code": code, "facts": {}})
        if b'name="caption"' in content:
            self.captions[name] = content.split(b'name="caption"\r\n\r\n')[1].split(b"\r\n")[0].decode()
        self.rights.add(content.split(b'name="rights"\r\n\r\n')[1].split(b"\r\n")[0].decode())
        return httpx.Response(201, json={"id": "i", "similar_to": "first" if name.startswith("again") else None})


def cast(api):
    person = Person("http://test", "t", "p")
    person.line = httpx.Client(base_url="http://test/api/v1/", transport=httpx.MockTransport(api))
    return SimpleNamespace(person=lambda _name: person)


def plan(folder):
    return job.Plan(folder, folder, "Apache-2.0", {}, ("a fox",), rights=RightsBasis.COMMISSIONED)


@pytest.fixture
def folder(tmp_path):
    for name in ("again.png", "fox.png", "owl.JPG", *BAD):
        (tmp_path / name).write_bytes(b"bytes")
    (tmp_path / "fox.txt").write_text("a fox asleep\n", encoding="utf-8-sig")
    (tmp_path / "notes.txt").write_text("of nothing", encoding="utf-8")
    (tmp_path / "film.mp4").write_bytes(b"")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "bird.png").write_bytes(b"bytes")
    return tmp_path


def test_what_is_unfit_is_named_and_the_rest_goes_on(folder):
    api, told = Api(), job.Told()
    job.bring(cast(api), plan(folder), told, lambda _line: None)
    assert told.added == 3 and sorted(told.refused) == sorted((name, code) for name, (_, code) in BAD.items())
    assert told.skipped == ["film.mp4", "more/", "notes.txt"]
    assert told.similar == ["again.png"]
    assert api.captions == {"fox.png": "a fox asleep"}
    assert api.rights == {"commissioned"}


@pytest.mark.parametrize(
    "answer", [(401, "unauthenticated"), (403, "forbidden"), (409, "dataset.frozen"), (503, "keeper.unavailable")]
)
def test_what_is_no_word_on_the_file_stops_the_job(folder, answer):
    told = job.Told()
    with pytest.raises(JobFailed, match=rf"upload.stopped .*status={answer[0]}, why={answer[1]}"):
        job.bring(cast(Api(down=answer)), plan(folder), told, lambda _line: None)
    assert told.refused == [] and told.added == 0


@pytest.mark.parametrize(
    ("evaluation", "why"), [({"loss_before": 1.0, "loss_after": 0.5}, None), ({"failed": "engine.died"}, "engine.died")]
)
def test_a_model_that_could_not_be_measured_is_told_and_wrong(folder, evaluation, why):
    told, said = job.Told(), []
    job.train(cast(Api(evaluation=evaluation)), plan(folder), told, said.append, dataset="d", base="b")
    told.replayed, told.refused_prompt = {"equal": True, "largest_difference": 0}, "refused"
    findings = report.Findings(verified="verified", plain_difference=0)
    doubts = [f"the model could not be measured: {why}"] if why else []
    assert report.wrong(told, findings) == doubts
    assert ("measured", f"NO: {why}" if why else "yes") in report.numbers(told, findings, folder)
    assert any(str(why) in line for line in said) is bool(why)
