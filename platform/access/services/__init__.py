"""The verbs of access: found a studio, create projects, add people, grant, issue tokens, and say who acts."""

from access.services.actors import actor_for, actor_from_session, actor_from_token, studio, system_actor
from access.services.people import add_person, grant, revoke
from access.services.studios import Founded, create_project, found_studio
from access.services.tokens import issue_token, revoke_token

__all__ = [
    "Founded",
    "actor_for",
    "actor_from_session",
    "actor_from_token",
    "add_person",
    "create_project",
    "found_studio",
    "grant",
    "issue_token",
    "revoke",
    "revoke_token",
    "studio",
    "system_actor",
]
