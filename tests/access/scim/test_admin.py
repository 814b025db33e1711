"""The admin's side: where the directory sends people, and its tokens, over HTTP."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from access import services as access
from access import tokens
from access.models import ApiToken
from access.places import studio_url
from access.roles import Permission
from access.services import provisioning
from governance.audit import services as audit
from kernel.errors import Forbidden, InvalidInput, NotFound
from kernel.scope import tenant_scope
from tests.access.scim.conftest import Directory
from tests.factories.studio import found


@pytest.fixture
def studio(keeper):
    return found("Admin")


def ask(studio, who, method, path, body=None):
    client = Client(headers={"Authorization": f"Bearer {studio.token(who)}"})
    sent = {} if method == "get" else {"data": json.dumps(body or {}), "content_type": "application/json"}
    return getattr(client, method)(f"/api/v1/provisioning{path}", **sent)


def issued(studio, **said):
    made = ask(studio, "tom", "post", "/tokens", {"name": "Entra ID", **said})
    assert made.status_code == 201, made.content
    return made.json()


def works(studio, token):
    return Directory(studio, token).get("/Users").status_code == 200


def test_an_admin_sets_provisioning_up_and_it_works(studio):
    made = issued(studio, days=30)
    assert made["token"].startswith("ghl_scim_")
    assert works(studio, made["token"])
    Directory(studio, made["token"]).person("bob")
    Directory(studio, made["token"]).group("Artists")
    said = Client(headers={"Authorization": f"Bearer {studio.token('tom')}"}).get("/api/v1/provisioning").json()
    assert said["base_url"] == f"{studio_url(studio.slug)}scim/v2"
    assert (said["people"], said["groups"], said["last_used"] is not None) == (1, 1, True)
    assert [one["name"] for one in said["tokens"]] == ["Entra ID"]
    assert made["token"] not in json.dumps(said)
    with tenant_scope(studio.tenant, read_only=True):
        [entry] = audit.entries(audit.Filter(kind="token.issued", fact=("token", made["id"])))
    assert (entry.facts["kind"], entry.facts["days"]) == ("scim", 30)


def test_nobody_else_sets_it_up(studio):
    made = issued(studio)
    for who in ("alice", "olive"):
        for method, path in (
            ("get", ""),
            ("post", "/tokens"),
            ("delete", f"/tokens/{made['id']}"),
            ("post", f"/tokens/{made['id']}/rotate"),
        ):
            assert ask(studio, who, method, path, {"name": "x"}).status_code == 403, (who, path)
    assert works(studio, made["token"])


def test_setting_it_up_asks_for_a_second_factor(studio):
    tom = access.actor_for(studio.people["tom"], tenant=studio.tenant)
    made = issued(studio)
    for deed in (
        lambda: provisioning.issue(tom, name="x", days=1), lambda: provisioning.revoke(tom, token=made["id"]),
        lambda: provisioning.rotate(tom, token=made["id"], grace_hours=0),
    ):  # fmt: skip
        with pytest.raises(Forbidden) as why:
            deed()
        assert why.value.code == "step_up.needed"
    provisioning.revoke(studio.actor("tom", project=False), token=made["id"])


def test_a_token_lasts_a_year_at_most(studio):
    for days in (0, 367, -1):
        assert ask(studio, "tom", "post", "/tokens", {"name": "x", "days": days}).status_code == 400
        with pytest.raises(InvalidInput):
            provisioning.issue(studio.actor("tom", project=False), name="x", days=days)
    made = issued(studio, days=366)
    with tenant_scope(studio.tenant):
        ApiToken.objects.filter(pk=made["id"]).update(expires=timezone.now() - timedelta(seconds=1))
    assert not works(studio, made["token"])


def test_a_revoked_token_ends_at_once(studio):
    made = issued(studio)
    for _ in range(2):
        assert ask(studio, "tom", "delete", f"/tokens/{made['id']}").status_code == 204
    assert not works(studio, made["token"])
    assert ask(studio, "tom", "post", f"/tokens/{made['id']}/rotate").status_code == 409


def test_a_rotated_token_works_on_for_its_time_of_grace(studio):
    first = issued(studio)
    second = ask(studio, "tom", "post", f"/tokens/{first['id']}/rotate", {"grace_hours": 2}).json()
    assert works(studio, first["token"]) and works(studio, second["token"])
    with tenant_scope(studio.tenant, read_only=True):
        left = ApiToken.objects.get(pk=first["id"]).expires - timezone.now()
        [entry] = audit.entries(audit.Filter(kind="token.rotated", fact=("token", first["id"])))
    assert timedelta(hours=1, minutes=59) < left <= timedelta(hours=2)
    assert (entry.facts["new"], entry.facts["minutes"]) == (second["id"], 120)
    third = ask(studio, "tom", "post", f"/tokens/{second['id']}/rotate", {"grace_hours": 0}).json()
    assert not works(studio, second["token"])
    assert works(studio, third["token"])
    assert ask(studio, "tom", "post", f"/tokens/{third['id']}/rotate", {"grace_hours": 169}).status_code == 400


def test_a_personal_token_is_none_of_provisioning(studio):
    access.issue_token(studio.actor("tom", project=False), name="mine")
    with tenant_scope(studio.tenant, read_only=True):
        mine = ApiToken.objects.get(name="mine").pk
    for deed in (
        lambda: provisioning.revoke(studio.actor("tom", project=False), token=mine),
        lambda: provisioning.rotate(studio.actor("tom", project=False), token=mine, grace_hours=1),
    ):
        with pytest.raises(NotFound):
            deed()


def test_the_directory_may_grant_nothing_and_configure_nothing(studio):
    token = issued(studio)["token"]
    actor = access.provisioning_actor(token, tenant=studio.tenant)
    assert actor.permissions == {Permission.PERSON_MANAGE, Permission.MEMBER_READ}
    with pytest.raises(Forbidden):
        access.grant(actor, person=studio.people["alice"], role=access.Role.LEAD, project=studio.project)
    with pytest.raises(Forbidden):
        provisioning.issue(actor, name="x", days=1)
    assert tokens.is_well_formed(token)
