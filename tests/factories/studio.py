"""The cast: a studio with alice (artist), tina (trainer), lena (lead), olive (officer), tom (owner); and mallory elsewhere."""

import secrets
from dataclasses import dataclass, field
from uuid import UUID

PASSWORD = "correct horse battery"


@dataclass
class Studio:
    tenant: UUID
    slug: str
    project: UUID
    people: dict[str, UUID]
    tokens: dict[str, str] = field(default_factory=dict)

    def actor(self, name, *, project=True):
        from access import services as access

        where = self.project if project else None
        return access.actor_for(self.people[name], tenant=self.tenant, project=where, is_stepped_up=True)

    def token(self, name):
        from access import services as access

        if name not in self.tokens:
            actor = self.actor(name, project=name not in {"tom", "olive"})
            self.tokens[name] = access.issue_token(actor, name="test", scope=access.carriable(actor))
        return self.tokens[name]


def found(name="Atelier"):
    """Return a fresh studio with its cast, committed."""
    from access import services as access
    from access.roles import Role

    slug = f"{name.lower()}-{secrets.token_hex(4)}"
    made = access.found_studio(
        name=name, slug=slug, owner_email="tom@example.com", owner_name="Tom", password=PASSWORD, second_factor=False
    )
    project = access.create_project(made.owner, name="Fox film").pk
    people = {"tom": made.owner.person}
    for who, role, where in (
        ("alice", Role.ARTIST, project),
        ("tina", Role.TRAINER, project),
        ("lena", Role.LEAD, project),
        ("olive", Role.OFFICER, None),
    ):
        person = access.add_person(made.owner, email=f"{who}@example.com", name=who.title(), password=PASSWORD).pk
        access.grant(made.owner, person=person, role=role, project=where)
        people[who] = person
    return Studio(made.tenant, slug, project, people)
