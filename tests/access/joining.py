"""More people in a studio than its cast, and what the ledger says of them, for the tests of this room."""

import json

from django.test import Client
from django.utils import timezone

from access import services as access
from access.models import IdentityProvider, User
from governance.audit import services as audit
from kernel.errors import Unauthenticated
from kernel.scope import tenant_scope


def join(studio, name, *roles, project=None, expires=None):
    """Add a person with these roles; `studio.actor(name)` and `studio.token(name)` know her from then on."""
    owner = studio.actor("tom", project=False)
    person = access.add_person(owner, email=f"{name}@example.com", name=name.title()).pk
    for role in roles:
        access.grant(owner, person=person, role=role, project=project, expires=expires)
    studio.people[name] = person
    return person


def entries_of(studio, kind, limit=50):
    with tenant_scope(studio.tenant, read_only=True):
        return audit.entries(audit.Filter(kind=kind, limit=limit))


def pseudonym_of(studio, person):
    with tenant_scope(studio.tenant, read_only=True):
        return User.objects.get(pk=person).pseudonym


def rights(studio, person, project=None):
    """Return what a person may, read anew."""
    return access.actor_for(person, tenant=studio.tenant, project=project).permissions


def call(studio, who, method, path, body=None):
    """Ask the API as one of a studio's people, by her token."""
    client = Client(headers={"Authorization": f"Bearer {studio.token(who)}"})
    return client.generic(method.upper(), path, "" if body is None else json.dumps(body), content_type="application/json")


def is_open(value):
    """Return whether a token opens anything."""
    try:
        access.bearer_of(value)
    except Unauthenticated:
        return False
    return True


def enabled_provider(studio, slug, **given):
    """Set up an identity provider of a studio, enabled and tested."""
    with tenant_scope(studio.tenant):
        return IdentityProvider.objects.create(
            slug=slug, protocol="oidc", name=slug.title(), issuer=f"https://{slug}.example", is_enabled=True,
            tested=timezone.now(), **given,
        )  # fmt: skip
