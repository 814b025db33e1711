"""Every address that is not declared public answers 401 to nobody, and 404 to Mallory where it names another studio's row.

Mallory has the same role in a studio with the same rows, so that nothing but the row's owner tells the requests apart;
beside each refusal stands the request of who may.
"""

import json
import uuid
from pathlib import Path

import pytest
from django.test import Client, override_settings

from access import services as access
from access.roles import Role
from tests.factories.rows import PREVIEWS, filled
from tests.factories.studio import found
from tests.factories.working import Worker
from tests.house.doors import CASES, FILTERS, VERBS, Case, Side, address, api_routes, bare, content, named, told

SCHEMA = json.loads((Path(__file__).parents[2] / "frontend/openapi.json").read_text())
SUCCESS = {200, 201, 204}
ROUTES = api_routes()
SERVED = [(name, verb) for name, (_, verbs) in ROUTES.items() for verb in verbs]
UNSERVED = [(name, verb) for name, (_, verbs) in ROUTES.items() for verb in VERBS if verb not in verbs]


def operation(name, verb):
    route, _ = ROUTES[name]
    path = "/" + route.replace("<uuid:", "{").replace("<int:", "{").replace("<slug:", "{").replace("<str:", "{")
    return SCHEMA["paths"][path.replace("<path:", "{").replace(">", "}")][verb]


def parameters(name, verb):
    return [] if (name, verb) not in SERVED else operation(name, verb).get("parameters", [])


KEYED = {one for one in SERVED if any(par["in"] == "header" and par["name"] == "Idempotency-Key" for par in parameters(*one))}
NARROWED = [
    (name, par["name"])
    for name in ROUTES
    for par in parameters(name, "get")
    if par["in"] == "query" and par["schema"].get("format") == "uuid"
]
# People and bases are of a whole studio.
OF_THE_STUDIO = {"alice", "tina", "lena", "spare_person", "service", "spare_service", "base"}
OF_A_PROJECT = sorted(
    (name, verb)
    for name, verb in CASES.keys() & set(SERVED)
    if "<uuid:project>" in ROUTES[name][0] and set(named(ROUTES[name][0], CASES[name, verb])) - OF_THE_STUDIO
)


@pytest.fixture(autouse=True)
def as_the_web_asks(keeper):
    with override_settings(KEEPER_TOKEN=bytes.fromhex(keeper.tokens.drawn["web"])):
        yield


@pytest.fixture(scope="module")
def theirs(keeper, as_login):
    """A studio with one row of each kind."""
    studio = found("Theirs")
    return Side(studio, filled(studio, Worker(keeper, as_login)))


@pytest.fixture(scope="module")
def mallory(keeper, as_login):
    """Another studio with the same rows; one of its own, as `elsewhere` stays empty."""
    studio = found("Mallory")
    return Side(studio, filled(studio, Worker(keeper, as_login)))


@pytest.fixture(scope="module")
def secrets(theirs, mallory):
    """Every id of theirs."""
    ids = {*theirs.ids.values(), str(theirs.studio.tenant), *map(str, theirs.studio.people.values())}
    assert not ids & set(mallory.ids.values())
    return [one.encode() for one in ids]


def attempts(rows, mallory, theirs, *, has_project):
    """Return what Mallory names: each row of theirs alone among her own, and all of them, in her project and in theirs."""
    places = [{}, {"project": theirs.ids["project"]}] if has_project else [{}]
    chosen = [*([one] for one in rows), rows] if rows else [[]]
    tried = [place | {name: theirs.ids[name] for name in names} for place in places for names in chosen]
    return [one for one in tried if one]


def refused(mallory, verb, route, case, stolen, key=None):
    """Return the answer to theirs, having seen that an invented id gets the same."""
    invented = {name: str(uuid.uuid4()) for name in stolen}
    real = mallory.ask(verb, route, case, mallory.ids | stolen, key)
    none = mallory.ask(verb, route, case, mallory.ids | invented, key)
    assert told(real, stolen.values()) == told(none, invented.values()), stolen
    return real


def test_every_door_is_tried():
    assert set(SERVED) == CASES.keys()
    assert set(NARROWED) == FILTERS.keys()
    assert len(SERVED) > 50


@pytest.mark.parametrize("name", ROUTES)
def test_nobody_is_told_to_sign_in(name, theirs):
    route, verbs = ROUTES[name]
    where = address(route, bare(CASES[name, verbs[0]]), theirs.ids)
    for verb in VERBS:
        assert getattr(Client(), verb)(where).status_code in {401, 405}, verb
    for verb in verbs:
        assert getattr(Client(), verb)(where).status_code == 401, verb


@pytest.fixture(scope="module")
def other_project(theirs):
    """A second project of theirs, in which the same people have the same roles."""
    owner = theirs.studio.actor("tom", project=False)
    made = access.create_project(owner, name="Other film").pk
    for who, role in (("alice", Role.ARTIST), ("tina", Role.TRAINER), ("lena", Role.LEAD)):
        access.grant(owner, person=theirs.studio.people[who], role=role, project=made)
    return str(made)


@pytest.mark.parametrize(("name", "verb"), OF_A_PROJECT)
def test_a_row_of_one_project_is_not_found_in_another(name, verb, theirs, other_project):
    """Here no wall of the database helps: both projects are the same studio's."""
    (route, _), case = ROUTES[name], CASES[name, verb]
    rows = [row for row in named(route, case) if row not in OF_THE_STUDIO]
    place = theirs.ids | {"project": other_project}
    invented = {row: str(uuid.uuid4()) for row in rows}
    real, none = theirs.ask(verb, route, case, place), theirs.ask(verb, route, case, place | invented)
    assert real.status_code == 404
    assert told(real, [theirs.ids[row] for row in rows]) == told(none, invented.values())


@pytest.mark.parametrize(("name", "verb"), SERVED)
def test_mallory_finds_nothing_of_another_studio(name, verb, theirs, mallory, secrets):
    (route, _), case, key = ROUTES[name], CASES[name, verb], uuid.uuid4().hex if (name, verb) in KEYED else None
    tried = attempts(named(route, case), mallory, theirs, has_project="<uuid:project>" in route)
    for show in PREVIEWS:
        show()
    for stolen in tried:
        assert refused(mallory, verb, route, case, stolen).status_code == 404, stolen
    done = theirs.ask(verb, route, case, theirs.ids, key)
    assert done.status_code in SUCCESS, done.content
    if key is not None:
        for stolen in tried:
            assert refused(mallory, verb, route, case, stolen, key).status_code == 404, stolen
    own = mallory.ask(verb, route, case, mallory.ids, key)
    assert own.status_code in SUCCESS, own.content
    assert not [one for one in secrets if one in content(own)]
    if verb == "get" and not named(route, case):
        assert case.shows == "" or theirs.ids[case.shows].encode() in content(done)
        assert content(own) != content(done)


@pytest.mark.parametrize(("name", "verb"), UNSERVED)
def test_a_verb_that_is_not_served_tells_nothing_of_another_studio(name, verb, theirs, mallory):
    route, verbs = ROUTES[name]
    case = bare(CASES[name, verbs[0]])
    for stolen in attempts(named(route, case), mallory, theirs, has_project="<uuid:project>" in route):
        answer = refused(mallory, verb, route, case, stolen)
        assert answer.status_code == (404 if "project" in stolen else 405)
    assert theirs.ask(verb, route, case, theirs.ids).status_code == 405


@pytest.mark.parametrize(("name", "field"), NARROWED)
def test_a_list_narrowed_to_a_row_of_another_studio_is_empty(name, field, theirs, mallory):
    (route, _), given, row = ROUTES[name], CASES[name, "get"], FILTERS[name, field]

    def ask(side, value):
        return side.ask("get", route, Case(given.who, query=f"?{field}={value}", by_session=given.by_session), side.ids)

    answer, invented = ask(mallory, theirs.ids[row]), str(uuid.uuid4())
    assert told(answer, [theirs.ids[row]]) == told(ask(mallory, invented), [invented])
    assert answer.status_code == 400 or answer.json()["results"] == []
    assert ask(theirs, theirs.ids[row]).json()["results"]


def test_an_address_with_an_unknown_kind_of_id_fails(theirs):
    with pytest.raises(KeyError, match="costume"):
        address("api/v1/costumes/<uuid:costume>", Case("alice"), theirs.ids)


def test_the_schema_is_current():
    from django.conf import settings

    from config.management.commands.openapi import schema

    assert (settings.ROOT / "frontend" / "openapi.json").read_text(encoding="utf-8") == schema()
