"""A studio's address: a host of its own where there is a domain for them, else a path of the one host."""

import json

import pytest
from django.conf import settings
from django.test import Client, override_settings

from access.places import studio_of_host, studio_place, studio_url
from tests.access.signing_in import LIBRARY, Browser
from tests.factories.studio import PASSWORD

DOMAIN = "studios.test"
LOGIN = f"{LIBRARY}/auth/login"


@pytest.fixture
def hosted():
    with override_settings(
        STUDIO_DOMAIN=DOMAIN, PUBLIC_URL="https://guildhall.test", ALLOWED_HOSTS=[*settings.ALLOWED_HOSTS, f".{DOMAIN}"]
    ):
        yield


class Hosted(Browser):
    """A browser at a studio's own host."""

    def __init__(self, slug):
        super().__init__(slug)
        self.host = f"{slug}.{DOMAIN}"

    def get(self, path):
        return self.client.get(path, HTTP_HOST=self.host)

    def post(self, path, body, method="post", **headers):
        if "csrftoken" not in self.client.cookies:
            self.get("/")
        sent = {"X-CSRFToken": self.client.cookies["csrftoken"].value, "Origin": f"https://{self.host}", **headers}
        send = getattr(self.client, method)
        return send(path, json.dumps(body), content_type="application/json", headers=sent, HTTP_HOST=self.host)


def test_a_studio_has_a_host_of_its_own(hosted, studio):
    browser = Hosted(studio.slug)
    assert browser.sign_in("alice").status_code == 200
    assert browser.get("/api/v1/session").json()["tenant"]["slug"] == studio.slug
    cookie = browser.client.cookies["guildhall_session"]
    assert (cookie["path"], cookie["domain"]) == ("/", "")
    assert browser.post(f"{LIBRARY}/auth/session", {}, method="delete").status_code == 401


def test_another_studios_cookie_or_token_is_nobody_at_a_host(hosted, studio, elsewhere):
    browser, other = Hosted(studio.slug), Hosted(elsewhere.slug)
    assert browser.sign_in("alice").status_code == 200
    other.client.cookies["guildhall_session"] = browser.key
    assert other.get("/api/v1/session").status_code == 401
    assert browser.get("/api/v1/session").status_code == 200
    bearer = Client(headers={"Authorization": f"Bearer {studio.token('alice')}"})
    assert bearer.get("/api/v1/session", HTTP_HOST=f"{studio.slug}.{DOMAIN}").status_code == 200
    assert bearer.get("/api/v1/session", HTTP_HOST=f"{elsewhere.slug}.{DOMAIN}").status_code == 401


@pytest.mark.parametrize("origin", [f"https://evil.{DOMAIN}", "https://evil.test", f"https://{DOMAIN}", "null"])
def test_another_origin_posts_nothing(hosted, studio, origin):
    browser = Hosted(studio.slug)
    body = {"email": "alice@example.com", "password": PASSWORD}
    assert browser.post(LOGIN, body, Origin=origin).status_code == 403
    assert browser.post(LOGIN, body).status_code == 200


def test_where_studios_have_hosts_there_are_no_paths_for_them(hosted, studio, elsewhere):
    assert Client().get(f"/s/{studio.slug}/").status_code == 404
    assert Client().get(f"/s/{elsewhere.slug}/", HTTP_HOST=f"{studio.slug}.{DOMAIN}").status_code == 404
    assert Client().get("/", HTTP_HOST=f"no-such-studio.{DOMAIN}").status_code == 404
    assert Client().get("/", HTTP_HOST=f"a.{studio.slug}.{DOMAIN}").status_code == 404
    found = Client().get("/api/v1/studios", {"name": studio.slug}).json()
    assert found["url"] == f"https://{studio.slug}.{DOMAIN}/"


def test_without_a_domain_a_host_names_no_studio(studio):
    with override_settings(ALLOWED_HOSTS=["*"]):
        answer = Client().post(LOGIN, "{}", content_type="application/json", HTTP_HOST=f"{studio.slug}.{DOMAIN}")
    assert answer.status_code == 404


def test_with_one_host_each_studio_has_a_cookie_of_its_own(studio, elsewhere):
    browser, other = Browser(studio.slug), Browser(elsewhere.slug)
    assert browser.sign_in("alice").status_code == 200
    assert browser.client.cookies["guildhall_session"]["path"] == f"/s/{studio.slug}/"
    other.client.cookies["guildhall_session"] = browser.key
    assert other.get("/api/v1/session").status_code == 401


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("fox.studios.test", "fox"), ("FOX.studios.test:8000", "fox"), ("studios.test", None), ("fox.other.test", None),
        ("app.studios.test", "app"), ("a.fox.studios.test", ""), ("-.studios.test", ""), ("foxstudios.test", None),
    ],
)  # fmt: skip
def test_a_host_names_a_studio(hosted, host, name):
    assert studio_of_host(host) == name


def test_the_installations_own_host_is_no_studio(hosted):
    with override_settings(PUBLIC_URL=f"https://app.{DOMAIN}"):
        assert studio_of_host(f"app.{DOMAIN}") is None
        assert studio_of_host(f"fox.{DOMAIN}") == "fox"


def test_addresses_come_from_the_settings_alone(hosted):
    assert studio_url("fox") == studio_place("fox") == "https://fox.studios.test/"
    with override_settings(PUBLIC_URL="http://guildhall.test:8000"):
        assert studio_url("fox") == "http://fox.studios.test:8000/"
        with override_settings(STUDIO_DOMAIN=""):
            assert studio_url("fox") == "http://guildhall.test:8000/s/fox/"
            assert studio_place("fox") == "/s/fox/"
