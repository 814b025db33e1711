"""Service accounts and their tokens over HTTP, by whoever may and by whoever may not."""

import pytest

from access import services as access
from access.models import ApiToken
from access.roles import Role
from kernel.scope import tenant_scope
from tests.access.joining import call, is_open, join
from tests.factories.studio import found


@pytest.fixture
def own(keeper):
    made = found("Programs")
    join(made, "adam", Role.ADMIN)
    join(made, "gina")
    return made


def test_over_http_an_account_is_made_given_a_token_rotated_and_removed(own):
    body = {"name": "Over HTTP", "keeper": str(own.people["gina"])}
    for who in ("alice", "lena", "olive"):
        assert call(own, who, "post", "/api/v1/service-accounts", body).status_code == 403
    made = call(own, "adam", "post", "/api/v1/service-accounts", body)
    assert made.status_code == 201, made.content
    assert (made.json()["keeper_name"], made.json()["is_suspended"], made.json()["is_orphaned"]) == ("Gina", False, False)
    where = f"/api/v1/service-accounts/{made.json()['id']}"
    grant = {"person": made.json()["id"], "role": "artist", "project": str(own.project)}
    assert call(own, "adam", "post", "/api/v1/grants", grant).status_code == 201
    wanted = {"name": "nightly", "scope": ["generation.create", "project.read"], "project": str(own.project), "days": 9}
    assert call(own, "adam", "post", f"{where}/tokens", wanted | {"scope": []}).status_code == 400
    issued = call(own, "adam", "post", f"{where}/tokens", wanted)
    assert issued.status_code == 201, issued.content
    assert issued.json()["kind"] == "svc"
    own.tokens["program"] = issued.json()["token"]
    assert call(own, "program", "get", f"/api/v1/projects/{own.project}").status_code == 200
    token = f"{where}/tokens/{issued.json()['id']}"
    listed = call(own, "adam", "get", f"{where}/tokens").json()["results"]
    assert [(one["id"], one["kind"], one["scope"]) for one in listed] == [(issued.json()["id"], "svc", wanted["scope"])]
    assert listed[0]["last_used"] is not None
    assert "token" not in listed[0]
    for who in ("alice", "lena", "olive"):
        assert call(own, who, "get", f"{where}/tokens").status_code == 403
        assert call(own, who, "post", f"{token}/rotate", {}).status_code == 403
        assert call(own, who, "delete", token).status_code == 403
        assert call(own, who, "patch", where, {"is_suspended": True}).status_code == 403
        assert call(own, who, "delete", where).status_code == 403
    assert call(own, "olive", "get", where).status_code == 200
    assert call(own, "adam", "post", f"{token}/rotate", {"grace_minutes": 9999}).status_code == 400
    rotated = call(own, "adam", "post", f"{token}/rotate", {"grace_minutes": 5})
    assert rotated.status_code == 201
    assert is_open(rotated.json()["token"])
    assert call(own, "program", "get", f"/api/v1/projects/{own.project}").status_code == 200
    assert call(own, "adam", "delete", token).status_code == 204
    assert call(own, "program", "get", f"/api/v1/projects/{own.project}").status_code == 401
    assert call(own, "adam", "patch", where, {"is_suspended": True}).json()["is_suspended"]
    assert call(own, "adam", "delete", where).status_code == 204
    assert call(own, "adam", "get", where).status_code == 404


def test_a_person_does_not_rotate_by_a_token_over_http(own):
    access.issue_token(own.actor("alice"), name="over http")
    with tenant_scope(own.tenant, read_only=True):
        row = ApiToken.objects.get(name="over http").pk
    assert call(own, "alice", "post", f"/api/v1/tokens/{row}/rotate", {}).status_code == 403
    assert "pat" in {one["kind"] for one in call(own, "alice", "get", "/api/v1/tokens").json()["results"]}
