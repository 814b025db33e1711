"""The reviewer's window: withheld pictures for her alone, and what everybody asked for."""

import pytest
from django.conf import settings
from django.test import Client

from governance.audit import services as audit
from governance.moderation.default_policy import DEFAULT
from governance.moderation.rules import Reason, Verdict
from tenants.generations import services as generations
from tenants.registry import services as registry
from tests.factories.studio import found
from tests.factories.working import head_of, pixels_of, png_of, published

PNG = png_of(pixels_of(64, 64), 64, 64)


@pytest.fixture(scope="module")
def atelier(keeper):
    return found("Review")


@pytest.fixture(scope="module")
def base(atelier):
    owner = atelier.actor("tom", project=False)
    return registry.register_base(owner, folder=settings.STARTER_MODEL, name="Starter", licence="Apache-2.0")


@pytest.fixture
def ask(atelier, base):
    def asked(prompt="a red apple", who="alice"):
        order = generations.Order(prompt=prompt, base=base.pk, seed=5, negative="blue")
        (row,) = generations.submit(atelier.actor(who), order=order)
        return row

    return asked


@pytest.fixture
def withheld(ask, worker):
    row = ask()
    with worker.holding(row.intent_id) as held:
        begun = generations.start(held.actor, generation=row.pk)
        verdict = Verdict(allowed=False, reasons=(Reason("image.nsfw"),), policy_digest="cd" * 32)
        generations.withhold(
            held.actor, generation=row.pk, png=PNG, record=head_of(begun), verdict=verdict, lease=held.lease, ticket=held.ticket
        )
    return row


@pytest.fixture
def get(atelier, api):
    """Read something of the project as one of its people, or as somebody of another studio."""

    def read(who, path, of=atelier):
        return api(of, who).get(f"/api/v1/projects/{atelier.project}/{path}")

    return read


def views_of(atelier, who):
    actor = atelier.actor(who)
    with actor.reading():
        mine = [entry for entry in audit.entries(audit.Filter(project=atelier.project)) if entry.actor == actor.pseudonym]
    return [entry for entry in mine if entry.kind == "view.opened"]


def test_the_reviewer_sees_what_was_asked_why_it_is_withheld_and_the_picture(atelier, get, withheld):
    listed = get("olive", "withheld").json()
    assert set(listed) == {"next", "previous", "results"}
    (row,) = [one for one in listed["results"] if one["id"] == str(withheld.pk)]
    assert (row["prompt"], row["negative"], row["person"]) == ("a red apple", "blue", "Alice")
    assert row["reasons"] == [{"rule": "image.nsfw"}]
    assert row["created"] < row["ended"]
    answer = get("olive", row["picture_url"].partition(f"{atelier.project}/")[2])
    assert (answer.status_code, answer.content) == (200, PNG)
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_that_she_looked_is_recorded(atelier, get, withheld):
    assert get("olive", f"withheld/{withheld.pk}/picture").status_code == 200
    (entry,) = views_of(atelier, "olive")
    assert entry.facts["hour"]


@pytest.mark.parametrize("who", ["alice", "tina", "lena", "tom"])
def test_nobody_else_sees_it_not_even_who_asked(atelier, get, withheld, who):
    before = len(views_of(atelier, who))
    for path in ("withheld", f"withheld/{withheld.pk}/picture"):
        assert get(who, path).status_code == 403
    assert len(views_of(atelier, who)) == before


def test_the_asker_still_learns_that_it_was_withheld_and_why(get, withheld):
    row = get("alice", f"generations/{withheld.pk}").json()
    assert (row["state"], row["reasons"], row["asset"], row["preview_url"]) == ("withheld", [{"rule": "image.nsfw"}], None, None)


def test_mallory_finds_nothing(atelier, elsewhere, get, withheld):
    for path in ("withheld", f"withheld/{withheld.pk}/picture", "generations"):
        assert get("olive", path, of=elsewhere).status_code == 404
    own = f"/api/v1/projects/{elsewhere.project}/withheld"
    mallory = Client(headers={"Authorization": f"Bearer {elsewhere.token('olive')}"})
    assert mallory.get(own).json()["results"] == []
    assert mallory.get(f"{own}/{withheld.pk}/picture").status_code == 404


def test_a_picture_that_is_shown_is_no_withheld_one(ask, worker, get):
    row = ask()
    published(worker, row)
    assert get("olive", f"withheld/{row.pk}/picture").status_code == 404


def test_the_officer_reads_recorded_refusals_and_asks_for_nothing(atelier, get, ask, base):
    phrase = DEFAULT.rules[0].phrase
    refused, waiting = ask(f"a picture of {phrase}"), ask()
    listed = get("olive", "generations?state=refused").json()["results"]
    assert {row["state"] for row in listed} == {"refused"}
    (row,) = [one for one in listed if one["id"] == str(refused.pk)]
    assert (row["person"], row["prompt"]) == ("Alice", f"a picture of {phrase}")
    assert {"rule": DEFAULT.rules[0].id, "span": phrase} in row["reasons"]
    assert get("olive", f"generations/{waiting.pk}").json()["prompt"] == "a red apple"
    assert len(views_of(atelier, "olive")) == 1
    url, sent = f"/api/v1/projects/{atelier.project}/generations", {"Authorization": f"Bearer {atelier.token('olive')}"}
    order = {"prompt": "a house", "base": str(base.pk)}
    assert Client().post(url, order, content_type="application/json", headers=sent).status_code == 403
    assert Client().post(f"{url}/{waiting.pk}/cancel", headers=sent).status_code == 403


def test_an_artist_sees_her_own_requests_and_an_owner_none(get, ask):
    theirs = ask(who="tina")
    assert str(theirs.pk) not in {row["id"] for row in get("alice", "generations").json()["results"]}
    assert get("alice", f"generations/{theirs.pk}").status_code == 404
    assert get("tom", "generations").status_code == 403


def test_a_state_that_there_is_not_is_said_at_once(get):
    assert get("olive", "generations?state=hidden").status_code == 400
