"""The table of roles: what it must never say, and that its page says what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.management.commands.roles import page
from access.roles import (
    OF_PROVISIONING,
    OF_THE_PLATFORM,
    OF_THE_STUDIO,
    PERMISSION_TEXTS,
    REACH,
    ROLE_PERMISSIONS,
    ROLE_TEXTS,
    SEPARATED,
    STEP_UP,
    Permission,
    Reach,
    Role,
    apart,
    by_token,
    meeting,
    permissions_of,
)
from tests.conftest import ROOT

P = Permission
SETS = st.frozensets(st.sampled_from(list(P)))


def test_the_page_is_current():
    assert (ROOT / "docs" / "reference" / "roles.md").read_text() == page(), "run `manage.py roles > docs/reference/roles.md`"


def test_everything_that_can_be_permitted_is_permitted_to_somebody():
    assert frozenset().union(*ROLE_PERMISSIONS.values()) == frozenset(P)


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        (Role.OWNER, {P.PROJECT_CREATE, P.MEMBER_MANAGE}, {P.MODEL_DECIDE, P.EXPORT_DECIDE, P.WITHHELD_REVIEW}),
        (Role.OFFICER, {P.LEDGER_READ, P.WITHHELD_REVIEW, P.EXPORT_DECIDE}, {P.TRAINING_START, P.EXPORT_REQUEST}),
        (Role.LEAD, {P.MODEL_DECIDE, P.TRAINING_START}, {P.WITHHELD_REVIEW, P.MEMBER_MANAGE, P.EXPORT_DECIDE}),
        (Role.TRAINER, {P.TRAINING_START, P.MODEL_TRY}, {P.MODEL_DECIDE, P.GENERATION_READ_ALL}),
        (Role.ARTIST, {P.GENERATION_CREATE, P.ASSET_DOWNLOAD}, {P.DATASET_READ, P.TRAINING_START, P.MODEL_TRY}),
    ],
)  # fmt: skip
def test_who_asks_for_a_thing_does_not_decide_on_it(role, may, may_not):
    assert may <= ROLE_PERMISSIONS[role]
    assert not may_not & ROLE_PERMISSIONS[role]


def test_the_system_reads_no_content():
    assert ROLE_PERMISSIONS[Role.SYSTEM] == {P.PROJECT_READ}


def test_every_role_and_permission_is_described_and_has_a_place():
    assert set(ROLE_PERMISSIONS) == set(REACH) == set(ROLE_TEXTS) == set(Role)
    assert set(PERMISSION_TEXTS) == set(P)


@pytest.mark.parametrize("role", Role)
def test_no_built_in_role_brings_together_what_never_meets(role):
    assert not meeting(ROLE_PERMISSIONS[role])


@pytest.mark.parametrize("role", Role)
def test_a_role_holds_only_what_belongs_to_its_place(role):
    if REACH[role] is Reach.PROJECT:
        assert not ROLE_PERMISSIONS[role] & OF_THE_STUDIO
    assert (REACH[role] is Reach.PLATFORM) == bool(ROLE_PERMISSIONS[role] & OF_THE_PLATFORM)


@pytest.mark.parametrize("role", [Role.GUEST_ARTIST, Role.GUEST_TRAINER])
def test_a_guest_takes_nothing_along(role):
    out = {P.ASSET_UNMARKED, P.ASSET_DOWNLOAD, P.EXPORT_REQUEST, P.TOKEN_ISSUE, P.LEDGER_READ, P.REPLAY_ASK, P.MODEL_DECIDE}
    assert not out & ROLE_PERMISSIONS[role]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR, Role.OPERATOR, Role.SUPPORT])
def test_who_runs_the_studio_or_the_platform_sees_no_content(role):
    content = {P.DATASET_READ, P.GENERATION_READ_ALL, P.ASSET_READ, P.WITHHELD_REVIEW, P.ASSET_DOWNLOAD, P.EXPORT_REQUEST}
    assert not content & ROLE_PERMISSIONS[role]


def test_an_officer_removes_nothing_that_she_reads():
    assert not {P.ASSET_WITHDRAW, P.DATASET_EDIT, P.MEMBER_MANAGE, P.POLICY_CHANGE} & ROLE_PERMISSIONS[Role.OFFICER]
    both = permissions_of([Role.OFFICER, Role.LEAD])
    assert P.WITHHELD_REVIEW in both
    assert P.ASSET_WITHDRAW not in both
    assert P.EXPORT_REQUEST in both
    assert P.EXPORT_DECIDE not in both


@given(held=SETS)
def test_what_never_meets_never_does(held):
    left = apart(held)
    assert left <= held
    assert not meeting(left)
    assert not (held - left) - {second for _, second in SEPARATED}


def test_provisioning_grants_no_roles():
    assert not {P.MEMBER_MANAGE, P.OWNER_APPOINT, P.ROLE_DEFINE, P.SECURITY_CONFIGURE} & OF_PROVISIONING


@given(held=SETS, scope=SETS)
def test_a_token_never_carries_more_than_its_person_may(held, scope):
    bound, free = (by_token(held, scope=scope, is_bound=is_bound) for is_bound in (True, False))
    assert bound <= free <= held - {P.TOKEN_ISSUE}
    assert not bound & OF_THE_STUDIO
    if scope:
        assert free <= scope
    else:
        assert not free & STEP_UP
