"""A link that takes a picture away: its person has the bytes and an entry is written; for everybody else nothing is there."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from access import links
from access import services as access
from access.roles import Permission, Role
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import Conflict, Forbidden, NotFound
from tenants.gallery import services as gallery
from tenants.gallery.models import Asset
from tenants.generations import services as generations
from tenants.registry import services as registry
from tests.access.signing_in import Browser
from tests.factories.studio import PASSWORD, found
from tests.factories.working import published


@pytest.fixture(scope="module")
def own(keeper):
    return found("Linked")


@pytest.fixture
def asset(own, worker):
    base = registry.register_base(own.actor("tom", project=False), folder=settings.STARTER_MODEL, name="S", licence="Apache-2.0")
    (row,) = generations.submit(own.actor("alice"), order=generations.Order(prompt="a red apple", base=base.pk, seed=5))
    return published(worker, row)


def asked(own, api, asset, who="alice"):
    return api(own, who).post(f"/api/v1/projects/{own.project}/assets/{asset.pk}/download-link")


def downloads(own, asset):
    with own.actor("lena").reading():
        entries = audit.entries(audit.Filter(kind=Event.ASSET_DOWNLOADED.value))
    return [entry for entry in entries if entry.facts["asset"] == str(asset.pk)]


def test_the_bytes_are_handed_out_and_recorded_each_time(own, api, asset):
    answer = asked(own, api, asset)
    assert answer.status_code == 200
    assert downloads(own, asset) == []
    url = answer.json()["url"]
    left = datetime.fromisoformat(answer.json()["expires"]) - timezone.now()
    assert timedelta(seconds=50) < left <= links.LIFE
    signed = gallery.picture(own.actor("alice"), asset=asset.pk)
    for times in (1, 2):
        got = api(own, "alice").get(url)
        assert (got.status_code, got.headers["Content-Type"], got.content) == (200, "image/png", signed)
        assert "no-store" in got.headers["Cache-Control"]
        assert got.headers["Content-Disposition"].startswith("attachment")
        assert len(downloads(own, asset)) == times


def test_her_browser_opens_what_her_program_made_and_the_other_way_round(own, api, asset):
    browser = Browser(own.slug)
    assert browser.sign_in("alice").status_code == 200
    made = asked(own, api, asset).json()["url"]
    assert made.startswith(f"/s/{own.slug}/api/v1/downloads/")
    assert browser.client.get(made).status_code == 200
    answer = browser.post(f"/api/v1/projects/{own.project}/assets/{asset.pk}/download-link", None)
    assert answer.status_code == 200
    assert api(own, "alice").get(answer.json()["url"]).status_code == 200


def test_for_everybody_else_nothing_is_there(own, elsewhere, api, asset):
    url = asked(own, api, asset).json()["url"]
    short = url.removeprefix(f"/s/{own.slug}")
    lena, mallory = api(own, "lena"), api(elsewhere, "alice")
    changed = short[:-1] + ("A" if short[-1] != "A" else "B")
    answers = [
        Client().get(url), Client().get(short), lena.get(url), lena.get(short), mallory.get(short), api(own, "alice").get(changed),
        Client(headers={"Authorization": "Bearer ghl_pat_wrong"}).get(short), mallory.get(f"/s/{elsewhere.slug}{short}"),
        mallory.get(url), _late(own, api, asset), _bundle(own, api, asset), api(own, "alice").get("/api/v1/downloads/assets/x"),
    ]  # fmt: skip
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    # By what was asked with, a cookie or a token, Django says what the answer varies on; nothing else differs.
    assert len({frozenset((name, value) for name, value in answer.headers.items() if name != "Vary") for answer in answers}) == 1
    assert downloads(own, asset) == []
    # Lena may download this picture, and Mallory pictures of her own studio: it is the link that is not theirs.
    assert lena.get(asked(own, api, asset, "lena").json()["url"]).status_code == 200
    assert api(own, "alice").get(url).status_code == 200


def _late(own, api, asset):
    holder, target = links.Holder(own.tenant, own.people["alice"]), links.Target(links.Purpose.ASSET, own.project, asset.pk)
    over = links.make(holder, target, now=timezone.now() - timedelta(seconds=61))
    return api(own, "alice").get(f"/api/v1/downloads/assets/{over.text}")


def _bundle(own, api, asset):
    target = links.Target(links.Purpose.BUNDLE, own.project, asset.pk)
    link = links.make(links.Holder(own.tenant, own.people["alice"]), target, now=timezone.now())
    return api(own, "alice").get(f"/api/v1/downloads/assets/{link.text}")


def test_who_has_lost_the_right_since_is_told_what_everybody_else_is(own, api, asset):
    tom = own.actor("tom", project=False)
    person = access.add_person(tom, email="may@example.com", name="May", password=PASSWORD).pk
    access.grant(tom, person=person, role=Role.ARTIST, project=own.project)
    may = access.actor_for(person, tenant=own.tenant, project=own.project, is_stepped_up=True)
    token = access.issue_token(may, name="t", scope=access.carriable(may))
    client = Client(headers={"Authorization": f"Bearer {token}"})
    url = client.post(f"/api/v1/projects/{own.project}/assets/{asset.pk}/download-link").json()["url"]
    assert client.get(url).status_code == 200
    access.revoke(tom, person=person, role=Role.ARTIST, project=own.project)
    refused = client.get(url)
    assert (refused.status_code, refused.content) == (404, Client().get(url).content)
    assert len(downloads(own, asset)) == 1


def test_a_token_that_carries_less_opens_less(own, api, asset):
    url = asked(own, api, asset).json()["url"]
    tokens = [
        access.issue_token(own.actor("alice"), name=name, scope=frozenset(scope))
        for name, scope in (
            ("more", {Permission.ASSET_READ, Permission.ASSET_UNMARKED, Permission.ASSET_DOWNLOAD}),
            ("less", {Permission.ASSET_READ}),
        )
    ]
    more, less = (Client(headers={"Authorization": f"Bearer {token}"}).get(url) for token in tokens)
    assert (more.status_code, less.status_code) == (200, 404)
    assert less.content == Client().get(url).content


def test_a_picture_that_was_withdrawn_meanwhile_is_not_there(own, api, asset):
    url = asked(own, api, asset).json()["url"]
    gallery.withdraw(own.actor("lena"), asset=asset.pk)
    assert api(own, "alice").get(url).status_code == 404
    assert asked(own, api, asset).status_code == 404


def test_withdrawing_asks_for_a_fresh_second_factor_as_what_erases_does(own, api, asset):
    tired = access.actor_for(own.people["lena"], tenant=own.tenant, project=own.project)
    with pytest.raises(Forbidden) as refused:
        gallery.withdraw(tired, asset=asset.pk)
    assert refused.value.code == "step_up.needed"
    where = f"/api/v1/projects/{own.project}/assets/{asset.pk}/withdraw"
    unnamed = access.issue_token(own.actor("lena"), name="without a scope")
    assert Client(headers={"Authorization": f"Bearer {unnamed}"}).post(where).status_code == 403
    assert api(own, "lena").post(where).status_code == 204  # by a token whose scope names it


def test_a_link_is_made_for_those_who_may_and_for_what_may_leave(own, asset):
    assert gallery.link(own.actor("alice"), asset=asset.pk).text
    with pytest.raises(Forbidden):
        gallery.link(own.actor("olive"), asset=asset.pk)
    with own.actor("lena").writing():
        Asset.objects.filter(pk=asset.pk).update(purpose="trial")
    with pytest.raises(Conflict, match="not_exportable"):
        gallery.link(own.actor("alice"), asset=asset.pk)


def test_a_link_for_what_is_not_there_is_refused(own, elsewhere, asset):
    with pytest.raises(NotFound):
        gallery.link(elsewhere.actor("alice"), asset=asset.pk)


def test_only_a_get_takes_something_away(own, api, asset):
    url = asked(own, api, asset).json()["url"]
    client = api(own, "alice")
    assert [client.head(url).status_code, client.post(url).status_code, client.delete(url).status_code] == [405, 405, 405]
    assert downloads(own, asset) == []
    assert client.get(url).status_code == 200
