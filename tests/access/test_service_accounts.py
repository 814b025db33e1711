"""Service accounts: who keeps them, what their tokens carry, and what ends them; rotation of anybody's tokens."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from access import services as access
from access import tokens
from access.models import ApiToken, Grant, User
from access.roles import APPOINTED, GUESTS, Permission, Reach, Role
from access.rules import TokenKind
from access.services import RoleDraft, TokenDraft
from kernel.errors import Conflict, Forbidden, InvalidInput, NotFound, Unauthenticated
from kernel.scope import tenant_scope
from tests.access.joining import call, entries_of, is_open, join, pseudonym_of, rights
from tests.factories.studio import found

P = Permission
READS = frozenset({P.PROJECT_READ, P.ASSET_READ})


@pytest.fixture(scope="module")
def own(keeper):
    made = found("Services")
    join(made, "adam", Role.ADMIN)
    join(made, "gina")
    return made


@pytest.fixture
def owner(own):
    return own.actor("tom", project=False)


@pytest.fixture
def admin(own):
    return own.actor("adam", project=False)


@pytest.fixture
def service(own, admin):
    """A service account that views the project, for which gina answers."""
    made = access.make_service(admin, name="Render farm", keeper=own.people["gina"]).pk
    access.grant(admin, person=made, role=Role.VIEWER, project=own.project)
    return made


def draft(project=None, scope=READS, **more):
    return TokenDraft("nightly", project, scope=frozenset(scope), **more)


def suspend(studio, person, *, is_active=False):
    with tenant_scope(studio.tenant):
        User.objects.filter(pk=person).update(is_active=is_active)


def move(studio, drawn, **values):
    with tenant_scope(studio.tenant):
        ApiToken.objects.filter(pk=drawn.row.pk).update(**values)


def test_an_account_acts_by_its_token_as_far_as_role_and_scope_reach(own, admin, service):
    drawn = access.issue_service_token(admin, service=service, draft=draft())
    assert drawn.value.startswith("ghl_svc_")
    actor = access.actor_from_token(drawn.value, project=own.project)
    assert actor.person == service
    assert actor.permissions == READS
    wide = access.issue_service_token(admin, service=service, draft=draft(scope={P.TRAINING_START, P.PROJECT_READ}))
    assert access.actor_from_token(wide.value, project=own.project).permissions == {P.PROJECT_READ}
    said = entries_of(own, "token.issued")[0].facts
    assert said["service"] == pseudonym_of(own, service)
    assert said["scope"] == sorted({P.TRAINING_START, P.PROJECT_READ})
    assert drawn.value not in str([one.facts for one in entries_of(own, "")])


def test_no_program_issues_tokens(own, admin, service):
    assert P.TOKEN_ISSUE not in rights(own, service)
    assert P.TOKEN_ISSUE not in rights(own, service, own.project)
    assert P.TOKEN_ISSUE in rights(own, own.people["alice"], own.project)
    drawn = access.issue_service_token(admin, service=service, draft=draft(scope={P.TOKEN_ISSUE, P.PROJECT_READ}))
    with pytest.raises(Forbidden):
        access.issue_token(access.actor_from_token(drawn.value), name="more")


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.LEAD])
def test_a_program_is_nobodys_second_person(own, admin, owner, service, role):
    access.grant(admin, person=service, role=role, project=own.project)
    assert not {P.MODEL_DECIDE, P.EXPORT_DECIDE} & rights(own, service, own.project)
    access.grant(admin, person=own.people["gina"], role=role, project=own.project)
    assert P.MODEL_DECIDE in rights(own, own.people["gina"], own.project)
    access.revoke(admin, person=own.people["gina"], role=role, project=own.project)
    with owner.reading():
        told = access.explain(owner, person=service, project=own.project, permission=P.MODEL_DECIDE)
    assert told.why == "not_for_programs"


def test_nobody_gives_a_role_to_a_program_of_his_own(own, admin, owner):
    his = access.make_service(admin, name="Mine", keeper=own.people["adam"]).pk
    for deed in (
        lambda: access.grant(admin, person=his, role=Role.VIEWER, project=own.project),
        lambda: access.change_service(admin, service=granted(admin, own), keeper=own.people["adam"]),
    ):
        with pytest.raises(Forbidden) as refused:
            deed()
        assert refused.value.code == "grant.to_oneself"
    access.grant(owner, person=his, role=Role.VIEWER, project=own.project)
    access.change_service(owner, service=granted(owner, own), keeper=own.people["tom"])
    access.change_service(admin, service=granted(admin, own), keeper=own.people["alice"])


def granted(by, own):
    made = access.make_service(by, name="Granted", keeper=own.people["gina"]).pk
    access.grant(by, person=made, role=Role.VIEWER, project=own.project)
    return made


def test_an_account_signs_in_nowhere(own, service):
    from tests.access.signing_in import Browser

    for guess in ("", "!", "None"):
        assert Browser(own.slug).sign_in("Render farm", guess).status_code == 400
    with tenant_scope(own.tenant, read_only=True):
        user = User.objects.get(pk=service)
    assert user.email is None
    assert not user.has_usable_password()


@pytest.mark.parametrize("role", sorted(GUESTS | APPOINTED - {Role.OPERATOR, Role.SUPPORT}))
def test_an_account_is_no_guest_and_does_not_answer_for_the_studio(own, owner, service, role):
    project = own.project if role in GUESTS else None
    soon = timezone.now() + timedelta(days=1)
    with pytest.raises(InvalidInput) as refused:
        access.grant(owner, person=service, role=role, project=project, expires=soon)
    assert refused.value.code == "grant.not_for_services"
    access.grant(owner, person=own.people["tina"], role=role, project=project, expires=soon)
    access.revoke(owner, person=own.people["tina"], role=role, project=project)
    access.grant(owner, person=service, role=Role.AUDITOR)


def test_nor_by_a_role_of_the_studios_own(own, owner, service):
    mighty = access.define_role(owner, draft=RoleDraft("Kingmaker", Reach.STUDIO, frozenset({P.OWNER_APPOINT}))).pk
    with pytest.raises(InvalidInput):
        access.grant(owner, person=service, role=mighty)
    access.grant(owner, person=own.people["gina"], role=mighty)
    access.revoke(owner, person=own.people["gina"], role=mighty)


@pytest.mark.parametrize("kind", [TokenKind.PERSONAL, TokenKind.PROVISIONING, TokenKind.SUPPORT])
def test_a_token_of_another_kind_than_its_row_opens_nothing(own, admin, service, kind):
    drawn = access.issue_service_token(admin, service=service, draft=draft())
    assert is_open(drawn.value)
    move(own, drawn, kind=kind.value)
    assert not is_open(drawn.value)


@pytest.mark.parametrize("kind", TokenKind)
def test_every_kind_has_its_form(kind):
    value = tokens.draw(kind)
    assert value.startswith(f"ghl_{kind.value}_")
    assert tokens.kind_of(value) is kind
    assert tokens.kind_of(value[:-1] + ("a" if value[-1] != "a" else "b")) is None
    assert tokens.kind_of(value.replace("ghl_", "ghp_")) is None
    assert tokens.kind_of(value + "\n") is None


def test_a_token_needs_a_scope_a_project_of_its_own_and_an_end(own, owner, admin, service, elsewhere):
    other = access.create_project(owner, name="Secret film").pk
    with pytest.raises(InvalidInput) as refused:
        access.issue_service_token(admin, service=service, draft=draft(scope=()))
    assert refused.value.code == "token.scope_missing"
    for days in (0, 367):
        with pytest.raises(InvalidInput):
            access.issue_service_token(admin, service=service, draft=draft(days=days))
    for project in (other, elsewhere.project):
        with pytest.raises(NotFound):
            access.issue_service_token(admin, service=service, draft=draft(project))
    bound = access.issue_service_token(admin, service=service, draft=draft(own.project, days=366))
    assert access.actor_from_token(bound.value).project == own.project


def test_a_rotated_token_ends_at_once_or_after_its_grace(own, admin, service):
    first = access.issue_service_token(admin, service=service, draft=draft(own.project, days=7))
    second = access.rotate_service_token(admin, service=service, token=first.row.pk)
    assert (is_open(first.value), is_open(second.value)) == (False, True)
    assert (second.row.name, second.row.project_id, second.row.scope) == ("nightly", own.project, sorted(READS))
    assert timedelta(days=6) < second.row.expires - timezone.now() < timedelta(days=8)
    third = access.rotate_service_token(admin, service=service, token=second.row.pk, grace_minutes=10)
    assert (is_open(second.value), is_open(third.value)) == (True, True)
    with tenant_scope(own.tenant, read_only=True):
        left = ApiToken.objects.get(pk=second.row.pk).expires - timezone.now()
    assert timedelta(minutes=9) < left <= timedelta(minutes=10)
    assert entries_of(own, "token.rotated")[0].facts == {
        "token": str(second.row.pk), "new": str(third.row.pk), "minutes": 10, "service": pseudonym_of(own, service),
    }  # fmt: skip
    for minutes in (-1, 24 * 60 + 1):
        with pytest.raises(InvalidInput):
            access.rotate_service_token(admin, service=service, token=third.row.pk, grace_minutes=minutes)
    with pytest.raises(Conflict) as refused:
        access.rotate_service_token(admin, service=service, token=first.row.pk)
    assert refused.value.code == "token.ended"


def test_a_grace_never_lengthens_a_token(own, admin, service):
    drawn = access.issue_service_token(admin, service=service, draft=draft())
    soon = timezone.now() + timedelta(minutes=1)
    move(own, drawn, expires=soon)
    access.rotate_service_token(admin, service=service, token=drawn.row.pk, grace_minutes=60)
    with tenant_scope(own.tenant, read_only=True):
        assert ApiToken.objects.get(pk=drawn.row.pk).expires == soon


def test_a_person_rotates_her_own_and_nobody_elses(own, service, admin):
    access.issue_token(own.actor("alice"), name="mine", project=own.project, days=3)
    with tenant_scope(own.tenant, read_only=True):
        row = ApiToken.objects.get(name="mine")
    for other in (own.actor("tina"), admin):
        with pytest.raises(NotFound):
            access.rotate_token(other, token=row.pk)
    by_token = access.actor_from_token(own.token("alice"), project=own.project)
    with pytest.raises(Forbidden):
        access.rotate_token(by_token, token=row.pk)  # or a stolen one would live for ever
    drawn = access.rotate_token(own.actor("alice"), token=row.pk, grace_minutes=5)
    assert drawn.value.startswith("ghl_pat_")
    assert access.actor_from_token(drawn.value).project == own.project


def test_a_suspended_account_does_nothing_until_it_may_again(own, admin, service):
    drawn = access.issue_service_token(admin, service=service, draft=draft())
    access.change_service(admin, service=service, is_suspended=True)
    with pytest.raises(Unauthenticated):
        access.actor_from_token(drawn.value)
    for deed in (
        lambda: access.issue_service_token(admin, service=service, draft=draft()),
        lambda: access.rotate_service_token(admin, service=service, token=drawn.row.pk),
    ):
        with pytest.raises(Conflict):
            deed()
    access.change_service(admin, service=service, is_suspended=False)
    assert access.actor_from_token(drawn.value, project=own.project).permissions == READS
    told = entries_of(own, "service.changed")
    assert [one.facts["after"]["is_suspended"] for one in told[:2]] == [False, True]
    access.change_service(admin, service=service, is_suspended=False)
    assert len(entries_of(own, "service.changed")) == len(told)


def test_a_removed_account_is_gone_with_tokens_and_grants(own, admin, service):
    drawn = access.issue_service_token(admin, service=service, draft=draft())
    access.remove_service(admin, service=service)
    assert not is_open(drawn.value)
    with pytest.raises(Unauthenticated):
        rights(own, service)
    with tenant_scope(own.tenant, read_only=True):
        assert not Grant.objects.filter(user_id=service).exists()
    assert entries_of(own, "service.removed")[0].facts == {"service": pseudonym_of(own, service), "tokens": 1, "grants": 1}
    assert entries_of(own, "token.revoked")[0].facts["token"] == str(drawn.row.pk)
    with pytest.raises(NotFound):
        access.change_service(admin, service=service, is_suspended=False)


def test_an_account_whose_keeper_is_suspended_is_orphaned_until_it_is_handed_over(own, admin, service):
    def orphans():
        answer = call(own, "adam", "get", "/api/v1/service-accounts?orphaned=true")
        return {one["id"] for one in answer.json()["results"]}

    assert str(service) not in orphans()
    suspend(own, own.people["gina"])
    try:
        assert str(service) in orphans()
        with pytest.raises(NotFound):
            access.make_service(admin, name="Orphan", keeper=own.people["gina"])
        handed = call(own, "adam", "patch", f"/api/v1/service-accounts/{service}", {"keeper": str(own.people["tina"])})
        assert (handed.json()["keeper_name"], handed.json()["is_orphaned"]) == ("Tina", False)
        assert str(service) not in orphans()
    finally:
        suspend(own, own.people["gina"], is_active=True)


def test_its_tokens_open_nothing_while_its_keeper_is_suspended(own, owner, admin, service):
    own.tokens["program"] = access.issue_service_token(admin, service=service, draft=draft()).value
    project, gina = f"/api/v1/projects/{own.project}", own.people["gina"]

    def said():
        answer = call(own, "program", "get", project)
        return answer.status_code, answer.json().get("code")

    def orphaned():
        return call(own, "adam", "get", f"/api/v1/service-accounts/{service}").json()["is_orphaned"]

    assert (said()[0], orphaned()) == (200, False)
    access.suspend_person(owner, person=gina)
    try:
        assert (said(), orphaned()) == ((401, "service.orphaned"), True)
        with pytest.raises(Unauthenticated):
            access.actor_for(service, tenant=own.tenant, project=own.project)  # nor does work that it has asked for go on
        for deed in (
            lambda: access.issue_service_token(admin, service=service, draft=draft(own.project)),
            lambda: access.rotate_service_token(admin, service=service, token=uuid.uuid4()),
        ):
            with pytest.raises(Conflict) as refused:
                deed()
            assert refused.value.code == "service.orphaned"
        why = call(own, "adam", "get", f"/api/v1/access/explain?permission=asset.read&person={service}&project={own.project}")
        assert (why.json()["allowed"], why.json()["why"]) == (False, "orphaned")
        access.change_service(admin, service=service, keeper=own.people["tina"])
        assert (said()[0], orphaned()) == (200, False)
        with tenant_scope(own.tenant):
            User.objects.filter(pk=service).update(keeper_id=gina)
        assert said()[0] == 401
    finally:
        access.restore_person(owner, person=gina)
    assert (said()[0], orphaned()) == (200, False)


def test_only_a_person_answers_for_an_account(own, admin, service, elsewhere):
    for nobody in (service, elsewhere.people["alice"]):
        with pytest.raises(NotFound):
            access.make_service(admin, name="Nobody's", keeper=nobody)
    with pytest.raises(InvalidInput):
        access.make_service(admin, name=" ", keeper=own.people["alice"])


@pytest.mark.parametrize("who", ["alice", "tina", "lena", "olive"])
def test_nobody_else_keeps_service_accounts(own, admin, service, who):
    token = access.issue_service_token(admin, service=service, draft=draft()).row.pk
    deeds = (
        lambda by: access.make_service(by, name="Mine", keeper=own.people["alice"]),
        lambda by: access.change_service(by, service=service, is_suspended=False),
        lambda by: access.issue_service_token(by, service=service, draft=draft()),
        lambda by: access.rotate_service_token(by, service=service, token=token, grace_minutes=1),
        lambda by: access.revoke_service_token(by, service=service, token=token),
        lambda by: access.remove_service(by, service=service),
    )
    for deed in deeds:
        with pytest.raises(Forbidden):
            deed(own.actor(who))
    for deed in deeds:
        deed(admin)


def test_each_deed_asks_for_a_fresh_second_factor(own, service):
    tired = access.actor_for(own.people["adam"], tenant=own.tenant)
    for deed in (
        lambda: access.make_service(tired, name="Late", keeper=own.people["gina"]),
        lambda: access.issue_service_token(tired, service=service, draft=draft()),
        lambda: access.revoke_anybodys_token(tired, token=service),
    ):
        with pytest.raises(Forbidden) as refused:
            deed()
        assert refused.value.code == "step_up.needed"


def test_a_person_is_no_service_account(own, admin):
    for deed in (
        lambda: access.issue_service_token(admin, service=own.people["alice"], draft=draft()),
        lambda: access.change_service(admin, service=own.people["alice"], is_suspended=True),
        lambda: access.remove_service(admin, service=own.people["alice"]),
    ):
        with pytest.raises(NotFound):
            deed()


def test_a_list_of_people_says_which_are_programs(own, service):
    listed = {one["id"]: one["kind"] for one in call(own, "tom", "get", "/api/v1/people?limit=200").json()["results"]}
    assert listed[str(service)] == "service"
    assert listed[str(own.people["gina"])] == "person"
