"""The peers are what they say: an independent client goes each honest way to its end, and sees each lie."""

import base64
import hashlib
import json
import secrets
import time
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests

from access.outward import Session, Way, fetch
from access.outward.places import NotReached, words
from tests.peers.oidc_evil import DISCOVERY_LIES, LIES

CALLBACK = "https://client.test/callback"


class Client:
    """An OpenID client of its own: code flow with PKCE, by requests and PyJWT alone."""

    def __init__(self, peer, name="client-1", secret="client-secret"):  # noqa: S107  # told to the peer
        self.peer, self.name, self.secret = peer, name, secret
        peer.control(
            "client", id=name, secret=secret, redirect_uris=[CALLBACK], post_logout_redirect_uris=["https://client.test/bye"]
        )
        self.browser = requests.Session()
        self.browser.verify, self.browser.trust_env = peer.authority, False  # a bundle of the environment would outrank ours
        self.known = self.browser.get(f"{peer.url}/.well-known/openid-configuration").json()

    def begin(self, **more):
        self.state, self.nonce, self.verifier = (secrets.token_urlsafe(32) for _ in range(3))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "client_id": self.name, "redirect_uri": CALLBACK, "response_type": "code", "scope": "openid email profile",
            "state": self.state, "nonce": self.nonce, "code_challenge": challenge, "code_challenge_method": "S256", **more,
        }  # fmt: skip
        return self.browser.get(self.known["authorization_endpoint"], params=asked, allow_redirects=False)

    def come_back(self, answer):
        assert answer.status_code == 302, answer.text
        assert answer.headers["Location"].startswith(CALLBACK)
        return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}

    def exchange(self, code, **more):
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "client_id": self.name,
                "client_secret": self.secret, "code_verifier": self.verifier, **more}  # fmt: skip
        return self.browser.post(
            self.known["token_endpoint"], data={name: value for name, value in form.items() if value is not None}
        )

    def judge(self, token):
        """Return the claims of an id_token, or raise what is wrong with it."""
        keys = jwt.PyJWKSet.from_dict(self.browser.get(self.known["jwks_uri"]).json())
        key = keys[jwt.get_unverified_header(token)["kid"]]
        claims = jwt.decode(token, key, algorithms=["RS256"], audience=self.name, issuer=self.known["issuer"],
                            options={"require": ["exp", "iat", "sub", "aud", "iss", "nonce"]})  # fmt: skip
        if claims["nonce"] != self.nonce:
            raise jwt.InvalidTokenError("nonce")
        if claims.get("azp", self.name) != self.name or (isinstance(claims["aud"], list) and len(claims["aud"]) > 1):
            raise jwt.InvalidTokenError("azp")
        return claims

    def sign_in(self, **more):
        """Go the whole way and return the claims, those of userinfo joined."""
        back = self.come_back(self.begin(**more))
        if back.get("state") != self.state or "error" in back:
            raise jwt.InvalidTokenError(back.get("error", "state"))
        tokens = self.exchange(back["code"]).json()
        claims = self.judge(tokens["id_token"])
        told = self.browser.get(
            self.known["userinfo_endpoint"], headers={"Authorization": f"Bearer {tokens['access_token']}"}
        ).json()
        if told["sub"] != claims["sub"]:
            raise jwt.InvalidTokenError("sub")
        return {**claims, "userinfo": told, "id_token": tokens["id_token"]}


# --- the honest OpenID provider --------------------------------------------------------------------------------------------


def test_openid_code_flow_with_pkce(oidc_peer):
    sub = oidc_peer.control("person", email="ann@studio.example", name="Ann", groups=["artists", "leads"])["sub"]
    oidc_peer.control("sign_in", email="ann@studio.example", amr=["pwd", "otp"])
    claims = Client(oidc_peer).sign_in()
    assert claims["sub"] == sub
    assert (claims["email"], claims["email_verified"]) == ("ann@studio.example", True)
    assert (claims["groups"], claims["amr"]) == (["artists", "leads"], ["pwd", "otp"])
    assert claims["userinfo"]["name"] == "Ann"
    assert abs(claims["auth_time"] - time.time()) < 5


def test_openid_provider_minds_pkce_code_secret_and_redirect(oidc_peer):
    oidc_peer.control("person", email="ben@studio.example", verified=False)
    oidc_peer.control("sign_in", email="ben@studio.example")
    client = Client(oidc_peer)
    for wrong in (
        {"code_verifier": "x" * 50},
        {"code_verifier": None},
        {"client_secret": "other"},
        {"redirect_uri": "https://evil.test/"},
    ):
        code = client.come_back(client.begin())["code"]
        assert client.exchange(code, **wrong).status_code >= 400, wrong
    code = client.come_back(client.begin())["code"]
    assert client.exchange(code).status_code == 200
    assert client.exchange(code).status_code >= 400
    assert client.begin(redirect_uri="https://evil.test/").status_code != 302
    assert client.sign_in()["email_verified"] is False


def test_openid_provider_signs_in_anew_when_asked(oidc_peer):
    oidc_peer.control("person", email="eve@studio.example")
    oidc_peer.control("sign_in", email="eve@studio.example")
    client = Client(oidc_peer)
    client.sign_in()
    oidc_peer.control("sign_in", email="eve@studio.example", ago=4000)
    assert time.time() - client.sign_in()["auth_time"] > 3900
    assert time.time() - client.sign_in(max_age="300")["auth_time"] < 10
    oidc_peer.control("sign_in", email="eve@studio.example", ago=4000)
    assert time.time() - client.sign_in(prompt="login")["auth_time"] < 10


def test_openid_provider_has_a_page_and_a_log_out(oidc_peer):
    oidc_peer.control("person", email="dan@studio.example", password="dans-own-password")
    oidc_peer.control("sign_in", email=None)
    client = Client(oidc_peer)
    asked = client.begin()
    page = client.browser.get(f"{oidc_peer.url}{asked.headers['Location']}")
    assert 'name="password"' in page.text
    form = {
        "login": "dan@studio.example",
        "password": "dans-own-password",
        "csrfmiddlewaretoken": client.browser.cookies["peer_csrf"],
    }
    answer = client.browser.post(page.url, data=form, headers={"Referer": page.url}, allow_redirects=False)
    answer = client.browser.get(f"{oidc_peer.url}{answer.headers['Location']}", allow_redirects=False)
    token = client.exchange(client.come_back(answer)["code"]).json()["id_token"]
    assert client.judge(token)["email"] == "dan@studio.example"
    bye = {"id_token_hint": token, "post_logout_redirect_uri": "https://client.test/bye", "state": "s"}
    answer = client.browser.get(client.known["end_session_endpoint"], params=bye, allow_redirects=False)
    assert answer.headers["Location"] == "https://client.test/bye?state=s"
    assert not client.begin().headers["Location"].startswith(CALLBACK)


# --- the lying OpenID provider ---------------------------------------------------------------------------------------------


@pytest.fixture
def liar(oidc_evil):
    oidc_evil.control("honest")
    oidc_evil.control("person", sub="u-1", email="ann@studio.example", email_verified=True, name="Ann", groups=["artists"])
    return oidc_evil


@pytest.mark.parametrize("lie", LIES)
def test_each_lie_is_seen_by_a_careful_client(lie, liar):
    client = Client(liar)
    assert client.sign_in()["sub"] == "u-1"
    liar.control("next", lie=lie)
    if lie in {"iss_parameter_wrong", "userinfo_email_differs"}:  # these tell of what a careful client looks at in other places
        assert client.begin().status_code == 302
        return
    with pytest.raises((jwt.PyJWTError, KeyError, requests.RequestException)):
        client.sign_in()
    assert client.sign_in()["sub"] == "u-1"


def test_claims_are_changed_as_told(liar):
    liar.control("next", claims={"groups": ["leads"], "auth_time": -4000, "email": "boss@other.example"})
    claims = Client(liar).sign_in()
    assert (claims["groups"], claims["email"]) == (["leads"], "boss@other.example")
    assert 3990 < time.time() - claims["auth_time"] < 4010
    liar.control("next", claims={"auth_time": None})
    assert "auth_time" not in Client(liar).sign_in()


def test_pkce_is_recorded_and_enforced(liar):
    client = Client(liar)
    code = client.come_back(client.begin())["code"]
    assert client.exchange(code, code_verifier=None).status_code == 400
    assert client.exchange(code, code_verifier="x" * 50).status_code == 400
    assert client.exchange(code).status_code == 200
    assert client.exchange(code).status_code == 400
    asked = liar.control("recorded")["asked"]
    assert asked[0]["code_challenge_method"] == "S256"
    assert asked[-1]["code_verifier"] == client.verifier


@pytest.mark.parametrize("lie", DISCOVERY_LIES)
def test_discovery_lies_until_it_is_honest(lie, liar):
    liar.control("next", lie=lie)
    assert DISCOVERY_LIES[lie].items() <= Client(liar).known.items()
    liar.control("honest")
    assert Client(liar).sign_in()["sub"] == "u-1"


# --- the way that the installation goes out ----------------------------------------------------------------------------------


def test_the_installations_own_session_reaches_a_peer_only_when_allowed(oidc_peer, peers_authority):
    url = f"{oidc_peer.url}/.well-known/openid-configuration"
    with pytest.raises(NotReached) as refused:
        fetch(url, Way(authorities=str(peers_authority.file)))
    assert refused.value.code == "outward.refused_address"
    way = Way(allowed=words(("127.0.0.1",)), authorities=str(peers_authority.file))
    assert json.loads(fetch(url, way))["issuer"] == oidc_peer.url
    assert len(Session(way).get(f"{oidc_peer.url}/.well-known/jwks.json").json()["keys"]) == 1
