"""An operator, and support that nobody has let in, get nothing of a studio at any door: neither content nor prompt nor key."""

from dataclasses import replace

import pytest
from django.test import Client, override_settings

from access import services as access
from kernel.errors import NotFound, Unauthenticated
from tests.factories.platform import platform
from tests.factories.rows import filled
from tests.factories.studio import found
from tests.factories.working import Worker
from tests.house.doors import CASES, Side, api_routes, content, named

ROUTES = api_routes()
SERVED = [(name, verb) for name, (_, verbs) in ROUTES.items() for verb in verbs]
# What an operator does in the platform's own tenant as other people do in theirs.
OF_HER_OWN = {"session", "projects", "people", "tokens"}


@pytest.fixture(autouse=True)
def as_the_web_asks(keeper):
    with override_settings(KEEPER_TOKEN=bytes.fromhex(keeper.tokens.drawn["web"])):
        yield


@pytest.fixture(scope="module")
def theirs(keeper, as_login):
    """A studio with one row of each kind."""
    studio = found("Unseen")
    return Side(studio, filled(studio, Worker(keeper, as_login)))


@pytest.fixture(scope="module")
def secrets(theirs):
    """Every id and name in the studio; its own id, name and address stand in the register and in the platform's log."""
    people = [*map(str, theirs.studio.people.values()), "alice@example.com", "Alice", "Fox film"]
    return [one.encode() for one in {*theirs.ids.values(), *people}]


@pytest.mark.parametrize("who", ["opal", "sam"])
@pytest.mark.parametrize(("name", "verb"), SERVED)
def test_no_door_shows_anything_of_a_studio(name, verb, who, theirs, secrets):
    (route, _), case = ROUTES[name], replace(CASES[name, verb], by_session=False, who=who)
    answer = Side(platform(), theirs.rows).ask(verb, route, case, theirs.ids)
    if "<uuid:project>" in route or named(route, case):
        asks_for_a_browser = answer.status_code == 422 and answer.json()["code"] == "session.needs_browser"
        assert answer.status_code in {403, 404} or asks_for_a_browser, answer.content
    assert not [one for one in secrets if one in content(answer)]


def test_some_doors_of_her_own_tenant_are_open_to_her(theirs):
    """So that the refusals above are not those of a broken token."""
    side = Side(platform(), theirs.rows)
    answered = {name for name in OF_HER_OWN if side.ask("get", ROUTES[name][0], case_of(name), theirs.ids).status_code == 200}
    assert answered == OF_HER_OWN


def test_the_platforms_own_doors_tell_a_studios_place_and_nothing_in_it(theirs, secrets):
    opal = Client(headers={"Authorization": f"Bearer {platform().token('opal')}"})
    told = [
        opal.get(f"/api/v1/platform/{path}").content for path in ("studios?limit=200", f"studios/{theirs.studio.tenant}", "health")
    ]
    assert theirs.studio.slug.encode() in told[0]
    assert theirs.studio.slug.encode() in told[1]
    assert not [one for one in secrets if one in b"".join(told)]


def case_of(name):
    return replace(CASES[name, "get"], who="opal", query="")


def test_the_platforms_people_have_no_project(theirs):
    for who in ("opal", "sam"):
        actor = platform().actor(who, project=False)
        assert actor.project is None
        with pytest.raises(NotFound):
            access.actor_for(actor.person, tenant=actor.tenant, project=theirs.studio.project)
        with pytest.raises(Unauthenticated):
            access.actor_for(actor.person, tenant=theirs.studio.tenant)
