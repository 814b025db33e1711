"""Which providers a person is linked to, and who breaks glass: told to who manages people, never what a provider said."""

import pytest
from allauth.socialaccount.models import SocialAccount

from access import services as access
from access.roles import Role
from access.services import identity
from kernel.errors import Forbidden
from kernel.scope import tenant_scope
from tests.access.joining import call, join
from tests.factories.providers import federated
from tests.factories.studio import found


@pytest.fixture(scope="module")
def own(keeper):
    made = found("Identities")
    join(made, "adam", Role.ADMIN)
    return made


@pytest.fixture(scope="module")
def providers(own):
    return federated(own)


def where(own, who):
    return f"/api/v1/people/{own.people[who]}/identities"


def test_it_is_said_which_providers_know_a_person_and_nothing_that_they_said(own, providers):
    with tenant_scope(own.tenant):
        linked = SocialAccount.objects.get(user_id=own.people["tina"])
        SocialAccount.objects.filter(pk=linked.pk).update(extra_data={"badge": "77-21"})
    answer = call(own, "adam", "get", where(own, "tina"))
    assert answer.status_code == 200, answer.content
    [said] = answer.json()["results"]
    assert said.keys() == {"provider", "provider_name", "linked"}
    assert (said["provider"], said["provider_name"]) == (str(providers["provider"]), "provider")
    assert said["linked"][:19] == linked.date_joined.isoformat()[:19]
    for secret in (linked.uid, "77-21", "badge"):
        assert secret not in answer.content.decode()


def test_it_follows_what_is_linked_and_unlinked(own, providers):
    tom, alice, spare = own.actor("tom", project=False), own.people["alice"], providers["spare_provider"]

    def known():
        return [one["provider_name"] for one in call(own, "tom", "get", where(own, "alice")).json()["results"]]

    assert known() == []
    identity.link_identity(tom, person=alice, provider=spare, uid="alice")
    assert known() == ["spare provider"]
    identity.unlink_identity(tom, person=alice, provider=spare)
    assert known() == []


@pytest.mark.parametrize("who", ["alice", "tina", "lena", "olive"])
def test_nobody_else_is_told(own, providers, who):
    assert call(own, who, "get", where(own, "tina")).status_code == 403
    actor = own.actor(who, project=False)
    with actor.reading(), pytest.raises(Forbidden):
        identity.identities_of(actor, person=own.people["tina"])


def test_mallory_finds_nobody(own, providers, elsewhere):
    assert call(elsewhere, "tom", "get", where(own, "tina")).status_code == 404


def test_the_list_of_people_says_who_breaks_glass(own):
    def named():
        rows = call(own, "adam", "get", "/api/v1/people?limit=200").json()["results"]
        return {one["name"] for one in rows if one["is_break_glass"]}

    owner, alice = own.actor("tom", project=False), own.people["alice"]
    assert "Alice" not in named()
    access.name_break_glass(owner, person=alice)
    try:
        assert "Alice" in named()
    finally:
        access.dismiss_break_glass(owner, person=alice)
    assert "Alice" not in named()
    members = call(own, "lena", "get", f"/api/v1/projects/{own.project}/members").json()["results"]
    assert all("is_break_glass" not in one for one in members)
