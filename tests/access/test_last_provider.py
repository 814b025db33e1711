"""A studio that signs in by its provider alone keeps one by which people come in."""

from datetime import timedelta

import pytest
from django.utils import timezone

from access import services as access
from access.models import IdentityProvider
from kernel.scope import tenant_scope
from tests.access.signing_in import Browser
from tests.factories.studio import found


@pytest.fixture
def place(keeper):
    return found("Last")


@pytest.fixture
def tom(place):
    """An owner with a second factor, who may break the glass."""
    browser = Browser(place.slug)
    assert browser.sign_in("tom", factor=True).status_code == 200
    access.name_break_glass(place.actor("tom", project=False), person=place.people["tom"])
    return browser


def provided(place, slug, *, is_enabled=True, tested=True, redescribed=None):
    with tenant_scope(place.tenant):
        row = IdentityProvider.objects.create(
            slug=slug, protocol="oidc", name=slug.title(), issuer=f"https://{slug}.example", is_enabled=is_enabled,
            tested=timezone.now() if tested else None, client_id="guildhall", redescribed=redescribed,
        )  # fmt: skip
    return f"/api/v1/identity-providers/{row.pk}"


def ask(place, *, sso_only):
    wanted = access.Wanted(sso_only=sso_only)
    access.set_security_policy(place.actor("tom", project=False), wanted=wanted, address="127.0.0.1")


def switch_off(browser, at):
    return browser.post(at, {"is_enabled": False}, method="patch")


def remove(browser, at):
    return browser.post(at, {}, method="delete")


def is_enabled(browser, at):
    return browser.get(at).json()["is_enabled"]


@pytest.mark.parametrize("deed", [switch_off, remove], ids=lambda deed: deed.__name__)
def test_the_last_one_stays_while_passwords_let_nobody_in(place, tom, deed):
    last = provided(place, "corp")
    ask(place, sso_only=True)
    refused = deed(tom, last)
    assert (refused.status_code, refused.json()["code"]) == (409, "identity.last_provider")
    assert is_enabled(tom, last)
    assert tom.post(last, {"name": "Corporate", "is_enabled": True}, method="patch").status_code == 200
    ask(place, sso_only=False)
    assert deed(tom, last).status_code in {200, 204}


@pytest.mark.parametrize("deed", [switch_off, remove], ids=lambda deed: deed.__name__)
def test_one_goes_where_another_lets_people_in(place, tom, deed):
    """One that is not enabled, or not tested as it stands, is not known to let anybody in."""
    first = provided(place, "corp")
    idle, untested = provided(place, "idle", is_enabled=False), provided(place, "untested", tested=False)
    older = provided(place, "older", redescribed=timezone.now() + timedelta(seconds=1))
    ask(place, sso_only=True)
    assert deed(tom, first).json()["code"] == "identity.last_provider"
    assert remove(tom, idle).status_code == 204
    assert {switch_off(tom, one).status_code for one in (untested, older)} == {200}
    second = provided(place, "second")
    assert deed(tom, first).status_code in {200, 204}
    assert deed(tom, second).json()["code"] == "identity.last_provider"


@pytest.mark.parametrize("deed", [switch_off, remove], ids=lambda deed: deed.__name__)
def test_of_two_that_go_at_once_one_stays(place, tom, deed):
    """Both deeds run at the same time: the second one finds the first one's provider gone."""
    import threading

    from django.db import connection

    from access.services import identity
    from kernel.errors import Conflict

    rows = [provided(place, slug).rpartition("/")[2] for slug in ("one", "two")]
    ask(place, sso_only=True)
    actor, said, ready = place.actor("tom", project=False), [], threading.Barrier(2)

    def go(row):
        ready.wait(20)
        try:
            if deed is remove:
                identity.remove_provider(actor, provider=row)
            else:
                identity.change_provider(actor, provider=row, changes={"is_enabled": False})
            said.append("gone")
        except Conflict as refused:
            said.append(refused.code)
        finally:
            connection.close()

    both = [threading.Thread(target=go, args=[row]) for row in rows]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    assert sorted(said) == ["gone", "identity.last_provider"]
