"""Personal tokens: their form, their end, and how far each reaches."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from access import services as access
from access import tokens
from access.models import ApiToken
from kernel.errors import InvalidInput, NotFound, Unauthenticated
from kernel.scope import tenant_scope
from tests.access.signing_in import Browser
from tests.factories.studio import found


def bearer(token):
    return Client(headers={"Authorization": f"Bearer {token}"})


def send(client, path, body, method="post"):
    return getattr(client, method)(path, json.dumps(body), content_type="application/json")


def row_of(studio, token):
    with tenant_scope(studio.tenant, read_only=True):
        return ApiToken.objects.get(hash=tokens.digest(token))


def test_the_checksum_is_githubs():
    # An expired token that was published as an example, taken apart so that no scanner takes this file for a leak.
    assert tokens.checksum("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ") == "0mLq17"


def test_a_malformed_token_never_reaches_the_database(studio):
    token = studio.token("alice")
    assert access.actor_from_token(token).person == studio.people["alice"]

    def refuse(*_):
        raise AssertionError("the database was asked")

    twisted = token[:-1] + ("a" if token[-1] != "a" else "b")
    with connection.execute_wrapper(refuse):
        for bad in (
            twisted,
            token[:-1],
            token + "0",
            token.replace("pat", "tap"),
            "ghl_pat_",
            "",
            "Ω" * 50,
            token[:20] + "-" + token[21:],
        ):
            with pytest.raises(Unauthenticated):
                access.actor_from_token(bad)


def test_only_the_digest_is_kept(studio):
    token = studio.token("alice")
    with connection.cursor() as cursor, tenant_scope(studio.tenant, read_only=True):
        cursor.execute("SELECT access_api_token::text FROM access_api_token")
        kept = " ".join(row[0] for row in cursor.fetchall())
    assert tokens.digest(token) in kept
    assert token not in kept


def test_an_expired_token_opens_nothing(studio):
    token = access.issue_token(studio.actor("alice"), name="old")
    assert bearer(token).get("/api/v1/session").status_code == 200
    with tenant_scope(studio.tenant):
        ApiToken.objects.filter(hash=tokens.digest(token)).update(expires=timezone.now() - timedelta(seconds=1))
    assert bearer(token).get("/api/v1/session").status_code == 401


def test_a_revoked_token_opens_nothing_from_the_next_request_on(studio):
    token = access.issue_token(studio.actor("alice"), name="lost")
    row = row_of(studio, token).pk
    browser = Browser(studio.slug)
    assert browser.sign_in("alice").status_code == 200
    assert browser.post(f"/api/v1/tokens/{row}", {}, method="delete").status_code == 204
    assert bearer(token).get("/api/v1/session").status_code == 401


def test_nobody_revokes_anothers_token(studio, elsewhere):
    token = access.issue_token(studio.actor("alice"), name="mine")
    row = row_of(studio, token).pk
    for stranger in (studio.actor("tina"), elsewhere.actor("alice")):
        with pytest.raises(NotFound):
            access.revoke_token(stranger, token=row)
    access.revoke_token(studio.actor("alice"), token=row)
    assert row_of(studio, token).revoked


def test_an_artist_issues_a_token_in_the_portal_and_it_works(keeper):
    own = found("Issuing")
    browser = Browser(own.slug)
    browser.sign_in("alice", factor=True)
    made = browser.post("/api/v1/tokens", {"name": "laptop", "project": str(own.project), "days": 3})
    assert made.status_code == 201, made.content
    assert bearer(made.json()["token"]).get(f"/api/v1/projects/{own.project}").status_code == 200
    listed = browser.get("/api/v1/tokens").json()["results"]
    assert "laptop" in {one["name"] for one in listed}
    assert made.json()["token"] not in json.dumps(listed)


def test_a_token_makes_no_tokens(studio):
    """Or one that was stolen for a day would be good for a year, and a bound one would free itself."""
    token = access.issue_token(studio.actor("alice"), name="bound", project=studio.project)
    assert send(bearer(token), "/api/v1/tokens", {"name": "free"}).status_code == 403


def test_a_bound_token_stays_in_its_project(studio):
    other = access.create_project(studio.actor("tom", project=False), name="Owl film").pk
    access.grant(studio.actor("tom", project=False), person=studio.people["lena"], role=access.Role.LEAD, project=other)
    bound = access.issue_token(studio.actor("lena"), name="bound", project=studio.project)
    free = access.issue_token(studio.actor("lena"), name="free")
    assert bearer(free).get(f"/api/v1/projects/{other}").status_code == 200
    assert bearer(bound).get(f"/api/v1/projects/{studio.project}").status_code == 200
    assert bearer(bound).get(f"/api/v1/projects/{other}").status_code == 404
    seen = [one["id"] for one in bearer(bound).get("/api/v1/session").json()["projects"]]
    assert seen == [str(studio.project)]
    assert [one["id"] for one in bearer(bound).get("/api/v1/projects").json()["results"]] == seen
    assert {str(other), str(studio.project)} <= {one["id"] for one in bearer(free).get("/api/v1/projects").json()["results"]}


def test_an_owners_bound_token_does_nothing_tenant_wide(studio):
    owner = studio.actor("tom", project=False)
    bound = access.issue_token(owner, name="bound", project=studio.project, scope=access.carriable(owner))
    free = access.issue_token(owner, name="free", scope=access.carriable(owner))
    assert send(bearer(bound), "/api/v1/projects", {"name": "By bound"}).status_code == 403
    assert send(bearer(free), "/api/v1/projects", {"name": "By free"}).status_code == 201


def test_a_narrow_token_may_no_more_than_it_names(studio):
    narrow = access.issue_token(studio.actor("alice"), name="narrow", scope=[access.Permission.PROJECT_READ])
    actor = access.actor_from_token(narrow, project=studio.project)
    assert actor.permissions == {access.Permission.PROJECT_READ}
    # What its person may not do, its scope does not grant.
    wide = access.issue_token(studio.actor("alice"), name="wide", scope=[access.Permission.MODEL_DECIDE])
    assert access.actor_from_token(wide, project=studio.project).permissions == frozenset()


def test_a_token_is_nobody_at_another_studios_address(studio, elsewhere):
    client = bearer(studio.token("alice"))
    assert client.get(f"/s/{studio.slug}/api/v1/session").status_code == 200
    assert client.get("/api/v1/session").status_code == 200
    assert client.get(f"/s/{elsewhere.slug}/api/v1/session").status_code == 401


def test_a_token_is_issued_only_for_a_project_of_hers(studio, elsewhere):
    other = access.create_project(studio.actor("tom", project=False), name="Secret film").pk
    for project in (other, elsewhere.project):
        with pytest.raises(NotFound):
            access.issue_token(studio.actor("alice"), name="sly", project=project)
    with pytest.raises(InvalidInput):
        access.issue_token(studio.actor("alice"), name="forever", days=10_000)


def test_the_last_use_is_noted(studio):
    token = access.issue_token(studio.actor("alice"), name="used")
    assert row_of(studio, token).last_used is None
    access.actor_from_token(token)
    first = row_of(studio, token).last_used
    access.actor_from_token(token)
    assert first is not None
    assert row_of(studio, token).last_used == first


def test_a_token_sees_and_ends_itself_alone(studio):
    """Whoever found one learns of no other and ends none; but whoever found it may end it."""
    found_, other = (access.issue_token(studio.actor("alice"), name=name, project=studio.project) for name in ("found", "other"))
    own, others = row_of(studio, found_).pk, row_of(studio, other).pk
    listed = bearer(found_).get("/api/v1/tokens").json()["results"]
    assert [one["id"] for one in listed] == [str(own)]
    assert bearer(found_).get("/api/v1/tokens?name=other").json()["results"] == []
    refused = bearer(found_).delete(f"/api/v1/tokens/{others}")
    assert (refused.status_code, refused.json()["code"]) == (404, "token.unknown")
    assert row_of(studio, other).revoked is None
    assert bearer(found_).delete(f"/api/v1/tokens/{own}").status_code == 204
    assert bearer(found_).get("/api/v1/session").status_code == 401
    assert bearer(other).get("/api/v1/session").status_code == 200
