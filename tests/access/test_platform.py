"""The platform's own people found, suspend and restore studios and set quotas; each deed stands in both logs."""

import io
import re
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from access import services as access
from access.models import PLATFORM, Grant, SecurityPolicy, User
from access.roles import OF_THE_PLATFORM, Permission, Role
from dispatch import services as dispatch
from governance.audit import services as audit
from kernel.errors import Conflict, Forbidden, InvalidInput, NotFound
from kernel.scope import tenant_scope
from tests.access.of_platform import NEW, entries, new, row, sent
from tests.access.signing_in import Browser
from tests.factories.studio import PASSWORD, found

# --- the platform's tenant, and its first operator


def test_the_platform_is_a_tenant_that_is_made_once_and_asks_for_a_second_factor(keeper):
    access.found_platform()
    access.found_platform()
    assert len(entries(PLATFORM, "platform.founded")) == 1
    assert access.studio("platform") == PLATFORM
    with tenant_scope(PLATFORM, read_only=True):
        assert SecurityPolicy.objects.get().second_factor


def test_nobody_switches_the_platforms_second_factor_off(operator):
    asked = access.Wanted(second_factor=False, session_hours=1)
    with pytest.raises(Conflict, match=r"security\.platform_factor"):
        access.set_security_policy(operator, wanted=asked, address="127.0.0.1")
    with tenant_scope(PLATFORM, read_only=True):
        assert SecurityPolicy.objects.get().second_factor


def command(name, tmp_path, **options):
    secret = tmp_path / "password"
    secret.write_text(f"{PASSWORD}\n")
    out = io.StringIO()
    call_command("first_operator", email=f"{name}@example.com", name=name, password_file=secret, stdout=out, **options)
    return out.getvalue()


def test_the_first_operator_is_named_by_one_command_and_no_second(platforms_people, tmp_path):
    with pytest.raises(CommandError, match=r"operator\.exists"):
        command("second", tmp_path)
    with tenant_scope(PLATFORM):
        assert not User.objects.filter(email="second@example.com").exists()
        User.objects.filter(pk=platforms_people.people["opal"]).update(is_active=False)
    try:
        said = command("third", tmp_path)
        assert "/s/platform/" in said
        assert PASSWORD not in said
        with tenant_scope(PLATFORM):
            held = Grant.objects.get(user__email="third@example.com")
            assert held.role == Role.OPERATOR
            assert entries_here("role.granted")[0].actor == "operator"
            held.delete()
    finally:
        with tenant_scope(PLATFORM):
            User.objects.filter(pk=platforms_people.people["opal"]).update(is_active=True)


def entries_here(kind):
    return audit.entries(audit.Filter(kind=kind))


def test_only_the_platforms_roles_are_held_in_the_platforms_tenant(operator, platforms_people, studio):
    """And in a studio none of them: its owner cannot make operators."""
    with pytest.raises(InvalidInput, match=r"role\.wrong_reach"):
        access.grant(operator, person=platforms_people.people["sam"], role=Role.OWNER)
    tom = studio.actor("tom", project=False)
    for role in (Role.OPERATOR, Role.SUPPORT):
        with pytest.raises(InvalidInput, match=r"role\.wrong_reach"):
            access.grant(tom, person=studio.people["alice"], role=role)
    access.grant(operator, person=platforms_people.people["sam"], role=Role.SUPPORT)
    access.grant(tom, person=studio.people["alice"], role=Role.AUDITOR)
    access.revoke(tom, person=studio.people["alice"], role=Role.AUDITOR)


# --- checkpoints


def test_each_studios_newest_checkpoint_is_noted_once(keeper, as_login):
    from tests.factories.working import Worker

    made = found("Noted")
    worker = Worker(keeper, as_login)
    with worker.be("integrator"):
        audit.integrate_once()
    said = io.StringIO()
    for _ in range(2):
        call_command("note_checkpoints", stdout=said)
    first = noted(made)
    with tenant_scope(made.tenant, read_only=True):
        newest = audit.checkpoint()
    assert first == [{"studio": str(made.tenant), "size": newest.size, "root": newest.root.hex()}]
    assert said.getvalue().splitlines()[1] == "noted: 0"
    access.create_project(made.actor("tom", project=False), name="Second film")
    with worker.be("integrator"):
        audit.integrate_once()
    access.note_checkpoints()
    assert [one["size"] for one in noted(made)] == [newest.size + 1, newest.size]


def noted(made):
    return [dict(one.facts) for one in entries(PLATFORM, "checkpoint.noted") if one.facts["studio"] == str(made.tenant)]


# --- suspending, restoring, quotas


@pytest.fixture
def working(keeper):
    """A studio in which work waits."""
    made = found("Suspended")
    with tenant_scope(made.tenant):
        ids = {name: uuid.uuid4() for name in ("id", "row", "intent")}
        dispatch.put(tenant=made.tenant, project=made.project, person=made.people["alice"], kind="exit", **ids)
    return made, ids["intent"]


def claimed(as_login):
    """Take everything that waits, and return of which intents it is."""
    taken = set()
    with as_login("worker"):
        while (claim := dispatch.claim(worker=f"t:{uuid.uuid4()}", kinds=["exit", "housekeeping"])) is not None:
            taken |= {ticket.intent for ticket in claim.tickets}
    return taken


def test_a_suspended_studio_gets_nothing_until_it_is_restored(operator, working, as_login, api):
    made, intent = working
    browser, alice = Browser(made.slug), api(made, "alice")
    assert browser.sign_in("alice").status_code == 200
    assert alice.get("/api/v1/session").status_code == browser.get("/api/v1/session").status_code == 200
    access.suspend_studio(operator, studio=made.tenant)
    access.suspend_studio(operator, studio=made.tenant)
    for client in (alice, browser):
        answer = client.get("/api/v1/session")
        assert (answer.status_code, answer.json()["code"]) == (403, "studio.suspended")
    again = Browser(made.slug).sign_in("alice")
    assert (again.status_code, again.json()["code"]) == (403, "studio.suspended")
    assert intent not in claimed(as_login)
    access.restore_studio(operator, studio=made.tenant)
    access.restore_studio(operator, studio=made.tenant)
    assert alice.get("/api/v1/session").status_code == browser.get("/api/v1/session").status_code == 200
    assert Browser(made.slug).sign_in("alice").status_code == 200
    assert intent in claimed(as_login)
    assert_both_logs(operator, made, "studio.suspended")
    assert_both_logs(operator, made, "studio.restored")


def assert_both_logs(operator, made, kind):
    """Each has one entry, and the studio's names the platform's."""
    (there,) = [one for one in entries(PLATFORM, kind) if one.facts["studio"] == str(made.tenant)]
    (here,) = entries(made.tenant, kind)
    assert here.facts["platform_entry"] == str(there.id)
    assert there.actor == operator.pseudonym
    assert here.actor == "operator"


def test_other_studios_work_on_while_one_is_suspended(operator, working, api, studio):
    access.suspend_studio(operator, studio=working[0].tenant)
    assert api(studio, "alice").get("/api/v1/session").status_code == 200


def test_a_quota_is_set_and_read_by_the_studio(operator, keeper):
    made = found("Quota")
    alice = made.actor("alice")
    with alice.reading():
        assert access.quota_of(alice) == access.Quota(None, None)
    for _ in range(2):
        access.set_quota(operator, studio=made.tenant, quota=access.Quota(100, 3600))
    with alice.reading():
        assert access.quota_of(alice) == access.Quota(100, 3600)
    assert_both_logs(operator, made, "studio.quota_set")
    none, some, less = ({"pictures_a_day": a, "device_seconds_a_day": b} for a, b in ((None, None), (100, 3600), (None, 0)))
    access.set_quota(operator, studio=made.tenant, quota=access.Quota(None, 0))
    told = [(one.facts["before"], one.facts["after"]) for one in entries(made.tenant, "studio.quota_set")]
    assert sorted(told, key=str) == sorted([(none, some), (some, less)], key=str)
    assert (row(made.tenant).pictures_a_day, row(made.tenant).device_seconds_a_day) == (None, 0)


DEEDS = {
    "found": lambda actor, _studio: access.open_studio(actor, new=new(f"x-{uuid.uuid4().hex[:8]}")),
    "suspend": lambda actor, studio: access.suspend_studio(actor, studio=studio),
    "restore": lambda actor, studio: access.restore_studio(actor, studio=studio),
    "quota": lambda actor, studio: access.set_quota(actor, studio=studio, quota=access.Quota(1, 1)),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_each_deed_needs_an_operator_of_the_platform_with_a_fresh_second_factor(deed, platforms_people, keeper):
    from dataclasses import replace

    made = found("Deeds")
    operator, support = (platforms_people.actor(who, project=False) for who in ("opal", "sam"))
    tom = made.actor("tom", project=False)
    # Whatever a studio's people hold, and be it by a fault: these deeds are not theirs.
    usurper = replace(tom, permissions=tom.permissions | OF_THE_PLATFORM)
    for actor, code in (
        (tom, "permission.missing"), (usurper, "permission.missing"), (support, "permission.missing"),
        (replace(operator, is_stepped_up=False), "step_up.needed"),
    ):  # fmt: skip
        with pytest.raises(Forbidden, match=re.escape(code)):
            DEEDS[deed](actor, made.tenant)
    DEEDS[deed](operator, made.tenant)


@pytest.mark.parametrize("deed", ["suspend", "restore", "quota"])
def test_what_is_no_registered_studio_does_not_exist(operator, deed):
    for unknown in (uuid.uuid4(), PLATFORM):
        with pytest.raises(NotFound, match=r"studio\.unknown"):
            DEEDS[deed](operator, unknown)


# --- over HTTP


def test_the_register_over_http(of_platform, slug, studio):
    opal = of_platform("opal")
    made = sent(opal, "post", "/api/v1/platform/studios", NEW | {"slug": slug})
    assert made.status_code == 201, made.content
    one = f"/api/v1/platform/studios/{made.json()['id']}"
    assert sent(opal, "put", f"{one}/quota", {"pictures_a_day": 5, "device_seconds_a_day": None}).status_code == 204
    assert sent(opal, "post", f"{one}/suspend").status_code == 204
    told = opal.get(one).json()
    assert (told["slug"], told["pictures_a_day"], told["device_seconds_a_day"]) == (slug, 5, None)
    assert told["suspended"] is not None
    assert sent(opal, "post", f"{one}/restore").status_code == 204
    listed = opal.get("/api/v1/platform/studios?limit=200").json()["results"]
    assert {slug, studio.slug} <= {one["slug"] for one in listed}
    assert next(one for one in listed if one["slug"] == slug)["suspended"] is None


def test_health_says_what_answers_and_how_much_waits(of_platform):
    for who in ("opal", "sam"):
        told = of_platform(who).get("/api/v1/platform/health")
        assert told.status_code == 200
        assert told.json()["database"] and told.json()["broker"] and told.json()["keeper"]
        assert "postgresql" in told.json()["versions"]
        assert {one["kind"] for one in told.json()["queues"]} <= {one.value for one in dispatch_kinds()}


def dispatch_kinds():
    from dispatch.rules import Kind

    return list(Kind)


OF_THE_OPERATOR = {
    "platform-studios": ("get", "post"), "platform-studio": ("get",), "platform-studio-suspend": ("post",),
    "platform-studio-restore": ("post",), "platform-studio-quota": ("put",), "platform-studio-enter": ("post",),
    "platform-health": ("get",),
}  # fmt: skip


def test_every_door_of_the_platform_is_tried():
    from tests.house.doors import platform_routes

    assert {name: verbs for name, (_, verbs) in platform_routes().items()} == OF_THE_OPERATOR


@pytest.mark.parametrize(("name", "verb"), [(name, verb) for name, verbs in OF_THE_OPERATOR.items() for verb in verbs])
def test_a_studios_people_are_served_none_of_it(name, verb, studio, api):
    """Whether they name a real studio, their own too, or none: the answer is the same; nobody is told to sign in."""
    from tests.house.doors import platform_routes

    route, _ = platform_routes()[name]
    body = NEW | {"slug": f"m-{uuid.uuid4().hex[:8]}", "pictures_a_day": 1, "device_seconds_a_day": 1}
    for who in ("tom", "olive", "lena", "alice"):
        told = set()
        for named in (studio.tenant, uuid.uuid4()):
            answer = sent(api(studio, who), verb, "/" + route.replace("<uuid:studio>", str(named)), body)
            assert answer.status_code == 403
            told.add(answer.content)
        assert len(told) == 1
    assert getattr(Client(), verb)("/" + route.replace("<uuid:studio>", str(studio.tenant))).status_code == 401


def test_the_platforms_permissions_are_in_no_role_of_a_studio():
    from access.roles import REACH, ROLE_PERMISSIONS, Reach

    for role, held in ROLE_PERMISSIONS.items():
        assert REACH[role] is Reach.PLATFORM or not held & OF_THE_PLATFORM
    assert Permission.STUDIO_MANAGE in ROLE_PERMISSIONS[Role.OPERATOR]


@pytest.fixture
def slug():
    return f"opened-{uuid.uuid4().hex[:8]}"


def test_a_session_says_whether_its_tenant_is_the_platforms(of_platform, studio):
    assert of_platform("opal").get("/api/v1/session").json()["tenant"]["is_platform"] is True
    own = Client(headers={"Authorization": f"Bearer {studio.token('tom')}"})
    assert own.get("/api/v1/session").json()["tenant"]["is_platform"] is False
