"""Signing in by a studio's OpenID provider, over HTTPS to processes that are providers."""

import pytest

from access.models import CapturedDomain
from kernel.scope import tenant_scope
from tests.access.federating import CLIENT, Visitor, grants_of, openid, person_of, sessions_of, told
from tests.factories.studio import found

ANN = {"sub": "u-1", "email": "ann@corp.example", "email_verified": True, "name": "Ann", "groups": []}


@pytest.fixture(autouse=True)
def allowed(settings_of_peers):
    """The peers may be asked."""


@pytest.fixture
def place(keeper):
    return found("Sso")


def test_who_is_unknown_is_refused_and_joins_where_the_studio_lets_people_join(place, oidc_peer):
    openid(place, oidc_peer)
    oidc_peer.control("person", email="ann@corp.example", name="Ann Example")
    oidc_peer.control("sign_in", email="ann@corp.example")
    visitor = Visitor(place, oidc_peer)
    assert told(visitor.arrive()) == "sso.unknown_person"
    assert visitor.who() is None
    assert sessions_of(place) == 0

    openid(place, oidc_peer, "open", is_joining=True)
    visitor = Visitor(place, oidc_peer, "open")
    answer = visitor.arrive()
    assert answer["Location"] == f"/s/{place.slug}/", answer["Location"]
    assert visitor.who() == "ann@corp.example"
    again = Visitor(place, oidc_peer, "open")
    again.arrive()
    assert again.who() == "ann@corp.example"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_elsewhere_begins_no_sign_in_that_nobody_asked_for(place, oidc_peer, site):
    openid(place, oidc_peer)
    there = Visitor(place, oidc_peer)
    begin = f"/s/{place.slug}/_allauth/oidc/corp/login/"
    led = there.client.get(begin, headers={"Sec-Fetch-Site": site})
    assert (led.status_code, led["Location"]) == (302, f"/s/{place.slug}/sign-in")
    for wanted in ({"Sec-Fetch-Site": site, "Sec-Fetch-User": "?1"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}):
        assert there.client.get(begin, headers=wanted)["Location"].startswith(oidc_peer.url)


def captured(place, row, domain="corp.example"):
    from django.utils import timezone

    with tenant_scope(place.tenant):
        CapturedDomain.objects.update_or_create(
            domain=domain, defaults={"provider": row, "challenge": "c" * 48, "proved": timezone.now()}
        )


def add(place, email, **more):
    from access import services as access

    return access.add_person(place.actor("tom", project=False), email=email, name=email.partition("@")[0].title(), **more)


def come(place, peer, slug="corp", **claims):
    peer.control("honest")
    peer.control("person", **{**ANN, **claims})
    visitor = Visitor(place, peer, slug)
    return visitor, visitor.arrive()


def test_an_address_links_an_account_only_in_a_domain_that_is_proved_for_this_provider(place, oidc_evil):
    row = openid(place, oidc_evil, is_joining=True)
    person = add(place, "ann@corp.example")
    visitor, answer = come(place, oidc_evil)
    assert (told(answer), visitor.who()) == ("sso.admin_links", None)
    other = openid(place, oidc_evil, "other", is_joining=True)
    captured(place, other)
    visitor, answer = come(place, oidc_evil)
    assert (told(answer), visitor.who()) == ("sso.admin_links", None)
    captured(place, row)
    visitor, answer = come(place, oidc_evil, email_verified=False)
    assert (told(answer), visitor.who()) == ("sso.admin_links", None)
    visitor, _ = come(place, oidc_evil)
    assert visitor.who() == "ann@corp.example"
    assert person_of(place, "ann@corp.example").pk == person.pk
    # The address given to another account at the provider since: it is nobody of ours.
    visitor, answer = come(place, oidc_evil, sub="u-2")
    assert (told(answer), visitor.who()) == ("sso.admin_links", None)


def test_who_is_appointed_and_who_breaks_the_glass_are_linked_by_hand_alone(place, oidc_evil):
    from access.models import User
    from access.services import identity

    row = openid(place, oidc_evil, is_joining=True)
    captured(place, row, "example.com")
    with tenant_scope(place.tenant):
        User.objects.filter(pk=place.people["alice"]).update(is_break_glass=True)
    for who in ("tom", "alice", "olive"):
        visitor, answer = come(place, oidc_evil, sub=who, email=f"{who}@example.com")
        assert (told(answer), visitor.who()) == ("sso.admin_links", None)
    visitor, _ = come(place, oidc_evil, sub="tina", email="tina@example.com")
    assert visitor.who() == "tina@example.com"
    identity.link_identity(place.actor("tom", project=False), person=place.people["tom"], provider=row.pk, uid="tom")
    visitor, _ = come(place, oidc_evil, sub="tom", email="tom@example.com")
    assert visitor.who() == "tom@example.com"
    identity.unlink_identity(place.actor("tom", project=False), person=place.people["tom"], provider=row.pk)
    assert visitor.who() is None
    visitor, answer = come(place, oidc_evil, sub="tom", email="tom@example.com")
    assert told(answer) == "sso.admin_links"


def test_who_is_suspended_is_refused(place, oidc_evil):
    from access.models import User

    openid(place, oidc_evil, is_joining=True)
    visitor, _ = come(place, oidc_evil)
    assert visitor.who() == "ann@corp.example"
    with tenant_scope(place.tenant):
        User.objects.filter(email="ann@corp.example").update(is_active=False)
    visitor, answer = come(place, oidc_evil)
    assert (told(answer), visitor.who()) == ("sso.suspended", None)


def test_groups_give_and_take_roles_at_each_sign_in(place, oidc_evil):
    from access.models import Group, GroupMember
    from access.roles import Role
    from access.services import identity
    from kernel.errors import Forbidden, InvalidInput

    row = openid(place, oidc_evil, is_joining=True)
    tom = place.actor("tom", project=False)
    with tenant_scope(place.tenant):
        team = Group.objects.create(name="Team")
    for given in (
        identity.Given("artists", role=Role.ARTIST, project=place.project),
        identity.Given("audit", role=Role.AUDITOR),
        identity.Given("artists", group=team.pk),
    ):
        identity.add_mapping(tom, provider=row.pk, given=given)
    for role in (Role.OWNER, Role.OFFICER):
        with pytest.raises(InvalidInput):
            identity.add_mapping(tom, provider=row.pk, given=identity.Given("all", role=role))
    from dataclasses import replace

    from access.roles import ROLE_PERMISSIONS

    admin = replace(tom, permissions=ROLE_PERMISSIONS[Role.ADMIN])
    with pytest.raises(Forbidden):
        identity.add_mapping(admin, provider=row.pk, given=identity.Given("all", role=Role.ADMIN))
    identity.add_mapping(tom, provider=row.pk, given=identity.Given("admins", role=Role.ADMIN))

    come(place, oidc_evil, groups=["artists", "audit", "unknown"])
    person = person_of(place, "ann@corp.example").pk
    assert grants_of(place, person) == [("artist", "provider"), ("auditor", "provider")]
    with tenant_scope(place.tenant, read_only=True):
        assert GroupMember.objects.filter(user=person, group=team).exists()
    come(place, oidc_evil, groups=["audit"])
    assert grants_of(place, person) == [("auditor", "provider")]
    with tenant_scope(place.tenant, read_only=True):
        assert not GroupMember.objects.filter(user=person).exists()
    identity.remove_provider(tom, provider=row.pk)
    assert grants_of(place, person) == []


def test_a_step_up_asks_the_provider_anew_and_is_for_the_same_person(place, oidc_evil):
    from access.models import Session
    from access.proofs import proofs_in

    openid(place, oidc_evil, is_joining=True)
    visitor, _ = come(place, oidc_evil)
    url = visitor.begin(fresh=1)
    assert "prompt=login" in url
    assert "max_age=0" in url
    oidc_evil.control("next", claims={"auth_time": -4000})
    assert told(visitor.come_back(visitor.at_provider(url))) == "sso.not_fresh"
    oidc_evil.control("honest")
    before = visitor.key
    visitor.arrive(fresh=1)
    thief = Visitor(place, oidc_evil)
    thief.client.cookies["guildhall_session"] = before
    assert (visitor.who(), thief.who()) == ("ann@corp.example", None)  # the key of before opens nothing
    with tenant_scope(place.tenant, read_only=True):
        [session] = Session.objects.filter(user_id=person_of_inside("ann@corp.example"))
    proofs = proofs_in(session.content)
    import time

    assert proofs.is_stepped_up(time.time(), by_provider=True)
    assert not proofs.is_stepped_up(time.time())
    assert "ann@corp.example" not in str(session.content)
    oidc_evil.control("person", **{**ANN, "sub": "u-9", "email": "bob@corp.example"})
    assert told(visitor.arrive(fresh=1)) == "sso.other_person"
    assert visitor.who() == "ann@corp.example"


def person_of_inside(email):
    from access.models import User

    return User.objects.get(email=email).pk


def test_nothing_that_the_provider_said_is_kept(place, oidc_evil):
    from django.db import connection

    openid(place, oidc_evil, is_joining=True)
    come(place, oidc_evil, groups=["a-telling-group"], phone_number="+1 555 0100")
    with tenant_scope(place.tenant, read_only=True), connection.cursor() as cursor:
        for table in ("access_session", "socialaccount_socialaccount", "socialaccount_socialtoken", "access_user", "audit_entry"):
            cursor.execute(f"SELECT t::text FROM {table} t WHERE tenant_id = %s", [place.tenant])
            kept = str(cursor.fetchall())
            assert "a-telling-group" not in kept
            assert "555 0100" not in kept
            assert "eyJ" not in kept


NO_LOG_OUT = {
    "an_id_tokens_type": {"headers": {"typ": "JWT"}},
    "an_access_tokens_type": {"headers": {"typ": "at+jwt"}},
    "no_event": {"claims": {"events": None}},
    "another_event": {"claims": {"events": {"http://schemas.openid.net/event/other": {}}}},
    "a_nonce": {"claims": {"nonce": "n"}},
    "nobody_named": {"claims": {"sub": None}},
    "no_name_of_its_own": {"claims": {"jti": None}},
    "for_another_client": {"claims": {"aud": "another-client"}},
    "of_another_issuer": {"claims": {"iss": "https://other.example"}},
    "old": {"claims": {"iat": 1_700_000_000, "exp": None}},
    "ended": {"claims": {"exp": 1_700_000_000}},
    "by_another_key": {"other_key": True},
}


@pytest.mark.parametrize("wrong", NO_LOG_OUT)
def test_a_log_out_token_ends_sessions_once_and_nothing_else_does(place, oidc_evil, wrong):
    from django.test import Client

    def told_of(**asked):
        claims = {"aud": CLIENT, "sub": ANN["sub"], **asked.pop("claims", {})}
        return oidc_evil.control("logout_token", claims=claims, **asked)["token"]

    openid(place, oidc_evil, is_joining=True)
    visitor, _ = come(place, oidc_evil)
    at = f"/s/{place.slug}/_allauth/oidc/corp/logout/"
    assert Client().post(at, {"logout_token": told_of(**NO_LOG_OUT[wrong])}).status_code == 400
    assert visitor.who() == ANN["email"]
    right = told_of()
    assert Client().post(at, {"logout_token": right}).status_code == 200
    assert visitor.who() is None
    visitor, _ = come(place, oidc_evil)
    assert Client().post(at, {"logout_token": right}).status_code == 400
    assert visitor.who() == ANN["email"]
