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
from access.services.admitting import demands_on
from access.services.granting import Post, To, grant, grant_to, revoke, revoke_from, sweep_grants, take_grant
from access.services.names import Place, find_studio, names_of
from access.services.once import Keyed, forget_keys, keyed, once, take_key
from access.services.people import add_person, restore_person, suspend_person
from access.services.security import (
    Wanted,
    dismiss_break_glass,
    name_break_glass,
    security_policy,
    set_security_policy,
)
from access.services.sessions import end_session, end_sessions, sessions_of, sweep_sessions
from access.services.groups import add_member, make_group, remove_group, remove_member, rename_group
from access.services.roles import RoleDraft, change_role, define_role, remove_role, remove_role_with_grants
from access.services.service_accounts import (
    change_service,
    issue_service_token,
    make_service,
    remove_service,
    revoke_service_token,
    rotate_service_token,
)
from access.services.sessions import sweep_sessions
from access.services.studios import Founded, address_of, create_project, found_studio
from access.services.tokens import (
    Drawn,
    TokenDraft,
    carriable,
    issue_token,
    revoke_anybodys_token,
    revoke_leaked,
    revoke_token,
    rotate_token,
)

__all__ = [
    "Bearer",
    "Drawn",
    "Founded",
    "Keyed",
    "Permission",
    "Place",
    "Post",
    "Role",
    "RoleDraft",
    "Shown",
    "To",
    "Wanted",
    "TokenDraft",
    "actor_for",
    "actor_from_session",
    "actor_from_token",
    "actor_of_bearer",
    "add_member",
    "add_person",
    "address_of",
    "bearer_of",
    "carriable",
    "change_role",
    "change_service",
    "create_project",
    "demands_on",
    "dismiss_break_glass",
    "end_session",
    "end_sessions",
    "define_role",
    "find_studio",
    "forget_keys",
    "found_studio",
    "grant",
    "grant_to",
    "issue_service_token",
    "issue_token",
    "keyed",
    "name_break_glass",
    "make_group",
    "make_service",
    "names_of",
    "once",
    "restore_person",
    "make_group",
    "remove_group",
    "remove_member",
    "remove_role",
    "remove_role_with_grants",
    "remove_service",
    "rename_group",
    "revoke",
    "revoke_anybodys_token",
    "revoke_from",
    "revoke_leaked",
    "revoke_service_token",
    "revoke_token",
    "security_policy",
    "sessions_of",
    "set_security_policy",
    "rotate_service_token",
    "rotate_token",
    "studio",
    "studio_name",
    "suspend_person",
    "sweep_grants",
    "sweep_sessions",
    "system_actor",
    "take_grant",
    "take_key",
]
