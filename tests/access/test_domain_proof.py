"""A domain is proved by what it shows itself, over https at its own address, and leads to its studio from then on."""

import secrets
import threading
from dataclasses import replace

import pytest
from django.test import Client, override_settings

from access import outward
from access.services.identity import WELL_KNOWN
from tests.access.signing_in import Browser
from tests.factories.studio import found
from tests.peers import serving


@pytest.fixture
def places(keeper):
    return found("Domains"), found("Elsewhere")


def owner_of(place):
    browser = Browser(place.slug)
    assert browser.sign_in("tom", factor=True).status_code == 200
    return browser


@pytest.fixture
def domain():
    return f"{secrets.token_hex(6)}.example"


@pytest.fixture
def host(peers_authority, domain, monkeypatch):
    """Let a domain lead to a server of ours: return a function that starts it for a name and shows a text at the address."""
    address = f"127.77.{secrets.randbelow(256)}.{secrets.randbelow(254) + 1}"
    real, running = outward.of_installation, []
    monkeypatch.setattr(outward, "of_installation", lambda: replace(real(), resolve=lambda *_: [address]))

    def show(text, name=domain):
        for server in running:
            server.shutdown()
            server.server_close()
        running.clear()
        try:
            server = serving.Threaded((address, 443), serving.Quiet)
        except PermissionError:
            pytest.skip("no port below 1024 may be opened here")
        context = peers_authority.issue(name).context()
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        server.set_app(serving.application({f"GET {WELL_KNOWN}": lambda _: serving.Answer(body=text)}))
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        running.append(server)

    with override_settings(OUTWARD_ALLOWED=["127.77.0.0/16"], OUTWARD_CA=str(peers_authority.file)):
        yield show
    for server in running:
        server.shutdown()
        server.server_close()


def claimed(browser, domain):
    answer = browser.post("/api/v1/domains", {"domain": domain})
    assert answer.status_code == 201, answer.content
    return answer.json()


def prove(browser, row):
    return browser.post(f"/api/v1/domains/{row['id']}/prove", {})


def led_to(email):
    answer = Client().get("/api/v1/studios", {"name": email})
    return answer.json()["slug"] if answer.status_code == 200 else answer.status_code


def test_a_domain_that_shows_its_challenge_leads_to_its_studio(places, domain, host):
    mine, other = places
    tom, stranger = owner_of(mine), owner_of(other)
    row, theirs = claimed(tom, domain), claimed(stranger, domain)
    assert row["challenge"] != theirs["challenge"]
    for shown in ("", "something else", theirs["challenge"], row["challenge"][:-1], f"x{row['challenge']}"):
        host(shown)
        refused = prove(tom, row)
        assert (refused.status_code, refused.json()["code"]) == (422, "domain.not_proved")
    host(row["challenge"], "another.example")
    assert prove(tom, row).status_code == 422, "a certificate of another name"
    assert led_to(f"ann@{domain}") == 404

    host(f"{row['challenge']}\n")
    proved = prove(tom, row)
    assert proved.status_code == 200, proved.content
    assert proved.json()["proved"]
    assert prove(tom, row).json()["proved"] == proved.json()["proved"]
    # Whether there is such a person is not told.
    assert {led_to(f"{who}@{domain.upper()}") for who in ("tom", "nobody")} == {mine.slug}
    assert {led_to(one) for one in (f"ann@x.{domain}", f"ann@{domain[1:]}", f"ann@{domain}.example", domain)} == {404}

    host(f"{row['challenge']} {theirs['challenge']}")
    refused = prove(stranger, theirs)
    assert (refused.status_code, refused.json()["code"]) == (409, "domain.proved_elsewhere")
    assert tom.post(f"/api/v1/domains/{row['id']}", {}, method="delete").status_code == 204
    assert led_to(f"ann@{domain}") == 404
    assert prove(stranger, theirs).status_code == 200
    assert led_to(f"ann@{domain}") == other.slug
