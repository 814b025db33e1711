"""Who asks over HTTP, and by what: tokens that are good and bad, sessions, and people who are given one role alone.

Everything that knows how a person shows who she is, or how she comes by a role, stands here.
"""

import contextlib
import json
import time
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from access import services as access
from access import tokens
from access.models import ApiToken, Grant, GroupMember, User
from access.roles import OF_THE_PERSON, REACH, ROLE_PERMISSIONS, STEP_UP, Permission, Reach, Role
from dispatch import services as dispatch
from kernel.scope import tenant_scope
from tests.access.signing_in import Browser
from tests.factories.pictures import picture
from tests.factories.rows import filled
from tests.factories.studio import PASSWORD, found
from tests.factories.working import Worker
from tests.house.doors import CASES, Side

SAFE = {"get", "head", "options"}
# Each person once: a browser enrols its second factor, and cannot twice.
_CALLERS = {}
NEVER = float("inf")  # for who stays as she is
FRESH_SECONDS = 120  # a second factor is shown anew well before it is too old for a deed


@dataclass
class Caller:
    """One way of asking: a client with what it shows, what stands before the address, and the browser that has a session."""

    name: str
    client: Client
    prefix: str = ""
    headers: dict = field(default_factory=dict)
    browser: Any = None
    proved: float = 0

    def ask(self, verb, where, *, body=None, form=False, key=None):
        """Send a request, an upload as a form; nothing is raised here for what the server failed at."""
        self.freshen()
        headers = self.headers | ({} if key is None else {"Idempotency-Key": key})
        if self.browser is not None:
            headers |= {"X-CSRFToken": self.client.cookies["csrftoken"].value}
        send = getattr(self.client, verb)
        if form:
            return send(self.prefix + where, body | {"file": upload()}, headers=headers)
        if body is None:
            return send(self.prefix + where, headers=headers)
        return send(self.prefix + where, data=json.dumps(body), content_type="application/json", headers=headers)

    def freshen(self):
        """Sign in again where the last request signed out, and show the second factor before it is too old for a deed."""
        if self.browser is None or self.proved == NEVER or connection.in_atomic_block:
            return
        if not self.client.cookies[settings.SESSION_COOKIE_NAME].value:
            assert self.browser.sign_in(self.name.split()[0], factor=True).status_code == 200
            self.proved = 0
        if time.monotonic() - self.proved > FRESH_SECONDS:
            self.browser.step_up()
            self.proved = time.monotonic()


@dataclass(frozen=True)
class World:
    """Two studios with the same rows; in theirs a second project, in which `other-…` have the roles that … have in the first."""

    theirs: Side
    mallory: Side
    other: str
    services: object
    shown: list

    def show_again(self):
        """Show the previews again, which are gone after a minute."""
        for where, blob in self.shown:
            dispatch.show(**where, blob=blob)


def world_of(services, as_login):
    """Make the studios, and fill them."""
    theirs, mallory = found("Theirs"), found("Mallory")
    sides = [Side(studio, filled(studio, Worker(services, as_login))) for studio in (theirs, mallory)]
    owner = theirs.actor("tom", project=False)
    other = access.create_project(owner, name="Other film").pk
    for who in sorted({case.who for case in CASES.values()}):
        _twin(theirs, who, other)
    return World(*sides, str(other), services, [_shown(side) for side in sides])


def _shown(side):
    """Return where a preview is shown, and it."""
    where = {"tenant": side.studio.tenant, "project": side.studio.project, "row": side.rows.previewed}
    return where, dispatch.shown(**where)


def _twin(studio, who, other):
    """Add somebody to the other project who is there what `who` is in the first, or the most that one can be there."""
    with tenant_scope(studio.tenant, read_only=True):
        roles = list(Grant.objects.filter(user_id=studio.people[who], project=studio.project).values_list("role", flat=True))
    most = max((role for role in Role if REACH[role] is Reach.PROJECT), key=lambda role: len(ROLE_PERMISSIONS[role]))
    name, owner = f"other-{who}", studio.actor("tom", project=False)
    person = access.add_person(owner, email=f"{name}@example.com", name=name, password=PASSWORD).pk
    for role in roles or [most]:
        access.grant(owner, person=person, role=Role(role), project=other)
        if roles:
            access.grant(owner, person=studio.people[who], role=Role(role), project=other)
    studio.people[name] = person
    studio.tokens[name] = token_of(studio, name, scope=list(Permission))


def token_of(studio, who, *, project=None, scope=(), **changes):
    """Return a token of a person, with whatever scope: it carries no more than she may."""
    token = tokens.draw()
    with tenant_scope(studio.tenant):
        ApiToken.objects.create(
            user_id=studio.people[who], project_id=project, name=f"drawn {uuid.uuid4().hex}", hash=tokens.digest(token),
            scope=sorted(scope), **{"expires": timezone.now() + timedelta(days=1)} | changes,
        )  # fmt: skip
    return token


def by_token(studio, who):
    """Return a person by a token that carries all that she may at the moment."""
    if (studio.slug, who) not in _CALLERS:
        _CALLERS[studio.slug, who] = _bearer(who, token_of(studio, who, scope=list(Permission)))
    return _CALLERS[studio.slug, who]


def by_session(studio, who):
    """Return a person signed in at her studio's address with a second factor, as a browser shows her."""
    if (studio.slug, who, "session") not in _CALLERS:
        browser = Browser(studio.slug)
        assert browser.sign_in(who, factor=True).status_code == 200
        browser.client.raise_request_exception = False
        caller = Caller(f"{who} by session", browser.client, f"/s/{studio.slug}", browser=browser, proved=time.monotonic())
        _CALLERS[studio.slug, who, "session"] = caller
    return _CALLERS[studio.slug, who, "session"]


def limited(studio, case, other):
    """Return the person of a case by tokens that carry less: name → caller and what they carry at most, and where."""
    return [
        (_bearer(f"{case.who} by a token without a scope", token_of(studio, case.who)), frozenset(Permission) - STEP_UP, None),
        (_bearer(f"{case.who} by a token that may look", token_of(studio, case.who, scope=[Permission.PROJECT_READ])),
         frozenset({Permission.PROJECT_READ}), None),
        (_bearer(f"{case.who} by a token of the other project", token_of(studio, case.who, project=other, scope=list(Permission))),
         frozenset(), other),
    ]  # fmt: skip


def rightful(studio, case, who=None):
    """Return whoever a case names, in the way that it asks for."""
    return (by_session if case.by_session else by_token)(studio, who or case.who)


def nobodies(world):
    """Return those who show nothing, or what opens nothing, having seen that it was good where it ever was."""
    theirs, mallory = world.theirs.studio, world.mallory.studio
    good, there = theirs.token("lena"), f"/s/{theirs.slug}"
    stranger = by_session(mallory, "tom")
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
        Caller("Mallory's session at their address", stranger.client, there, browser=stranger.browser, proved=NEVER),
    ]


def _client():
    return Client(raise_request_exception=False)


def _bearer(name, token):
    return Caller(name, _client(), headers={"Authorization": f"Bearer {token}"})


def _spoilt(studio, who, **changes):
    """Return a token that opened something until now."""
    token = token_of(studio, who)
    assert _bearer(who, token).ask("get", "/api/v1/session").status_code == 200
    with tenant_scope(studio.tenant):
        ApiToken.objects.filter(hash=tokens.digest(token)).update(**changes)
    return token


def _suspended(studio):
    name = f"gone-{uuid.uuid4().hex[:8]}"
    owner = studio.actor("tom", project=False)
    studio.people[name] = access.add_person(owner, email=f"{name}@example.com", name=name, password=PASSWORD).pk
    access.grant(owner, person=studio.people[name], role=Role.LEAD, project=studio.project)
    token = token_of(studio, name)
    assert _bearer(name, token).ask("get", "/api/v1/session").status_code == 200
    with tenant_scope(studio.tenant):
        User.objects.filter(pk=studio.people[name]).update(is_active=False)
    return token


KEPT = ("id", "project_id", "role", "expires", "custom_id", "source", "provider_id")


@contextlib.contextmanager
def alone_as(studio, who, role):
    """Let a person have this role and no other, in no group; yields whether anybody can have it. Rows change, no deed is done."""
    person = studio.people[who]
    with tenant_scope(studio.tenant):
        before = list(Grant.objects.filter(user_id=person).values(*KEPT))
        groups = list(GroupMember.objects.filter(user_id=person))
        GroupMember.objects.filter(user_id=person).delete()
    place = None if REACH[role] is Reach.STUDIO else studio.project
    try:
        yield _put(studio, person, [{"project_id": place, "role": role.value, "expires": timezone.now() + timedelta(days=1)}])
    finally:
        assert _put(studio, person, before)
        with tenant_scope(studio.tenant):
            GroupMember.objects.bulk_create(groups)


def _put(studio, person, posts):
    try:
        with tenant_scope(studio.tenant):
            Grant.objects.filter(user_id=person).delete()
            for post in posts:
                Grant.objects.create(user_id=person, **post)
    except IntegrityError:  # a role of the platform's, or nobody's
        return False
    return True


def held(role, *, in_project, by_session):
    """Return what a role permits at an address, by the table of roles alone."""
    permissions = ROLE_PERMISSIONS[role]
    reached = permissions if in_project or REACH[role] is Reach.STUDIO else permissions & OF_THE_PERSON
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
