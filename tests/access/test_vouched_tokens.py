"""A token that was issued in a provider's session goes with the provider: shut while it is switched off, ended with it for good."""

from dataclasses import replace

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from access import services as access
from access import tokens
from access.models import ApiToken
from access.services import identity
from kernel.scope import tenant_scope
from tests.access.joining import enabled_provider, entries_of
from tests.factories.studio import found


@pytest.fixture
def place(keeper):
    return found("Vouched")


@pytest.fixture
def tom(place):
    return place.actor("tom", project=False)


@pytest.fixture
def corp(place):
    return provider(place, "corp")


def provider(place, slug):
    """Set up a provider, enabled and tested, that is linked to Alice."""
    row = enabled_provider(place, slug, client_id="guildhall")
    with tenant_scope(place.tenant):
        SocialAccount.objects.create(provider=slug, uid="alice", user_id=place.people["alice"], extra_data={})
    return row


def by_provider(place, row):
    """Return Alice in a session that a provider opened."""
    return replace(place.actor("alice"), by_provider=True, provider=row.pk)


def issued(place, row, name="hers"):
    return access.issue_token(by_provider(place, row), name=name)


def row_of(place, value):
    with tenant_scope(place.tenant, read_only=True):
        return ApiToken.objects.get(hash=tokens.digest(value))


def opens(value):
    answer = Client(headers={"Authorization": f"Bearer {value}"}).get("/api/v1/session")
    return answer.status_code == 200 or answer.json()["code"]


def ask(place, tom, **policy):
    access.name_break_glass(tom, person=place.people["tom"])
    access.set_security_policy(tom, wanted=access.Wanted(**policy), address="127.0.0.1")


@pytest.mark.parametrize("sso_only", [False, True])
def test_it_opens_nothing_while_the_provider_is_switched_off(place, tom, corp, sso_only):
    other = provider(place, "other")
    hers, others, by_password = issued(place, corp), issued(place, other), access.issue_token(place.actor("alice"), name="plain")
    ask(place, tom, sso_only=sso_only)
    plain = "session.provider_needed" if sso_only else True
    assert [opens(one) for one in (hers, others, by_password)] == [True, True, plain]
    identity.change_provider(tom, provider=corp.pk, changes={"is_enabled": False})
    assert [opens(one) for one in (hers, others, by_password)] == ["session.provider_needed", True, plain]
    identity.change_provider(tom, provider=corp.pk, changes={"is_enabled": True})
    assert opens(hers) is True


def test_it_ends_with_the_provider_for_good(place, tom, corp):
    other = provider(place, "other")
    hers, others = issued(place, corp), issued(place, other)
    identity.remove_provider(tom, provider=corp.pk)
    assert [opens(one) for one in (hers, others)] == ["token.unusable", True]
    [said] = entries_of(place, "token.revoked")
    assert said.facts == {"token": str(row_of(place, hers).pk), "why": "provider_removed"}
    assert entries_of(place, "provider.removed")[0].facts["tokens"] == 1


def test_it_ends_when_its_person_is_unlinked(place, tom, corp):
    other = provider(place, "other")
    hers, others = issued(place, corp), issued(place, other)
    identity.unlink_identity(tom, person=place.people["alice"], provider=corp.pk)
    assert [opens(one) for one in (hers, others)] == ["token.unusable", True]
    [said] = entries_of(place, "token.revoked")
    assert said.facts == {"token": str(row_of(place, hers).pk), "why": "unlinked"}
    identity.link_identity(tom, person=place.people["alice"], provider=corp.pk, uid="alice")
    assert opens(hers) == "token.unusable"


def test_it_opens_nothing_once_the_link_has_gone_whoever_took_it(place, corp):
    hers = issued(place, corp)
    with tenant_scope(place.tenant):
        SocialAccount.objects.all().delete()
    assert opens(hers) == "session.provider_needed"


def test_what_it_is_rotated_into_rests_on_the_same_provider(place, tom, corp):
    hers = issued(place, corp)
    # Rotated in a session of her own password, it is still what the provider vouched for.
    rotated = access.rotate_token(place.actor("alice"), token=row_of(place, hers).pk).value
    assert row_of(place, rotated).provider_id == corp.pk
    identity.change_provider(tom, provider=corp.pk, changes={"is_enabled": False})
    assert opens(rotated) == "session.provider_needed"


def test_a_token_from_before_rests_on_any_provider_that_still_knows_its_person(place, tom, corp):
    other, hers = provider(place, "other"), issued(place, corp)
    with tenant_scope(place.tenant):
        ApiToken.objects.update(provider_id=None)
    ask(place, tom, sso_only=True)
    identity.remove_provider(tom, provider=corp.pk)
    assert opens(hers) is True
    with tenant_scope(place.tenant):
        SocialAccount.objects.filter(provider=other.slug).delete()
    assert opens(hers) == "session.provider_needed"
    ask(place, tom)
    assert opens(hers) is True, "as one that no provider vouched for"
