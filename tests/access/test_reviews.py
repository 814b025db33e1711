"""Access reviews: what they list, who decides, what a decision does, and what is left as evidence."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from access import services as access
from access.models import Grant, ReviewItem
from access.roles import Permission, Reach, Role
from access.services import Decision, Post, RoleDraft, To
from kernel.errors import Conflict, Forbidden, InvalidInput, NotFound
from kernel.scope import tenant_scope
from tests.access.joining import call, entries_of, join, pseudonym_of, rights
from tests.factories.studio import found

P = Permission


@pytest.fixture
def own(keeper):
    made = found("Reviews")
    join(made, "adam", Role.ADMIN)
    join(made, "gina", Role.ARTIST, project=made.project)
    return made


@pytest.fixture
def owner(own):
    return own.actor("tom", project=False)


def soon(**more):
    return timezone.now() + timedelta(**(more or {"days": 7}))


def items(studio, review):
    with tenant_scope(studio.tenant, read_only=True):
        return list(ReviewItem.objects.filter(review=review))


def item_of(studio, review, person):
    [found_] = [one for one in items(studio, review) if one.holder_id == person]
    return found_


def test_a_review_lists_every_grant_as_it_stands(own, owner):
    group = access.make_group(owner, name="Foxes").pk
    role = access.define_role(owner, draft=RoleDraft("Looker", Reach.PROJECT, frozenset({P.PROJECT_READ}))).pk
    by_group = access.grant_to(owner, to=To(group=group), post=Post(role, own.project))
    with tenant_scope(own.tenant):
        by_provider = Grant.objects.create(
            user_id=own.people["alice"], project_id=own.project, role="viewer", source="provider"
        )  # fmt: skip
        ended = Grant.objects.create(
            user_id=own.people["alice"], project_id=own.project, role="exporter", expires=timezone.now()
        )  # fmt: skip
        living = set(Grant.objects.exclude(pk=ended.pk).values_list("pk", flat=True))
    whole = access.open_review(owner, due=soon()).pk
    assert {one.grant_id for one in items(own, whole)} == living
    project = access.open_review(own.actor("lena"), due=soon()).pk
    listed = {one.grant_id: one for one in items(own, project)}
    assert {by_group.pk, by_provider.pk} < set(listed) < living
    assert (listed[by_group.pk].holder, listed[by_group.pk].role, listed[by_group.pk].is_group) == ("Foxes", "Looker", True)
    assert {one.project_id for one in listed.values()} == {own.project}
    [told, _] = entries_of(own, "review.opened")
    assert (told.facts["review"], told.facts["items"], told.project) == (str(project), len(listed), own.project)


def test_a_confirmed_grant_stays_and_a_revoked_one_is_gone_at_once(own):
    lena, gina, alice = own.actor("lena"), own.people["gina"], own.people["alice"]
    review = access.open_review(lena, due=soon()).pk
    access.decide(lena, review=review, item=item_of(own, review, alice).pk, decision=Decision.CONFIRM)
    gone = item_of(own, review, gina)
    access.decide(lena, review=review, item=gone.pk, decision=Decision.REVOKE)
    assert P.GENERATION_CREATE in rights(own, alice, own.project)
    with pytest.raises(NotFound):
        rights(own, gina, own.project)
    assert entries_of(own, "role.revoked")[0].facts == {"person": pseudonym_of(own, gina), "role": "artist"}
    assert entries_of(own, "review.decided")[0].facts == {
        "review": str(review), "item": str(gone.pk), "grant": str(gone.grant_id), "decision": "revoke", "source": "hand",
        "person": pseudonym_of(own, gina),
    }  # fmt: skip
    with pytest.raises(Conflict) as refused:
        access.decide(lena, review=review, item=gone.pk, decision=Decision.CONFIRM)
    assert refused.value.code == "review.decided"


def test_nobody_decides_on_what_he_holds_himself_or_through_a_group(own, owner):
    lena = own.actor("lena")
    group = access.make_group(owner, name="Leads").pk
    access.add_member(owner, group=group, person=lena.person)
    access.grant_to(owner, to=To(group=group), post=Post(Role.VIEWER, own.project))
    review = access.open_review(lena, due=soon()).pk
    for holder in (lena.person, group):
        for decision in Decision:
            with pytest.raises(Forbidden) as refused:
                access.decide(lena, review=review, item=item_of(own, review, holder).pk, decision=decision)
            assert refused.value.code == "review.own_grant"
        access.decide(owner, review=review, item=item_of(own, review, holder).pk, decision=Decision.REVOKE)
    with pytest.raises(NotFound):
        rights(own, lena.person, own.project)


def test_what_a_provider_gave_is_revoked_and_its_mapping_must_change(own, owner):
    with tenant_scope(own.tenant):
        Grant.objects.filter(user_id=own.people["gina"]).update(source="provider")
    review = access.open_review(owner, due=soon()).pk
    where = f"/api/v1/access-reviews/{review}/items/{item_of(own, review, own.people['gina']).pk}/decision"
    decided = call(own, "tom", "post", where, {"decision": "revoke"}).json()
    assert decided["must_change_mapping"] is True
    assert entries_of(own, "review.decided")[0].facts["source"] == "provider"
    with pytest.raises(NotFound):
        rights(own, own.people["gina"], own.project)
    other = f"/api/v1/access-reviews/{review}/items/{item_of(own, review, own.people['alice']).pk}/decision"
    assert call(own, "tom", "post", other, {"decision": "revoke"}).json()["must_change_mapping"] is False


def test_a_grant_that_is_gone_is_decided_too(own, owner):
    review = access.open_review(owner, due=soon()).pk
    access.revoke(owner, person=own.people["gina"], role=Role.ARTIST, project=own.project)
    access.decide(owner, review=review, item=item_of(own, review, own.people["gina"]).pk, decision=Decision.REVOKE)
    assert entries_of(own, "review.decided")[0].facts["source"] == "gone"
    assert len(entries_of(own, "role.revoked")) == 1


def test_an_admin_confirms_an_owner_and_does_not_dismiss_him(own, owner):
    admin = own.actor("adam", project=False)
    review = access.open_review(admin, due=soon()).pk
    boss = item_of(own, review, own.people["tom"]).pk
    with pytest.raises(Forbidden):
        access.decide(admin, review=review, item=boss, decision=Decision.REVOKE)
    access.decide(admin, review=review, item=boss, decision=Decision.CONFIRM)
    access.decide(owner, review=review, item=item_of(own, review, admin.person).pk, decision=Decision.REVOKE)
    assert not rights(own, admin.person)


def test_what_is_left_undecided_is_named_when_it_closes(own):
    lena = own.actor("lena")
    review = access.open_review(lena, due=soon()).pk
    access.decide(lena, review=review, item=item_of(own, review, own.people["alice"]).pk, decision=Decision.CONFIRM)
    access.decide(lena, review=review, item=item_of(own, review, own.people["gina"]).pk, decision=Decision.REVOKE)
    access.close_review(lena, review=review)
    left = len(items(own, review)) - 2
    assert left > 0
    assert entries_of(own, "review.closed")[0].facts == {"review": str(review), "confirmed": 1, "revoked": 1, "open": left}
    for deed in (
        lambda: access.close_review(lena, review=review),
        lambda: access.decide(lena, review=review, item=item_of(own, review, own.people["tina"]).pk, decision=Decision.CONFIRM),
    ):
        with pytest.raises(Conflict) as refused:
            deed()
        assert refused.value.code == "review.closed"


def test_the_evidence_names_each_entry(own):
    lena = own.actor("lena")
    with tenant_scope(own.tenant):
        from access.models import User

        User.objects.filter(pk=own.people["alice"]).update(display_name='=HYPERLINK("x")')
    review = access.open_review(lena, due=soon()).pk
    access.decide(lena, review=review, item=item_of(own, review, own.people["alice"]).pk, decision=Decision.CONFIRM)
    access.decide(lena, review=review, item=item_of(own, review, own.people["gina"]).pk, decision=Decision.REVOKE)
    access.close_review(lena, review=review)
    where = f"/api/v1/access-reviews/{review}/evidence"
    told = call(own, "lena", "get", where).json()
    decided = {one.facts["item"]: str(one.id) for one in entries_of(own, "review.decided")}
    assert len(decided) == 2
    assert {one["id"]: one["entry"] for one in told["items"] if one["decision"]} == decided
    assert [one["entry"] for one in told["items"] if not one["decision"]] == [None] * told["open"]
    assert told["opened_entry"] == str(entries_of(own, "review.opened")[0].id)
    assert told["closed_entry"] == str(entries_of(own, "review.closed")[0].id)
    assert (told["confirmed"], told["revoked"]) == (1, 1)
    answer = call(own, "lena", "get", f"{where}?as=csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert {row["id"]: row["entry"] for row in rows if row["entry"]} == decided
    assert {row["review"] for row in rows} == {str(review)}
    assert '\'=HYPERLINK("x")' in {row["holder"] for row in rows}, "a spreadsheet would run it"


def test_a_lead_reviews_her_project_and_no_other(own, owner, elsewhere):
    other = access.create_project(owner, name="Owl film").pk
    whole = access.open_review(owner, due=soon()).pk
    foreign = access.open_review(
        access.actor_for(owner.person, tenant=own.tenant, project=other, is_stepped_up=True), due=soon()
    ).pk
    theirs = access.open_review(elsewhere.actor("lena"), due=soon()).pk
    mine = call(own, "lena", "post", f"/api/v1/projects/{own.project}/access-reviews", {"due": soon().isoformat()})
    assert mine.status_code == 201, mine.content
    listed = call(own, "lena", "get", f"/api/v1/projects/{own.project}/access-reviews?closed=false").json()["results"]
    assert [one["id"] for one in listed] == [mine.json()["id"]]
    assert call(own, "lena", "get", f"/api/v1/projects/{own.project}/access-reviews?closed=true").json()["results"] == []
    answers = {}
    for review in (whole, foreign, theirs, elsewhere.tenant):
        for path in ("", "/items", "/evidence"):
            answer = call(own, "lena", "get", f"/api/v1/access-reviews/{review}{path}")
            answers.setdefault(path, set()).add((answer.status_code, answer.content))
    assert {path: len(told) for path, told in answers.items()} == {"": 1, "/items": 1, "/evidence": 1}
    assert {status for told in answers.values() for status, _ in told} == {403}
    assert call(own, "lena", "get", "/api/v1/access-reviews").status_code == 403
    assert call(own, "lena", "get", f"/api/v1/projects/{other}/access-reviews").status_code == 404
    for path in ("", "/items", "/evidence"):
        assert call(own, "lena", "get", f"/api/v1/access-reviews/{mine.json()['id']}{path}").status_code == 200
    shown = call(own, "tom", "get", f"/api/v1/access-reviews?project={other}").json()["results"]
    assert [one["id"] for one in shown] == [str(foreign)]


@pytest.mark.parametrize("who", ["alice", "tina", "olive"])
def test_nobody_else_reviews(own, who):
    review = access.open_review(own.actor("lena"), due=soon()).pk
    item = item_of(own, review, own.people["gina"]).pk
    where, body = f"/api/v1/access-reviews/{review}", {"decision": "revoke"}
    assert call(own, who, "post", "/api/v1/access-reviews", {"due": soon().isoformat()}).status_code == 403
    assert call(own, who, "post", f"/api/v1/projects/{own.project}/access-reviews", {"due": soon().isoformat()}).status_code == 403
    for path in ("", "/items", "/evidence"):
        assert call(own, who, "get", where + path).status_code == 403
    assert call(own, who, "post", f"{where}/items/{item}/decision", body).status_code == 403
    assert call(own, who, "post", f"{where}/close").status_code == 403
    assert call(own, "lena", "post", f"{where}/items/{item}/decision", body).status_code == 200
    assert call(own, "lena", "post", f"{where}/close").status_code == 200


def test_another_studios_review_is_none(own, owner, elsewhere):
    theirs = access.open_review(elsewhere.actor("tom", project=False), due=soon()).pk
    item = items(elsewhere, theirs)[0].pk
    mine = access.open_review(owner, due=soon()).pk
    for review in (theirs, mine):
        with pytest.raises(NotFound):
            access.decide(owner, review=review, item=item, decision=Decision.REVOKE)
    assert call(own, "tom", "get", f"/api/v1/access-reviews/{theirs}").status_code == 404


def test_a_review_is_due_in_the_future_and_within_a_year(own, owner):
    for due in (soon(seconds=-1), soon(days=367)):
        with pytest.raises(InvalidInput):
            access.open_review(owner, due=due)
    tired = access.actor_for(owner.person, tenant=own.tenant)
    with pytest.raises(Forbidden) as refused:
        access.open_review(tired, due=soon())
    assert refused.value.code == "step_up.needed"


def test_the_items_are_narrowed(own, owner):
    review = access.open_review(owner, due=soon()).pk
    access.decide(owner, review=review, item=item_of(own, review, own.people["gina"]).pk, decision=Decision.CONFIRM)
    where = f"/api/v1/access-reviews/{review}/items"
    assert [one["holder"] for one in call(own, "tom", "get", f"{where}?decision=confirm").json()["results"]] == ["Gina"]
    assert len(call(own, "tom", "get", f"{where}?decision=open").json()["results"]) == len(items(own, review)) - 1
    assert [one["role"] for one in call(own, "tom", "get", f"{where}?holder=lena").json()["results"]] == ["lead"]
    assert call(own, "tom", "get", f"{where}?decision=perhaps").status_code == 400
    assert "Gina" not in json.dumps([one.facts for one in entries_of(own, "review.decided")])
