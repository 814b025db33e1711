"""Lists over HTTP: each can be narrowed, says which value it cannot use, and what is no address is a problem too."""

import json
import uuid
from pathlib import Path

import pytest
from django.test import Client

SCHEMA = json.loads((Path(__file__).parents[2] / "frontend/openapi.json").read_text())
PAGES = {"cursor", "limit"}


def queries(operation):
    return {one["name"] for one in operation.get("parameters", []) if one["in"] == "query"}


LISTS = {path: queries(item["get"]) for path, item in SCHEMA["paths"].items() if "get" in item and "limit" in queries(item["get"])}


@pytest.fixture
def ask(studio):
    """Read a list of the studio's project as one of its people."""

    def get(path, who="lena"):
        url = path.replace("{project}", str(studio.project))
        return Client().get(url, headers={"Authorization": f"Bearer {studio.token(who)}"})

    return get


def test_whatever_comes_as_results_is_a_list_with_pages_and_filters():
    shapes = SCHEMA["components"]["schemas"]
    paged = {
        path
        for path, item in SCHEMA["paths"].items()
        if '"#/components/schemas/Paginated' in json.dumps(item.get("get", {}).get("responses", {}))
    }
    bare = {
        path
        for path, item in SCHEMA["paths"].items()
        if '"type": "array"' in json.dumps(item.get("get", {}).get("responses", {}).get("200", {}))
    }
    assert len(paged) > 10
    assert not bare, "a list without pages"
    assert paged <= LISTS.keys()
    assert not [path for path, names in LISTS.items() if not names - PAGES]
    assert "Problem" in shapes


def test_every_operation_may_answer_with_a_problem():
    operations = [one for item in SCHEMA["paths"].values() for one in item.values() if isinstance(one, dict) and "responses" in one]
    assert len(operations) > 40
    assert all("application/problem+json" in one["responses"]["default"]["content"] for one in operations)


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("/api/v1/people", "tom"),
        ("/api/v1/projects", "alice"),
        ("/api/v1/tokens", "alice"),
        ("/api/v1/projects/{project}/members", "alice"),
        ("/api/v1/projects/{project}/datasets", "tina"),
        ("/api/v1/projects/{project}/training-runs", "tina"),
        ("/api/v1/projects/{project}/exits", "lena"),
        ("/api/v1/projects/{project}/approvals", "lena"),
        ("/api/v1/projects/{project}/models", "alice"),
        ("/api/v1/projects/{project}/generations", "alice"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(ask, path, who):
    assert ask(path, who).status_code == 200
    for query in ("after=yesterday", "colour=red"):
        answer = ask(f"{path}?{query}", who)
        assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json"), query
        assert query.split("=")[0] in answer.json()["facts"]["fields"]
    assert ask(f"{path}?after=2100-01-01T00:00:00Z", who).json()["results"] == []
    assert ask(f"{path}?before=2001-01-01T00:00:00Z", who).json()["results"] == []


def test_people_and_members_are_found_by_name_and_role(ask):
    everybody = ask("/api/v1/people", "tom").json()["results"]
    for one in everybody:
        named = ask(f"/api/v1/people?name={one['name'][1:].upper()}", "tom").json()["results"]
        assert one in named
        assert len(named) < len(everybody)
    owners = ask("/api/v1/people?role=owner", "tom").json()["results"]
    assert owners == [one for one in everybody if "owner" in one["roles"]]
    members = ask("/api/v1/projects/{project}/members").json()["results"]
    artists = ask("/api/v1/projects/{project}/members?role=artist").json()["results"]
    assert artists == [one for one in members if "artist" in one["roles"]]
    assert 0 < len(artists) < len(members)
    assert ask("/api/v1/projects/{project}/members?role=king").json()["facts"]["fields"].keys() == {"role"}


def test_datasets_and_projects_are_found_by_name_and_state(studio, ask):
    sent = {"Authorization": f"Bearer {studio.token('tina')}"}
    where = f"/api/v1/projects/{studio.project}/datasets"
    for name in ("Harbour", "Forest"):
        assert Client().post(where, {"name": name}, content_type="application/json", headers=sent).status_code == 201
    assert [one["name"] for one in ask(f"{where}?name=arb", "tina").json()["results"]] == ["Harbour"]
    assert len(ask(f"{where}?state=open", "tina").json()["results"]) == 2
    assert ask(f"{where}?state=frozen", "tina").json()["results"] == []
    assert ask(f"/api/v1/projects?name={uuid.uuid4()}", "alice").json()["results"] == []


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/nothing", "/api/v1/projects/no-uuid/datasets"])
def test_no_address_is_a_problem(path):
    answer = Client().get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert answer.json().keys() >= {"type", "title", "status", "code", "detail"}


def test_a_wrong_host_is_a_problem_to_the_api_alone():
    answer = Client().get("/api/v1/session", headers={"Host": "elsewhere.example"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert Client().get("/health", headers={"Host": "elsewhere.example"}).headers["Content-Type"].startswith("text/html")


def test_what_nobody_foresaw_is_a_problem_that_tells_nothing(studio, monkeypatch):
    def broken(*_args, **_more):
        raise RuntimeError("a secret fox")

    monkeypatch.setattr("access.api.views.page_of", broken)
    sent = {"Authorization": f"Bearer {studio.token('alice')}"}
    answer = Client(raise_request_exception=False).get("/api/v1/projects", headers=sent)
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "application/problem+json")
    assert b"fox" not in answer.content
