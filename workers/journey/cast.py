"""The demo's studio, its people and its base model, made once per installation; each works by a token of their own."""

import itertools
import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings

from access import services as access
from access.actor import Actor
from access.roles import Role
from access.services import Founded
from kernel.errors import Conflict
from tenants.registry import services as registry
from workers.journey.api import Person

PEOPLE: Final = {"alice": Role.ARTIST, "tina": Role.TRAINER, "lena": Role.LEAD, "olive": Role.OFFICER}
TENANT_WIDE: Final = {"tom", "olive"}
SLUG: Final = "demo-studio"


@dataclass(frozen=True)
class Cast:
    """A studio, its project, and who is who: alice (artist), tina (trainer), lena (lead), olive (officer), tom (owner)."""

    tenant: UUID
    slug: str
    project: UUID
    people: dict[str, UUID]
    password: str
    url: str = "http://127.0.0.1:8000"
    _met: dict[str, Person] = field(default_factory=dict)

    def person(self, name: str) -> Person:
        """Return a person at the API, with a token for this day; one for the project, unless the role is the studio's."""
        if name not in self._met:
            project = None if name in TENANT_WIDE else self.project
            actor = access.actor_for(self.people[name], tenant=self.tenant, project=project, is_stepped_up=True)
            token = access.issue_token(actor, name="main job", project=project, days=1, scope=access.carriable(actor))
            self._met[name] = Person(self.url, token, str(self.project))
        return self._met[name]

    def owner(self) -> Actor:
        """Return the owner, tenant-wide."""
        return access.actor_for(self.people["tom"], tenant=self.tenant, is_stepped_up=True)


def demo(url: str) -> Cast:
    """Return the demo's cast, made at the first time and kept in a file that only this user reads.

    One that was interrupted while it was made has a studio whose password nobody kept: the next gets a studio of its own.
    """
    path = settings.HERE.data / "demo.json"
    if path.exists():
        return _read(path, url)
    cast = _make(url)
    kept = {"tenant": str(cast.tenant), "slug": cast.slug, "project": str(cast.project), "password": cast.password,
            "people": {name: str(one) for name, one in cast.people.items()}}  # fmt: skip
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(kept), encoding="utf-8")
    draft.replace(path)
    return cast


def base_of(cast: Cast, folder: Path, *, licence: str) -> str:
    """Register a base model of the studio, or find it registered; return its id."""
    name = "Guildhall starter" if folder == settings.STARTER_MODEL.resolve() else folder.name
    return str(registry.register_base(cast.owner(), folder=folder, name=name, licence=licence).pk)


def _read(path: Path, url: str) -> Cast:
    kept = json.loads(path.read_text(encoding="utf-8"))
    people = {name: UUID(one) for name, one in kept["people"].items()}
    return Cast(UUID(kept["tenant"]), kept["slug"], UUID(kept["project"]), people, kept["password"], url)


def _make(url: str) -> Cast:
    password = f"guild-{secrets.token_hex(5)}"
    made = _found(password)
    project = access.create_project(made.owner, name="First film").pk
    people = {"tom": made.owner.person}
    for name, role in PEOPLE.items():
        person = access.add_person(made.owner, email=f"{name}@demo.example", name=name.title(), password=password).pk
        access.grant(made.owner, person=person, role=role, project=None if name in TENANT_WIDE else project)
        people[name] = person
    return Cast(made.tenant, made.slug, project, people, password, url)


def _found(password: str) -> Founded:
    """Found the studio at its address, or at the next one that is free."""
    for number in itertools.count(1):
        slug = SLUG if number == 1 else f"{SLUG}-{number}"
        try:
            return access.found_studio(
                name="Demo Studio",
                slug=slug,
                owner_email="tom@demo.example",
                owner_name="Tom",
                password=password,
                second_factor=False,  # its log-ins are printed, for a walk of ten minutes
            )
        except Conflict as taken:
            if taken.code != "studio.address_taken":
                raise
    raise AssertionError("numbers do not end")
