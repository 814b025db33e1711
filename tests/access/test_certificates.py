"""A provider's certificate that ends is recorded and told to the owners, once for each end and threshold."""

from datetime import timedelta

import pytest
from django.utils import timezone

from access import mails
from access import services as access
from access.models import IdentityProvider
from access.rules import Ending, ending
from dispatch.models import Ticket
from kernel.scope import tenant_scope
from tests.access.joining import entries_of
from tests.factories.studio import found
from tests.factories.working import Worker
from workers.tasks.errands import Errand
from workers.tasks.housekeeping import Housekeeping

NOW = timezone.now().replace(microsecond=0)
KIND = "provider.certificate_ending"


@pytest.fixture
def place(keeper):
    return found("Ending")


def provided(place, slug, *, ends, is_enabled=True):
    with tenant_scope(place.tenant):
        return IdentityProvider.objects.create(
            slug=slug, protocol="saml", name=slug.title(), issuer=f"https://{slug}.example", is_enabled=is_enabled,
            tested=timezone.now(), certificates=["a certificate"], certificate_ends=ends,
        )  # fmt: skip


def move(place, row, ends):
    with tenant_scope(place.tenant):
        IdentityProvider.objects.filter(pk=row.pk).update(certificate_ends=ends)


@pytest.fixture
def tick(services, as_login, place):
    """Run the studio's standing ticket as the light worker does."""
    worker = Worker(services, as_login)

    def run():
        with place.actor("tom", project=False).reading():
            intent = Ticket.objects.get(kind="housekeeping", state__in=["waiting", "taken"]).intent
        with worker.holding_standing(intent) as held:
            Housekeeping().run(Errand(held.claim, held.ticket, access.system_actor(place.tenant, held.lease)))
        assert mails.settled(20)

    return run


def told(place):
    return [(one.facts["provider"], one.facts["threshold"], one.actor) for one in entries_of(place, KIND)]


@pytest.mark.parametrize(
    ("days", "said"), [(31, None), (30.5, None), (30, Ending.SOON), (1, Ending.SOON), (0, Ending.PAST), (-400, Ending.PAST)]
)
def test_how_near_an_end_is(days, said):
    assert ending(NOW + timedelta(days=days), NOW) is said
    assert ending(None, NOW) is None


def test_an_end_is_told_once_before_it_and_once_after(place, tick, sink):
    row = provided(place, "corp", ends=NOW + timedelta(days=40))
    provided(place, "idle", ends=NOW - timedelta(days=1), is_enabled=False)
    provided(place, "keys", ends=None)
    tick()
    assert told(place) == []

    move(place, row, NOW + timedelta(days=29))
    tick()
    tick()
    assert told(place) == [("corp", "soon", "system")]
    move(place, row, NOW - timedelta(days=1))
    tick()
    tick()
    assert told(place) == [("corp", "past", "system"), ("corp", "soon", "system")]
    got = sink.mails_to("tom@example.com")
    assert [subject for subject, _ in got] == [
        "A certificate of Corp ends soon at Ending", "A certificate of Corp has ended at Ending",
    ]  # fmt: skip
    assert (NOW - timedelta(days=1)).isoformat(timespec="minutes") in got[1][1]
    assert sink.mails_to("alice@example.com") == []

    move(place, row, NOW + timedelta(days=365))
    tick()
    assert len(told(place)) == 2
    move(place, row, NOW + timedelta(days=3))
    tick()
    assert len(told(place)) == 3, "another certificate"


def test_each_studio_hears_of_its_own(place, tick, sink):
    other = found("Other")
    provided(other, "theirs", ends=NOW)
    provided(place, "ours", ends=NOW)
    tick()
    assert told(place) == [("ours", "past", "system")]
    assert told(other) == []
    assert [subject for subject, _ in sink.mails_to("tom@example.com")] == ["A certificate of Ours has ended at Ending"]
