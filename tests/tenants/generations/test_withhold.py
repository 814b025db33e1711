"""A picture that policy does not show: under which keys what is kept of it lies."""

import json

import pytest
from django.conf import settings

from kernel import canonical
from tenants.generations import services as generations
from tenants.generations.models import Generation
from tenants.registry import services as registry
from tenants.vault.models import Object
from tests.factories.working import head_of, judged, pixels_of, png_of


@pytest.fixture
def withheld(studio, worker):
    base = registry.register_base(studio.actor("tom", project=False), folder=settings.STARTER_MODEL, name="S", licence="Apache-2.0")
    alice = studio.actor("alice")
    (row,) = generations.submit(alice, order=generations.Order(prompt="a red apple", base=base.pk, seed=5))
    with worker.holding(row.intent_id) as held:
        begun = generations.start(held.actor, generation=row.pk)
        png = png_of(pixels_of(64, 64), 64, 64)
        generations.withhold(
            held.actor, generation=row.pk, png=png, record=head_of(begun), verdict=judged(allowed=False), lease=held.lease,
            ticket=held.ticket,
        )  # fmt: skip
    with alice.reading():
        return Generation.objects.get(pk=row.pk)


def test_the_openings_of_a_withheld_picture_lie_under_the_askers_own_key(studio, withheld):
    assert withheld.state == "withheld"
    with studio.actor("alice").reading():
        openings, prompt = (Object.objects.get(pk=one) for one in (withheld.openings_id, withheld.prompt_id))
    assert (openings.key_class, openings.person_id) == ("subject", studio.people["alice"])
    assert (prompt.key_class, prompt.person_id) == ("subject", studio.people["alice"])


def test_they_open_the_commitment_in_the_ledger(studio, withheld):
    from governance.audit import services as audit
    from tenants.vault import services as vault

    alice = studio.actor("alice")
    opened = json.loads(vault.open_one(alice, withheld.openings_id, under=vault.view(alice)))
    with alice.reading():
        entry = audit.find(withheld.outcome_id)
    digest = canonical.sha256_hex(png_of(pixels_of(64, 64), 64, 64)).encode()
    again = canonical.commitment("file", tenant=studio.tenant, value=digest, opening=bytes.fromhex(opened["file"]))
    assert entry.commits["file"] == again
