"""The attacks, by family and name. A function takes the stage and tries; it returns the last answer that the attacker got."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.test import Client

from access.errors import SignInRefused
from access.models import CapturedDomain, IdentityProvider
from access.roles import Role
from access.rules import Protocol
from access.services import identity
from kernel.errors import GuildhallError
from kernel.scope import tenant_scope
from tests.access.federating import CLIENT, SECRET, Visitor, encoded, openid, path_of
from tests.access.signing_in import LIBRARY, Browser
from tests.factories.studio import PASSWORD, found
from tests.peers.oidc_evil import LIES
from tests.peers.saml_evil import ATTACKS

ANN = {"sub": "u-1", "email": "ann@studio.example", "email_verified": True, "name": "Ann", "groups": []}


@dataclass
class Stage:
    """A studio with an OpenID provider called `corp` where people may join, and its peer."""

    place: Any
    peer: Any
    more: dict = field(default_factory=dict)

    def visitor(self, slug="corp"):
        return Visitor(self.place, self.peer, slug)

    def owner(self):
        return self.place.actor("tom", project=False)

    def row(self, slug="corp"):
        with tenant_scope(self.place.tenant, read_only=True):
            return IdentityProvider.objects.get(slug=slug)


# --- ways -----------------------------------------------------------------------------------------------------------------


def state_of_another_browser(stage, visitor):
    """Hand the victim an address with the attacker's own code: she would work in his account."""
    back = stage.visitor().at_provider(stage.visitor().begin())
    return visitor.come_back(back)


def state_of_another_browser_in_the_midst(stage, visitor):
    """The same while the victim is on her own way."""
    attacker = stage.visitor()
    back = attacker.at_provider(attacker.begin())
    visitor.begin()
    return visitor.come_back(back)


def code_with_the_state_of_the_victim(stage, visitor):
    """Put the attacker's code beside the victim's own state: PKCE and the nonce do not fit."""
    attacker = stage.visitor()
    theirs = parse_qs(urlsplit(attacker.at_provider(attacker.begin())).query)
    own = parse_qs(urlsplit(visitor.at_provider(visitor.begin())).query)
    back = f"/s/{visitor.slug}/_allauth/oidc/corp/login/callback/?" + urlencode(
        {"code": theirs["code"][0], "state": own["state"][0]}
    )
    return visitor.client.get(back)


def callback_walked_twice(stage, visitor):
    """Bring the same code and state again, in a browser that has signed out since."""
    back = visitor.at_provider(visitor.begin())
    visitor.come_back(back)
    visitor.post("/api/v1/sign-out", {})
    return visitor.come_back(back)


def callback_without_a_state(stage, visitor):
    parts = urlsplit(visitor.at_provider(visitor.begin()))
    code = parse_qs(parts.query)["code"][0]
    return visitor.client.get(f"{parts.path}?code={code}")


def callback_of_another_provider(stage, visitor):
    """Bring one provider's answer to the address of another one of the same studio."""
    _second(stage)
    back = visitor.at_provider(visitor.begin())
    return visitor.client.get(path_of(back).replace("/oidc/corp/", "/oidc/second/"))


def callback_at_another_studio(stage, visitor):
    other = _elsewhere(stage)
    back = visitor.at_provider(visitor.begin())
    return Browser(other.slug).client.get(path_of(back).replace(visitor.slug, other.slug))


def state_of_saml_for_openid(stage, visitor):
    return visitor.client.get(f"/s/{visitor.slug}/_allauth/saml/corp/acs/finish/?ticket=x")


def provider_that_is_not_enabled(stage, visitor):
    openid(stage.place, stage.peer, f"off-{id(visitor)}", is_enabled=False, is_joining=True)
    return visitor.get(f"/_allauth/oidc/off-{id(visitor)}/login/")


def provider_that_was_disabled_on_the_way(stage, visitor):
    slug = f"gone-{id(visitor)}"
    row = openid(stage.place, stage.peer, slug, is_joining=True)
    visitor.provider = slug
    back = visitor.at_provider(visitor.begin())
    with tenant_scope(stage.place.tenant):
        IdentityProvider.objects.filter(pk=row.pk).update(is_enabled=False)
    return visitor.come_back(back)


def provider_of_another_studio(stage, visitor):
    other = _elsewhere(stage)
    return visitor.get(f"/_allauth/oidc/{stage.more['slug_elsewhere']}/login/") if other else None


def redirect_after_signing_in_elsewhere(stage, visitor):
    """Be led to the attacker's page with a session: the session may be, the page may not. So nobody signs in here at all."""
    answer = visitor.arrive(next="https://evil.example/")
    assert answer["Location"] == f"/s/{visitor.slug}/"
    visitor.post("/api/v1/sign-out", {})
    return answer


def redirect_to_another_studio(stage, visitor):
    answer = visitor.arrive(next="/s/elsewhere/")
    assert answer["Location"] == f"/s/{visitor.slug}/"
    visitor.post("/api/v1/sign-out", {})
    return answer


def redirect_with_two_slashes(stage, visitor):
    answer = visitor.arrive(next="//evil.example/")
    assert answer["Location"] == f"/s/{visitor.slug}/"
    visitor.post("/api/v1/sign-out", {})
    return answer


def redirect_by_backslashes(stage, visitor):
    answer = visitor.arrive(next=f"/s/{visitor.slug}/../../%5c%5cevil.example")
    assert answer["Location"] == f"/s/{visitor.slug}/"
    visitor.post("/api/v1/sign-out", {})
    return answer


def address_of_the_owner(stage, visitor):
    """Say an owner's address at one's own provider."""
    _captured(stage, "example.com")
    return _as(stage, visitor, sub="evil-1", email="tom@example.com")


def address_of_the_officer(stage, visitor):
    """The same of who judges the admin who set the provider up."""
    _captured(stage, "example.com")
    return _as(stage, visitor, sub="evil-11", email="olive@example.com")


def address_of_a_colleague_without_a_proved_domain(stage, visitor):
    _released(stage, "example.com")
    return _as(stage, visitor, sub="evil-2", email="alice@example.com")


def address_of_a_colleague_by_another_provider(stage, visitor):
    """The domain is proved, for another provider."""
    second = _second(stage)
    _captured(stage, "example.com", second)
    return _as(stage, visitor, sub="evil-3", email="alice@example.com")


def address_that_is_not_verified(stage, visitor):
    _captured(stage, "example.com")
    return _as(stage, visitor, sub="evil-4", email="alice@example.com", email_verified=False)


def address_of_a_domain_of_another_provider(stage, visitor):
    """Join under an address that only the other provider may speak for."""
    _captured(stage, "other.example", _second(stage))
    return _as(stage, visitor, sub="evil-5", email="new@other.example")


def address_in_capitals_and_lookalikes(stage, visitor):
    _released(stage, "example.com")
    return _as(stage, visitor, sub="evil-6", email="ALICE@EXAMPLE.COM")


def address_with_another_behind_it(stage, visitor):
    return _as(stage, visitor, sub="evil-7", email="alice@example.com,evil@evil.example")


def two_addresses(stage, visitor):
    return _as(stage, visitor, sub="evil-8", email=["alice@example.com", "evil@evil.example"])


def no_address(stage, visitor):
    return _as(stage, visitor, sub="evil-9", email=None)


def recycled_address(stage, visitor):
    """The provider gives a leaver's address to somebody new."""
    _captured(stage, "studio.example")
    leaver = stage.visitor()
    _as(stage, leaver, **ANN)
    leaver.post("/api/v1/sign-out", {})
    return _as(stage, visitor, **{**ANN, "sub": "another"})


def connecting_to_the_account_of_the_session(stage, visitor):
    """Ask the library to connect an identity to whoever is signed in."""
    visitor.get("/")
    token = visitor.client.cookies["csrftoken"].value
    sent = {"provider": "corp", "process": "connect", "callback_url": f"/s/{visitor.slug}/", "csrfmiddlewaretoken": token}
    return visitor.client.post(f"/s/{visitor.slug}{LIBRARY}/auth/provider/redirect", sent, headers={"X-CSRFToken": token})


def id_token_handed_in(stage, visitor):
    """Sign in by an id_token that was made for another application."""
    body = {"provider": "corp", "process": "login", "token": {"client_id": CLIENT, "id_token": "eyJhbGciOiJub25lIn0.e30."}}
    return visitor.post(f"{LIBRARY}/auth/provider/token", body)


def signing_up_after_the_provider(stage, visitor):
    return visitor.post(f"{LIBRARY}/auth/provider/signup", {"email": "evil@evil.example"})


def signing_up(stage, visitor):
    return visitor.post(f"{LIBRARY}/auth/signup", {"email": "evil@evil.example", "password": PASSWORD})


def connected_identities(stage, visitor):
    return visitor.get(f"{LIBRARY}/account/providers")


def step_up_by_somebody_else(stage, visitor):
    """Step up a stolen session by the attacker's own sign-in at the provider."""
    owner = Browser(visitor.slug)
    owner.sign_in("alice")
    visitor.client = owner.client
    answer = _as(stage, visitor, sub="evil-10", email="evil@evil.example", fresh=1)
    assert visitor.who() == "alice@example.com"
    visitor.post("/api/v1/sign-out", {})
    return answer


def log_out_of_another(stage, visitor):
    """End somebody's session by a token that the provider did not sign."""
    colleague = stage.visitor()
    _as(stage, colleague, **ANN)
    at = f"/s/{visitor.slug}/_allauth/oidc/corp/logout/"
    answer = Client().post(at, {"logout_token": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1LTEifQ."})
    assert colleague.who() == ANN["email"]
    colleague.post("/api/v1/sign-out", {})
    return answer


def _as(stage, visitor, fresh=0, **claims):
    stage.peer.control("honest")
    stage.peer.control("person", **{**ANN, **{name: value for name, value in claims.items() if value is not None}})
    if claims.get("email", "") is None:
        stage.peer.control("person", sub=claims["sub"], name="Evil", groups=[])
    return visitor.arrive(**({"fresh": fresh} if fresh else {}))


def _second(stage):
    if "second" not in stage.more:
        stage.more["second"] = openid(stage.place, stage.peer, "second", is_joining=True)
    return stage.more["second"]


def _elsewhere(stage):
    if "elsewhere" not in stage.more:
        stage.more["elsewhere"] = found("Elsewhere")
        stage.more["slug_elsewhere"] = "elsewhere-only"
        openid(stage.more["elsewhere"], stage.peer, "elsewhere-only", is_joining=True)
    return stage.more["elsewhere"]


def _captured(stage, domain, row=None):
    from django.utils import timezone

    with tenant_scope(stage.place.tenant):
        row = row or IdentityProvider.objects.get(slug="corp")
        made = {"provider": row, "challenge": "c" * 48, "proved": timezone.now()}
        CapturedDomain.objects.update_or_create(domain=domain, defaults=made)


def _released(stage, domain):
    with tenant_scope(stage.place.tenant):
        CapturedDomain.objects.filter(domain=domain).delete()


WAYS: dict[str, Callable] = {
    one.__name__: one
    for one in (
        state_of_another_browser, state_of_another_browser_in_the_midst, code_with_the_state_of_the_victim, callback_walked_twice,
        callback_without_a_state, callback_of_another_provider, callback_at_another_studio, state_of_saml_for_openid,
        provider_that_is_not_enabled, provider_that_was_disabled_on_the_way, provider_of_another_studio,
        redirect_after_signing_in_elsewhere, redirect_to_another_studio, redirect_with_two_slashes, redirect_by_backslashes,
        address_of_the_owner, address_of_the_officer, address_of_a_colleague_without_a_proved_domain,
        address_of_a_colleague_by_another_provider,
        address_that_is_not_verified, address_of_a_domain_of_another_provider, address_in_capitals_and_lookalikes,
        address_with_another_behind_it, two_addresses, no_address, recycled_address, connecting_to_the_account_of_the_session,
        id_token_handed_in, signing_up_after_the_provider, signing_up, connected_identities, step_up_by_somebody_else,
        log_out_of_another,
    )
}  # fmt: skip


# --- setup: an admin of a studio who is the attacker ----------------------------------------------------------------------


def _described(stage, **said):
    base = stage.peer.url
    document = {
        "issuer": base, "authorization_endpoint": f"{base}/authorize", "token_endpoint": f"{base}/token",
        "jwks_uri": f"{base}/jwks", "id_token_signing_alg_values_supported": ["RS256"], **said,
    }  # fmt: skip
    return _added(stage, metadata=json.dumps(document))


def _added(stage, protocol=Protocol.OIDC, **more):
    wanted = identity.Wanted(name="Evil", protocol=protocol, client_id=CLIENT, client_secret=SECRET, **more)
    return identity.add_provider(stage.owner(), wanted=wanted)


def _mapped(role):
    return lambda stage: identity.add_mapping(stage.owner(), provider=stage.row().pk, given=identity.Given("all", role=role))


def metadata_of_a_lie(lie):
    def attempt(stage):
        stage.peer.control("next", lie=lie)
        try:
            return _added(stage, issuer=stage.peer.url)
        finally:
            stage.peer.control("honest")

    return attempt


def another_issuer_by_refreshing(stage):
    document = json.dumps({"issuer": "https://other.example", "authorization_endpoint": "https://other.example/a",
                           "token_endpoint": "https://other.example/t", "jwks_uri": "https://other.example/k"})  # fmt: skip
    return identity.refresh_provider(stage.owner(), provider=stage.row().pk, metadata=document)


SETUP: dict[str, Callable] = {
    "metadata_at_a_cloud's_own_address": lambda stage: _added(stage, metadata_url="https://169.254.169.254/latest"),
    "metadata_at_a_private_address": lambda stage: _added(stage, metadata_url="https://10.0.0.1/.well-known/openid-configuration"),
    "metadata_at_an_address_in_decimals": lambda stage: _added(stage, metadata_url="https://2130706433/"),
    "metadata_at_a_mapped_address": lambda stage: _added(stage, metadata_url="https://[::ffff:10.0.0.1]/"),
    "metadata_without_tls": lambda stage: _added(stage, metadata_url="http://idp.example.com/"),
    "metadata_in_a_file": lambda stage: _added(stage, metadata_url="file:///etc/passwd"),
    "metadata_by_a_name_of_the_machine": lambda stage: _added(stage, metadata_url="https://localhost/"),
    "metadata_with_a_name_before_the_host": lambda stage: _added(stage, metadata_url="https://idp.example.com@10.0.0.1/"),
    "saml_metadata_at_a_private_address": lambda stage: _added(stage, Protocol.SAML, metadata_url="https://192.168.0.1/m"),
    "saml_metadata_with_an_entity": lambda stage: _added(
        stage, Protocol.SAML, metadata='<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>'
    ),
    "token_endpoint_at_a_private_address": lambda stage: _described(stage, token_endpoint="https://10.0.0.1/token"),
    "keys_at_a_private_address": lambda stage: _described(stage, jwks_uri="https://172.16.0.1/jwks"),
    "keys_in_a_file": lambda stage: _described(stage, jwks_uri="file:///etc/passwd"),
    "sign_in_address_that_is_a_script": lambda stage: _described(stage, authorization_endpoint="javascript:alert(1)"),
    "user_info_without_tls": lambda stage: _described(stage, userinfo_endpoint="http://idp.example.com/u"),
    "algorithm_none_alone": lambda stage: _described(stage, id_token_signing_alg_values_supported=["none"]),
    "algorithms_with_a_shared_secret": lambda stage: _described(stage, id_token_signing_alg_values_supported=["HS256", "HS512"]),
    "no_challenge_s256": lambda stage: _described(stage, code_challenge_methods_supported=["plain"]),
    "issuer_of_another": metadata_of_a_lie("issuer_of_another"),
    "discovered_token_endpoint_at_a_private_address": metadata_of_a_lie("token_endpoint_private"),
    "discovered_keys_in_a_file": metadata_of_a_lie("jwks_uri_file"),
    "another_issuer_by_refreshing": another_issuer_by_refreshing,
    "owner_by_a_group": _mapped(Role.OWNER),
    "officer_by_a_group": _mapped(Role.OFFICER),
    "operator_by_a_group": _mapped(Role.OPERATOR),
    "enabled_without_a_test": lambda stage: identity.change_provider(
        stage.owner(), provider=openid(stage.place, stage.peer, "untested", is_enabled=False).pk, changes={"is_enabled": True}
    ),
}

OPENID, SAML = sorted(LIES), sorted(ATTACKS)
REFUSALS = (GuildhallError, SignInRefused)
__all__ = ["OPENID", "REFUSALS", "SAML", "SETUP", "WAYS", "Stage", "encoded"]
