"""The corpus is run: whatever is tried, nobody is signed in; and the same way walked honestly opens a session each time."""

import base64

import pytest

from tests.access.attacks.climbing import CLIMBS
from tests.access.attacks.corpus import ANN, OPENID, REFUSALS, SAML, SETUP, WAYS, Stage
from tests.access.federating import Visitor, encoded, openid, saml, sessions_of, told
from tests.factories.studio import found
from tests.peers.saml_evil import ATTACKS, Kit

PERSON = {"name_id": "ann-1", "attributes": {"email": "ann@studio.example", "name": "Ann", "groups": ["artists", "leads"]}}
_STAGES: dict = {}


@pytest.fixture(autouse=True)
def allowed(settings_of_peers):
    """The peers may be asked."""


@pytest.fixture
def stage(keeper, oidc_evil):
    """One studio for the whole run, with a provider that lies when it is told."""
    oidc_evil.control("honest")
    oidc_evil.control("person", **ANN)
    if "openid" not in _STAGES:
        place = found("Attacked")
        openid(place, oidc_evil, is_joining=True)
        _STAGES["openid"] = Stage(place, oidc_evil)
    return _STAGES["openid"]


@pytest.fixture
def forged(keeper, saml_peer, tmp_path_factory):
    """One studio with a SAML provider, and what an attacker has."""
    saml_peer.control("person", **PERSON)
    if "saml" not in _STAGES:
        place = found("Forged")
        saml(place, saml_peer, is_joining=True)
        _STAGES["saml"] = Stage(place, saml_peer, {"kit": Kit(saml_peer.folder, tmp_path_factory.mktemp("forger"))})
    return _STAGES["saml"]


def check_honest(visitor, email=ANN["email"]):
    """The way works: the next refusal is not one because nothing does."""
    answer = visitor.arrive()
    assert told(answer) == ""
    assert visitor.who() == email
    visitor.post("/api/v1/sign-out", {})


def check_refused(stage, visitor, before, answer):
    assert visitor.who() is None
    assert sessions_of(stage.place) == before
    assert answer.status_code >= 400 or told(answer) or answer["Location"] == f"/s/{visitor.slug}/"


def test_the_corpus_is_large_enough():
    names = [*OPENID, *SAML, *WAYS, *SETUP, *CLIMBS]
    assert len(names) >= 60
    assert len({*OPENID}) + len({*SAML}) + len(WAYS) + len(SETUP) + len(CLIMBS) == len(names)


@pytest.mark.parametrize("lie", OPENID)
def test_openid(stage, lie):
    check_honest(stage.visitor())
    before = sessions_of(stage.place)
    visitor = stage.visitor()
    stage.peer.control("next", lie=lie)
    answer = visitor.arrive()
    assert told(answer), lie
    check_refused(stage, visitor, before, answer)


@pytest.mark.parametrize("attack", SAML)
def test_saml(forged, attack):
    if attack == SAML[0]:
        check_honest(Visitor(forged.place, forged.peer, kind="saml"))
    visitor = Visitor(forged.place, forged.peer, kind="saml")
    fields = visitor.at_provider(visitor.begin())
    xml = base64.b64decode(fields["SAMLResponse"])
    if attack == "replay":
        visitor.come_back(fields)
        assert visitor.who() == ANN["email"]
        visitor.post("/api/v1/sign-out", {})
    before = sessions_of(forged.place)
    forgery = ATTACKS[attack](xml, forged.more["kit"])
    answer = visitor.come_back({**fields, "SAMLResponse": encoded(forgery)})
    check_refused(forged, visitor, before, answer)
    assert told(answer) or answer.status_code >= 400
    if attack == SAML[-1]:
        check_honest(Visitor(forged.place, forged.peer, kind="saml"))


def test_saml_relay_state_leads_nowhere(forged):
    visitor = Visitor(forged.place, forged.peer, kind="saml")
    fields = visitor.at_provider(visitor.begin())
    answer = visitor.come_back({**fields, "RelayState": "https://evil.example/"})
    assert answer["Location"] == f"/s/{forged.place.slug}/"


def test_saml_response_of_another_browser_and_another_studio(forged):
    attacker = Visitor(forged.place, forged.peer, kind="saml")
    fields = attacker.at_provider(attacker.begin())
    before = sessions_of(forged.place)
    victim = Visitor(forged.place, forged.peer, kind="saml")
    victim.begin()
    answer = victim.come_back(fields)
    assert told(answer)
    check_refused(forged, victim, before, answer)
    other = found("Beside")
    saml(other, forged.peer, is_joining=True)
    visitor = Visitor(other, forged.peer, kind="saml")
    visitor.begin()
    answer = visitor.come_back(fields)
    assert told(answer)
    assert visitor.who() is None


@pytest.mark.parametrize("way", sorted(WAYS))
def test_ways(stage, way):
    check_honest(stage.visitor())
    before = sessions_of(stage.place)
    visitor = stage.visitor()
    answer = WAYS[way](stage, visitor)
    assert visitor.who() is None
    check_refused(stage, visitor, min(before, sessions_of(stage.place)), answer)


@pytest.mark.parametrize("attempt", sorted(SETUP))
def test_setup(stage, attempt):
    with pytest.raises(REFUSALS):
        SETUP[attempt](stage)


@pytest.mark.parametrize("climb", sorted(CLIMBS))
def test_climbing(stage, climb):
    CLIMBS[climb](stage, harmless=True)
    with pytest.raises(REFUSALS):
        CLIMBS[climb](stage, harmless=False)


def test_the_honest_setup_is_taken(stage):
    openid(stage.place, stage.peer, "honest", is_joining=True)
    stage.peer.control("person", **{**ANN, "sub": "u-5", "email": "eve@honest.example"})
    check_honest(stage.visitor("honest"), "eve@honest.example")
