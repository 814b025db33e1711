"""The demo's studio and its people, made once per installation; others give their own tokens."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings

from access import services as access
from access.actor import Actor
from access.roles import Role

PEOPLE: Final = {"alice": Role.ARTIST, "tina": Role.TRAINER, "lena": Role.LEAD, "olive": Role.OFFICER}
TENANT_WIDE: Final = {"tom", "olive"}


@dataclass(frozen=True)
class Cast:
    """A studio, its project, and who is who: alice (artist), tina (trainer), lena (lead), olive (officer), tom (owner)."""

    tenant: UUID
    slug: str
    project: UUID
    people: dict[str, UUID]
    password: str

    def actor(self, name: str) -> Actor:
        """Return a person in the project, rights read anew."""
        return access.actor_for(self.people[name], tenant=self.tenant, project=self.project)

    def owner(self) -> Actor:
        """Return the owner, tenant-wide."""
        return access.actor_for(self.people["tom"], tenant=self.tenant)


def demo() -> Cast:
    """Return the demo's cast, made at the first time and kept in a file that only this user reads."""
    path = settings.HERE.data / "demo.json"
    if path.exists():
        return _read(path)
    cast = _make()
    kept = {"tenant": str(cast.tenant), "slug": cast.slug, "project": str(cast.project), "password": cast.password,
            "people": {name: str(one) for name, one in cast.people.items()}}  # fmt: skip
    path.touch(mode=0o600)
    path.write_text(json.dumps(kept), encoding="utf-8")
    return cast


def _read(path: Path) -> Cast:
    kept = json.loads(path.read_text(encoding="utf-8"))
    people = {name: UUID(one) for name, one in kept["people"].items()}
    return Cast(UUID(kept["tenant"]), kept["slug"], UUID(kept["project"]), people, kept["password"])


def _make() -> Cast:
    slug, password = "demo-studio", f"guild-{secrets.token_hex(5)}"
    made = access.found_studio(name="Demo Studio", slug=slug, owner_email="tom@demo.example", owner_name="Tom", password=password)
    project = access.create_project(made.owner, name="First film").pk
    people = {"tom": made.owner.person}
    for name, role in PEOPLE.items():
        person = access.add_person(made.owner, email=f"{name}@demo.example", name=name.title(), password=password).pk
        access.grant(made.owner, person=person, role=role, project=None if name in TENANT_WIDE else project)
        people[name] = person
    return Cast(made.tenant, slug, project, people, password)
