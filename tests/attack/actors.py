"""Who asks over HTTP, and by what: tokens that are good and bad, sessions, and people who are given one role alone.

Everything that knows how a person shows who she is, or how she comes by a role, stands here.
"""

import contextlib
import json
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from access import services as access
from access import tokens
from access.models import ApiToken, Membership, User
from access.roles import OF_THE_PERSON, ROLE_PERMISSIONS, TENANT_WIDE, Role
from kernel.scope import tenant_scope
from tests.access.signing_in import Browser
from tests.factories.pictures import picture
from tests.factories.rows import filled
from tests.factories.studio import PASSWORD, found
from tests.factories.working import Worker
from tests.house.doors import CASES, Side

SAFE = {"get", "head", "options"}


@dataclass(frozen=True)
class Caller:
    """One way of asking: a client with what it shows, and what stands before the address."""

    name: str
    client: Client
    prefix: str = ""
    headers: dict = field(default_factory=dict)

    def ask(self, verb, where, *, body=None, form=False, key=None):
        """Send a request, an upload as a form; nothing is raised here for what the server failed at."""
        headers = self.headers | ({} if key is None else {"Idempotency-Key": key})
        send = getattr(self.client, verb)
        if form:
            return send(self.prefix + where, body | {"file": upload()}, headers=headers)
        if body is None:
            return send(self.prefix + where, headers=headers)
        return send(self.prefix + where, data=json.dumps(body), content_type="application/json", headers=headers)


@dataclass(frozen=True)
class World:
    """Two studios with the same rows; in theirs a second project, in which `other-…` have the roles that … have in the first."""

    theirs: Side
    mallory: Side
    other: str
    services: object


def world_of(services, as_login):
    """Make the studios, and fill them."""
    theirs, mallory = found("Theirs"), found("Mallory")
    sides = [Side(studio, filled(studio, Worker(services, as_login))) for studio in (theirs, mallory)]
    owner = theirs.actor("tom", project=False)
    other = access.create_project(owner, name="Other film").pk
    for who in sorted({case.who for case in CASES.values()}):
        _twin(theirs, who, other)
    return World(*sides, str(other), services)


def _twin(studio, who, other):
    """Add somebody to the other project who is there what `who` is in the first, or the most that one can be there."""
    with tenant_scope(studio.tenant, read_only=True):
        roles = list(Membership.objects.filter(user_id=studio.people[who], project=studio.project).values_list("role", flat=True))
    most = max((role for role in Role if role not in TENANT_WIDE and role is not Role.SYSTEM), key=_reach)
    name, owner = f"other-{who}", studio.actor("tom", project=False)
    person = access.add_person(owner, email=f"{name}@example.com", name=name, password=PASSWORD).pk
    for role in roles or [most]:
        access.grant(owner, person=person, role=Role(role), project=other)
        access.grant(owner, person=studio.people[who], role=Role(role), project=other)
    studio.people[name] = person
    studio.tokens[name] = access.issue_token(access.actor_for(person, tenant=studio.tenant, project=other), name="test")


def _reach(role):
    return len(ROLE_PERMISSIONS[role])


def by_token(studio, who):
    """Return a person as her token shows her."""
    return _bearer(who, studio.token(who))


def by_session(studio, who):
    """Return a person signed in at her studio's address, as a browser shows her."""
    browser = Browser(studio.slug)
    assert browser.sign_in(who).status_code == 200
    browser.client.raise_request_exception = False
    csrf = {"X-CSRFToken": browser.client.cookies["csrftoken"].value}
    return Caller(f"{who} by session", browser.client, f"/s/{studio.slug}", csrf)


def rightful(studio, case, who=None):
    """Return whoever a case names, in the way that it asks for."""
    return (by_session if case.by_session else by_token)(studio, who or case.who)


def nobodies(world):
    """Return those who show nothing, or what opens nothing, having seen that it was good where it ever was."""
    theirs, mallory = world.theirs.studio, world.mallory.studio
    good, there = theirs.token("lena"), f"/s/{theirs.slug}"
    stranger = by_session(mallory, "tom")
    stranger.client.cookies["guildhall_session"].update({"path": "/"})
    return [
        Caller("nobody", _client()),
        Caller("nobody at the studio's address", _client(), there),
        _bearer("an invented token", tokens.draw()),
        _bearer("a mistyped token", good[:-1] + ("a" if good[-1] != "a" else "b")),
        _bearer("a token of another kind", good.replace("pat", "svc")),
        _bearer("an empty token", ""),
        _bearer("a digest for a token", tokens.digest(good)),
        _bearer("a token in capitals", good.upper()),
        Caller("a token as Basic", _client(), headers={"Authorization": f"Basic {good}"}),
        Caller("a token in the address", _client(), headers={"X-Session-Token": good, "Cookie": f"token={good}"}),
        _bearer("an expired token", _spoilt(theirs, "lena", expires=timezone.now() - timedelta(seconds=1))),
        _bearer("a revoked token", _spoilt(theirs, "lena", revoked=timezone.now())),
        _bearer("a suspended person", _suspended(theirs)),
        Caller("Mallory's token at their address", _client(), there, {"Authorization": f"Bearer {mallory.token('tom')}"}),
        Caller("Mallory's session at their address", stranger.client, there, stranger.headers),
    ]


def _client():
    return Client(raise_request_exception=False)


def _bearer(name, token):
    return Caller(name, _client(), headers={"Authorization": f"Bearer {token}"})


def _spoilt(studio, who, **changes):
    """Return a token that opened something until now."""
    token = access.issue_token(studio.actor(who), name=f"spoilt {uuid.uuid4().hex}")
    assert _bearer(who, token).ask("get", "/api/v1/session").status_code == 200
    with tenant_scope(studio.tenant):
        ApiToken.objects.filter(hash=tokens.digest(token)).update(**changes)
    return token


def _suspended(studio):
    name = f"gone-{uuid.uuid4().hex[:8]}"
    owner = studio.actor("tom", project=False)
    person = access.add_person(owner, email=f"{name}@example.com", name=name, password=PASSWORD).pk
    access.grant(owner, person=person, role=Role.LEAD, project=studio.project)
    token = access.issue_token(access.actor_for(person, tenant=studio.tenant, project=studio.project), name="test")
    assert _bearer(name, token).ask("get", "/api/v1/session").status_code == 200
    with tenant_scope(studio.tenant):
        User.objects.filter(pk=person).update(is_active=False)
    return token


@contextlib.contextmanager
def alone_as(studio, who, role):
    """Let a person have this role and no other; yields whether anybody can have it. Rows change, no deed is done."""
    person = studio.people[who]
    with tenant_scope(studio.tenant):
        before = list(Membership.objects.filter(user_id=person).values("project_id", "role"))
    try:
        yield _put(studio, person, [{"project_id": None if role in TENANT_WIDE else studio.project, "role": role.value}])
    finally:
        assert _put(studio, person, before)


def _put(studio, person, posts):
    try:
        with tenant_scope(studio.tenant):
            Membership.objects.filter(user_id=person).delete()
            for post in posts:
                Membership.objects.create(user_id=person, **post)
    except IntegrityError:  # a role that is nobody's, or that stands elsewhere
        return False
    return True


def held(role, *, in_project, by_session):
    """Return what a role permits at an address, by the table of roles alone."""
    permissions = ROLE_PERMISSIONS[role]
    reached = permissions if in_project or role in TENANT_WIDE else permissions & OF_THE_PERSON
    return reached if by_session else reached - OF_THE_PERSON


@contextlib.contextmanager
def undone():
    """Let requests do what they do in a transaction that never comes to be."""
    outer = transaction.atomic()
    outer._from_testcase = True  # as Django's own tests do: a durable transaction may stand inside
    with outer:
        yield
        transaction.set_rollback(True)


def upload():
    """Return a picture that nobody has yet."""
    return SimpleUploadedFile("new.png", picture(uuid.uuid4().int % 2**32))


def in_query(value):
    return quote(value, safe="")
