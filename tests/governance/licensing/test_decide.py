import pytest

from governance.licensing.rules import LICENCES, Purpose, Result, RightsBasis, decide


@pytest.mark.parametrize("purpose", Purpose)
def test_unknown_is_no(purpose):
    assert not decide(purpose, licences=["LicenseRef-Whatever"]).allowed
    assert not decide(purpose, licences=["Apache-2.0"], rights=[RightsBasis.UNKNOWN]).allowed


def test_an_open_licence_may_be_trained_and_leaves_with_its_duties():
    decision = decide(Purpose.EXPORT_ADAPTER, licences=["Apache-2.0", "MIT"], rights=[RightsBasis.OWN_WORK])
    assert decision.result is Result.ALLOW_WITH_DUTIES and "keep the notice" in decision.duties


def test_the_strictest_ancestor_decides():
    assert decide(Purpose.EXPORT_ADAPTER, licences=["MIT", "LicenseRef-FLUX-1-dev-Non-Commercial"]).result is Result.DENY
    assert decide(Purpose.TRAIN, licences=["MIT", "LicenseRef-Stability-Community"]).result is Result.NEEDS_REVIEW


@pytest.mark.parametrize("licence", LICENCES.values(), ids=lambda licence: licence.id)
def test_every_duty_has_a_clause(licence):
    assert licence.clauses and (licence.duties or licence.train is Result.ALLOW)
