"""Writes the page of roles from the table in code, so that it cannot say anything else."""

from collections.abc import Sequence
from typing import Any, Final

from django.core.management.base import BaseCommand

from access.roles import (
    NOT_FOR_PROGRAMS,
    OF_THE_PERSON,
    OF_THE_PLATFORM,
    OF_THE_STUDIO,
    PERMISSION_TEXTS,
    REACH,
    ROLE_PERMISSIONS,
    ROLE_TEXTS,
    SEPARATED,
    STEP_UP,
    Permission,
    Reach,
    Role,
)

_HEAD: Final = """# Roles

Written by `python manage.py roles` from `platform/access/roles.py`; a test keeps it current.

A role is held in the whole studio and so in each of its projects, or in one project. A person may hold several roles, by
herself or through groups, until a date or for good, and may then do what any of them permits. A person without a role in a
project is told that it does not exist. A studio may define roles of its own over the same permissions.

Pictures that a guest sees carry a mark; guests hold their roles until a date, download nothing and export nothing.
"""
_FOOT: Final = """
## What never meets

Who asks never decides, and who reads what was withheld cannot remove it. Nobody is granted two roles that bring these
together at one place; where a group or a provider does, the second one is void:

{separated}

## What asks for a second factor

A deed under one of these asks at a browser for a second factor that is no recovery code and was shown in the last five
minutes: {step_up}.

## What a token carries

A personal token carries what its person may at the moment of each request, less {personal}: no token issues tokens. One
that is bound to a project works in that project alone and also lacks {studio}. A token with a scope carries nothing
outside its scope; one without a scope carries nothing that asks for a second factor.

A service account, whatever its roles, never holds {programs}: a program is nobody's
second person. Who may not appoint owners gives no role to an account that she keeps, and takes over none that holds one.
"""


def page() -> str:
    """Return the page."""
    of_reach = {reach: [role for role in Role if REACH[role] is reach] for reach in Reach}
    foot = _FOOT.format(
        separated="\n".join(f"- `{first}` and `{second}`" for first, second in SEPARATED),
        step_up=_names(STEP_UP), personal=_names(OF_THE_PERSON), programs=_names(NOT_FOR_PROGRAMS), studio=_names(OF_THE_STUDIO),
    )  # fmt: skip
    inside = [one for one in Permission if one not in OF_THE_PLATFORM]
    return "\n".join([
        _HEAD, "## Roles in a studio\n", *_roles(of_reach[Reach.STUDIO]), "", *_table(of_reach[Reach.STUDIO], inside),
        "\n## Roles in a project\n", *_roles(of_reach[Reach.PROJECT]), "", *_table(of_reach[Reach.PROJECT], inside),
        "\n## The platform's own people\n", *_roles(of_reach[Reach.PLATFORM]), "",
        *_table(of_reach[Reach.PLATFORM], list(Permission)),
        foot,
    ])  # fmt: skip


def _roles(roles: Sequence[Role]) -> list[str]:
    return [f"- **{ROLE_TEXTS[role][0]}** (`{role.value}`): {ROLE_TEXTS[role][1]}" for role in roles]


def _table(roles: Sequence[Role], permissions: Sequence[Permission]) -> list[str]:
    """Return a table of the permissions that one of these roles has."""
    shown = [one for one in permissions if any(one in ROLE_PERMISSIONS[role] for role in roles)]
    return [
        "| permission | " + " | ".join(ROLE_TEXTS[role][0] for role in roles) + " | |",
        "|---" + "|:-:" * len(roles) + "|---|",
        *(
            f"| `{one}` | " + " | ".join("yes" if one in ROLE_PERMISSIONS[role] else "–" for role in roles)
            + f" | {PERMISSION_TEXTS[one]} |"
            for one in shown
        ),
    ]  # fmt: skip


def _names(permissions: frozenset[Permission]) -> str:
    return ", ".join(f"`{one}`" for one in sorted(permissions))


class Command(BaseCommand):
    help = "Prints docs/reference/roles.md."

    def handle(self, *_: Any, **__: Any) -> None:
        self.stdout.write(page(), ending="")
