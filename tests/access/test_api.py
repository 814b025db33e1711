"""Who may ask what over HTTP: beside each refusal the same request by somebody who may."""

import json
import uuid

import pytest
from django.test import Client

from tests.factories.studio import found

OTHERS = ["alice", "tina", "lena", "olive"]
ROUTES = [
    # method, path, body, who may, who may not (403)
    ("get", "/api/v1/projects/{project}", None, ["alice", "tina", "lena", "olive", "tom"], []),
    ("get", "/api/v1/projects/{project}/members", None, ["alice", "tina", "lena", "olive", "tom"], []),
    ("post", "/api/v1/projects/{project}/members", {"person": "{alice}", "role": "artist"}, ["tom"], OTHERS),
    ("delete", "/api/v1/projects/{project}/members/{tina}/artist", None, ["tom"], OTHERS),
    ("post", "/api/v1/projects", {"name": "{new}"}, ["tom"], OTHERS),
    ("get", "/api/v1/people", None, ["tom", "olive"], OTHERS[:3]),
    ("post", "/api/v1/people", {"name": "New", "email": "{new}@example.com"}, ["tom"], OTHERS),
    ("get", "/api/v1/session", None, ["alice", "tom"], []),
    ("get", "/api/v1/tokens", None, ["alice", "tom"], []),
    ("get", "/api/v1/projects", None, ["alice", "tom"], []),
]  # fmt: skip


@pytest.fixture(scope="module")
def own(keeper):
    made = found("Routes")
    made.tokens |= {who: _unbound(made, who) for who in made.people}
    return made


@pytest.fixture(scope="module")
def mallory(keeper):
    made = found("Mallory")
    made.tokens |= {who: _unbound(made, who) for who in made.people}
    return made


def _unbound(studio, who):
    from access import services as access

    actor = studio.actor(who, project=False)
    return access.issue_token(actor, name="test", scope=access.carriable(actor))


def ask(client, method, path, body, names):
    def filled(text):
        for name, value in names.items():
            text = text.replace("{" + name + "}", str(value))
        return text

    data = {} if body is None else {"data": filled(json.dumps(body)), "content_type": "application/json"}
    return getattr(client, method)(filled(path), **data)


def names_of(studio):
    return {"project": studio.project, "new": uuid.uuid4().hex, **studio.people}


@pytest.mark.parametrize(("method", "path", "body", "may", "may_not"), ROUTES)
def test_who_may(api, own, method, path, body, may, may_not):
    for who in may:
        assert ask(api(own, who), method, path, body, names_of(own)).status_code in {200, 201, 204}, who
    for who in may_not:
        assert ask(api(own, who), method, path, body, names_of(own)).status_code == 403, who


@pytest.mark.parametrize(("method", "path", "body", "_may", "_not"), [route for route in ROUTES if "{project}" in route[1]])
def test_mallory_is_told_that_it_does_not_exist(api, own, mallory, method, path, body, _may, _not):
    for who in mallory.people:
        assert ask(api(mallory, who), method, path, body, names_of(own)).status_code == 404, who


@pytest.mark.parametrize(("method", "path", "body", "_may", "_not"), ROUTES)
def test_nobody_is_asked_who_he_is(own, method, path, body, _may, _not):
    answer = ask(Client(), method, path, body, names_of(own))
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert "Bearer" in answer["WWW-Authenticate"]


@pytest.mark.parametrize("role", ["owner", "officer", "system", "king"])
def test_a_project_gives_no_tenant_wide_role(api, own, role):
    answer = ask(
        api(own, "tom"),
        "post",
        "/api/v1/projects/{project}/members",
        {"person": "{alice}", "role": role},
        names_of(own),
    )
    assert answer.status_code in {400, 422}


def test_a_person_of_another_studio_cannot_be_made_a_member(api, own, mallory):
    body = {"person": str(mallory.people["alice"]), "role": "artist"}
    assert ask(api(own, "tom"), "post", "/api/v1/projects/{project}/members", body, names_of(own)).status_code == 404


def test_members_come_in_pages_with_their_roles(api, own):
    client, seen, address = api(own, "tom"), {}, f"/api/v1/projects/{own.project}/members?limit=2"
    while address:
        page = client.get(address).json()
        assert len(page["results"]) <= 2
        seen |= {one["name"]: one["roles"] for one in page["results"]}
        address = page["next"]
    assert seen["Alice"] == ["artist"]
    assert {"Tina", "Lena"} <= set(seen)
    assert "Tom" not in seen


def test_a_project_that_is_no_uuid_is_nowhere(api, own):
    assert api(own, "tom").get("/api/v1/projects/1%20OR%201").status_code == 404


def test_a_field_that_an_address_does_not_take_changes_nothing(api, own, mallory):
    from access.models import Grant, User
    from kernel.scope import tenant_scope

    more = {"is_break_glass": True, "is_active": False, "kind": "service", "tenant": str(mallory.tenant), "role": "owner",
            "pseudonym": "p_of_another", "id": str(own.people["alice"])}  # fmt: skip
    body = {"name": "Modest", "email": f"modest-{uuid.uuid4().hex}@example.com", **more}
    answer = ask(api(own, "tom"), "post", "/api/v1/people", body, names_of(own))
    assert answer.status_code == 201
    assert set(answer.json()) == {"id", "name", "email"}
    with tenant_scope(own.tenant, read_only=True):
        made = User.objects.get(pk=answer.json()["id"])
        assert (made.is_break_glass, made.is_active, made.kind, made.tenant_id) == (False, True, "person", own.tenant)
        assert made.pseudonym != more["pseudonym"]
        assert not Grant.objects.filter(user=made).exists()


def test_an_address_of_a_person_is_in_no_list(api, own):
    for path in ("/api/v1/people", "/api/v1/projects/{project}/members"):
        answer = ask(api(own, "tom"), "get", path, None, names_of(own))
        assert answer.json()["results"]
        assert "@" not in answer.content.decode()
    own_session = ask(api(own, "tom"), "get", "/api/v1/session", None, names_of(own))
    assert own_session.json()["person"]["email"] == "tom@example.com"
