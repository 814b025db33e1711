"""Signing in by a studio's SAML provider, over HTTPS to a process that is one."""

import pytest

from tests.access.federating import Visitor, saml, sessions_of, told
from tests.factories.studio import found

ANN = {"name_id": "ann-1", "attributes": {"email": "ann@corp.example", "name": "Ann", "groups": ["artists", "leads"]}}


@pytest.fixture(autouse=True)
def allowed(settings_of_peers):
    """The peers may be asked."""


@pytest.fixture
def place(keeper):
    return found("Saml")


def test_a_person_joins_and_comes_back(place, saml_peer):
    saml(place, saml_peer, is_joining=True)
    saml_peer.control("person", **ANN)
    visitor = Visitor(place, saml_peer, kind="saml")
    answer = visitor.arrive()
    assert told(answer) == ""
    assert visitor.who() == "ann@corp.example"
    asked = saml_peer.control("recorded")["asked"][-1]
    assert (asked["signed"], asked["relay_state"] != "") == (True, True)
    again = Visitor(place, saml_peer, kind="saml")
    again.arrive()
    assert again.who() == "ann@corp.example"
    assert sessions_of(place) == 2


def test_a_step_up_forces_a_new_sign_in(place, saml_peer):
    saml(place, saml_peer, is_joining=True)
    saml_peer.control("person", **ANN)
    visitor = Visitor(place, saml_peer, kind="saml")
    visitor.arrive()
    saml_peer.control("person", **ANN, signed_in_ago=4000)
    assert told(visitor.arrive(fresh=1)) == "sso.not_fresh"
    assert saml_peer.control("recorded")["asked"][-1]["force_authn"]
    saml_peer.control("person", **ANN)
    assert told(visitor.arrive(fresh=1)) == ""
    assert visitor.who() == "ann@corp.example"


def test_a_log_out_at_the_provider_ends_the_session_here_and_one_here_is_told_there(place, saml_peer):
    saml(place, saml_peer, is_joining=True)
    saml_peer.control("person", **ANN)
    visitor = Visitor(place, saml_peer, kind="saml")
    visitor.arrive()
    entity = f"http://localhost:8000/s/{place.slug}/_allauth/saml/corp/metadata/"
    from tests.access.federating import path_of

    url = saml_peer.control("log_out", sp_entity_id=entity)["url"]
    from django.test import Client

    forged = url.replace("Signature=", "Signature=AAAA")
    assert Client().get(path_of(forged)).status_code == 400
    assert visitor.who() == "ann@corp.example"
    answer = Client().get(path_of(url))
    assert answer.status_code == 302, answer.content
    assert answer["Location"].startswith(saml_peer.url)
    assert visitor.who() is None
    back = visitor.at_peer.get(answer["Location"], allow_redirects=False, timeout=20)
    assert back.status_code == 200, back.text
    assert Client().get(path_of(url)).status_code == 400
