"""The table of roles: what it must never say, and that its page says what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.management.commands.roles import page
from access.roles import OF_THE_STUDIO, ROLE_PERMISSIONS, Permission, Role, by_token, permissions_of
from tests.conftest import ROOT

P = Permission
SETS = st.frozensets(st.sampled_from(list(P)))


def test_the_page_is_current():
    assert (ROOT / "docs" / "reference" / "roles.md").read_text() == page(), "run `manage.py roles > docs/reference/roles.md`"


def test_everything_that_can_be_permitted_is_permitted_to_somebody():
    assert permissions_of(Role) == frozenset(P)


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


@given(held=SETS, scope=SETS)
def test_a_token_never_carries_more_than_its_person_may(held, scope):
    bound, free = (by_token(held, scope=scope, is_bound=is_bound) for is_bound in (True, False))
    assert bound <= free <= held - {P.TOKEN_ISSUE}
    assert not bound & OF_THE_STUDIO
    if scope:
        assert free <= scope
