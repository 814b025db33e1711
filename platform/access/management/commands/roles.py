"""Writes the page of roles from the table in code, so that it cannot say anything else."""

from typing import Any, Final

from django.core.management.base import BaseCommand

from access.roles import OF_THE_PERSON, OF_THE_STUDIO, ROLE_PERMISSIONS, TENANT_WIDE, Permission, Role

_HEAD: Final = """# Roles

Written by `python manage.py roles` from `platform/access/roles.py`; a test keeps it current.

Owner and officer hold their role in the whole studio and so in each of its projects; lead, trainer and artist hold
theirs in one project. A person may hold several roles and may then do what any of them permits. `system` is nobody's:
the studio itself does housekeeping with it. A person without a role in a project is told that it does not exist.
"""
_FOOT: Final = """
## What a token carries

A personal token carries what its person may at the moment of each request, less {personal}: no token issues tokens. One
that is bound to a project works in that project alone and also lacks {studio}. A token with a scope carries nothing
outside its scope.
"""


def page() -> str:
    """Return the page."""
    rows = [f"| `{one.value}` | " + " | ".join(_mark(one, role) for role in Role) + " |" for one in Permission]
    head = "| permission | " + " | ".join(_title(role) for role in Role) + " |"
    foot = _FOOT.format(personal=_names(OF_THE_PERSON), studio=_names(OF_THE_STUDIO))
    return "\n".join([_HEAD, head, "|---" + "|:-:" * len(Role) + "|", *rows, foot])


def _mark(permission: Permission, role: Role) -> str:
    return "yes" if permission in ROLE_PERMISSIONS[role] else "–"


def _title(role: Role) -> str:
    if role is Role.SYSTEM:
        return role.value
    return f"{role.value} ({'studio' if role in TENANT_WIDE else 'project'})"


def _names(permissions: frozenset[Permission]) -> str:
    return ", ".join(f"`{one}`" for one in sorted(permissions))


class Command(BaseCommand):
    help = "Prints docs/reference/roles.md."

    def handle(self, *_: Any, **__: Any) -> None:
        self.stdout.write(page(), ending="")
