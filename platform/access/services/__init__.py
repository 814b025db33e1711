"""The verbs of access: found a studio, create projects, add people, grant, issue tokens, and say who acts."""

from access.roles import Permission, Role
from access.services.actors import (
    Bearer,
    Shown,
    actor_for,
    actor_from_session,
    actor_from_token,
    actor_of_bearer,
    bearer_of,
    studio,
    studio_name,
    system_actor,
)
from access.services.granting import Post, To, grant, grant_to, revoke, revoke_from
from access.services.names import Place, find_studio, names_of
from access.services.once import Keyed, forget_keys, keyed, once, take_key
from access.services.people import add_person
from access.services.sessions import sweep_sessions
from access.services.studios import Founded, address_of, create_project, found_studio
from access.services.tokens import carriable, issue_token, revoke_token

__all__ = [
    "Bearer",
    "Founded",
    "Keyed",
    "Permission",
    "Place",
    "Post",
    "Role",
    "Shown",
    "To",
    "actor_for",
    "actor_from_session",
    "actor_from_token",
    "actor_of_bearer",
    "add_person",
    "address_of",
    "bearer_of",
    "carriable",
    "create_project",
    "find_studio",
    "forget_keys",
    "found_studio",
    "grant",
    "grant_to",
    "issue_token",
    "keyed",
    "names_of",
    "once",
    "revoke",
    "revoke_from",
    "revoke_token",
    "studio",
    "studio_name",
    "sweep_sessions",
    "system_actor",
    "take_key",
]
