"""A browser that walks between a studio and its identity providers, and providers set up by the studio's own services."""

import base64
from urllib.parse import parse_qs, urlsplit

import requests
from django.utils import timezone
from lxml import etree

from access.models import Grant, IdentityProvider, Session, User
from access.rules import Protocol
from access.services import identity
from kernel.scope import tenant_scope
from tests.access.signing_in import Browser

OURS = "http://localhost:8000"
CLIENT, SECRET = "guildhall", "a secret of the client's own"


def openid(studio, peer, slug="corp", *, is_enabled=True, **more):
    """Set up an OpenID provider of a peer; the peer knows us afterwards."""
    wanted = identity.Wanted(
        name=slug.title(), protocol=Protocol.OIDC, slug=slug, issuer=more.pop("issuer", peer.url), client_id=CLIENT,
        client_secret=SECRET, **more
    )  # fmt: skip
    row = identity.add_provider(studio.actor("tom", project=False), wanted=wanted)
    back = f"{OURS}/s/{studio.slug}/_allauth/oidc/{slug}/login/callback/"
    known = _known_redirects.setdefault((peer.url, CLIENT), [])
    known.append(back)
    peer.control("client", id=CLIENT, secret=SECRET, redirect_uris=known)
    return enabled(studio, row) if is_enabled else row


_known_redirects: dict = {}


def saml(studio, peer, slug="corp", *, is_enabled=True, **more):
    """Set up a SAML provider of a peer; the peer knows our metadata afterwards."""
    wanted = identity.Wanted(name=slug.title(), protocol=Protocol.SAML, slug=slug, metadata_url=f"{peer.url}/metadata", **more)
    row = identity.add_provider(studio.actor("tom", project=False), wanted=wanted)
    if is_enabled:
        enabled(studio, row)
        answer = Browser(studio.slug).get(f"/_allauth/saml/{slug}/metadata/")
        assert answer.status_code == 200, answer.content
        peer.control("sp", metadata=answer.content.decode())
    return row


def enabled(studio, row):
    """Let people sign in by a provider as if it had been tested; tests of testing do it the long way."""
    with tenant_scope(studio.tenant):
        IdentityProvider.objects.filter(pk=row.pk).update(is_enabled=True, tested=timezone.now())
    row.is_enabled = True
    return row


def sessions_of(studio, who=None):
    """Return how many sessions somebody, or anybody, is signed in by."""
    with tenant_scope(studio.tenant, read_only=True):
        found = Session.objects.filter(user_id__isnull=False)
        return (found.filter(user_id=who) if who else found).count()


def person_of(studio, email):
    with tenant_scope(studio.tenant, read_only=True):
        return User.objects.filter(email=email).first()


def grants_of(studio, person):
    with tenant_scope(studio.tenant, read_only=True):
        return sorted(Grant.objects.filter(user_id=person).values_list("role", "source"))


class Visitor(Browser):
    """A browser of somebody who signs in at a provider."""

    def __init__(self, studio, peer, slug="corp", kind="oidc"):
        super().__init__(studio.slug)
        self.studio, self.peer, self.provider, self.kind = studio, peer, slug, kind
        self.at_peer = requests.Session()
        self.at_peer.trust_env, self.at_peer.verify = False, peer.authority

    def begin(self, **asked):
        """Follow our link; return the provider's address to which it leads."""
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        answer = self.get(f"/_allauth/{self.kind}/{self.provider}/login/?{query}")
        assert answer.status_code == 302, answer.content
        return answer["Location"]

    def at_provider(self, url):
        """Sign in there; return the address or, for SAML, the fields with which it sends us back."""
        answer = self.at_peer.get(url, allow_redirects=False, timeout=20)
        if self.kind == "saml":
            page = etree.HTML(answer.text)
            return {one.get("name"): one.get("value") for one in page.iterfind(".//input[@name]")}
        while answer.is_redirect and not answer.headers["Location"].startswith(OURS):
            answer = self.at_peer.get(
                requests.compat.urljoin(answer.url, answer.headers["Location"]), allow_redirects=False, timeout=20
            )
        assert answer.is_redirect, (answer.status_code, answer.text[:500])
        return answer.headers["Location"]

    def come_back(self, back):
        """Bring back what the provider gave; return our last answer."""
        if self.kind == "oidc":
            return self.client.get(path_of(back))
        answer = self.post_response(back)
        return self.client.get(answer["Location"]) if answer.status_code == 302 else answer

    def post_response(self, fields):
        """Post a response, as the provider's page makes a browser do: from elsewhere, without our cookies."""
        from django.test import Client

        return Client(enforce_csrf_checks=True).post(f"/s/{self.slug}/_allauth/saml/{self.provider}/acs/", fields)

    def arrive(self, **asked):
        """Walk the whole way."""
        return self.come_back(self.at_provider(self.begin(**asked)))

    def who(self):
        """Return who this browser is signed in as, or None."""
        answer = self.get("/api/v1/session")
        return answer.json()["person"]["email"] if answer.status_code == 200 else None


def path_of(url):
    """Return an address without its origin."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def told(answer):
    """Return the code that a refusal is told by."""
    return parse_qs(urlsplit(answer.get("Location", "")).query).get("error", [""])[0]


def encoded(xml):
    return base64.b64encode(xml).decode()
