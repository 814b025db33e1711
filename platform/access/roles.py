"""Roles and what they permit: one readable table, shown in the portal and the docs from here.

A permission is `<noun>.<verb>`. Tenant-wide roles reach every project of their tenant; project roles only theirs.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final


class Permission(StrEnum):
    """Everything that can be permitted."""

    PROJECT_CREATE = "project.create"
    PROJECT_READ = "project.read"
    MEMBER_MANAGE = "member.manage"
    TOKEN_ISSUE = "token.issue"  # noqa: S105  # a permission's name
    DATASET_EDIT = "dataset.edit"
    DATASET_READ = "dataset.read"
    DATASET_FREEZE = "dataset.freeze"
    TRAINING_START = "training.start"
    TRAINING_CANCEL = "training.cancel"
    MODEL_READ = "model.read"
    MODEL_TRY = "model.try"
    MODEL_DECIDE = "model.decide"
    GENERATION_CREATE = "generation.create"
    GENERATION_READ_ALL = "generation.read_all"
    ASSET_READ = "asset.read"
    ASSET_DOWNLOAD = "asset.download"
    ASSET_WITHDRAW = "asset.withdraw"
    WITHHELD_REVIEW = "withheld.review"
    LEDGER_READ = "ledger.read"
    EXPORT_REQUEST = "export.request"
    EXPORT_DECIDE = "export.decide"
    POLICY_CHANGE = "policy.change"
    REPLAY_ASK = "replay.ask"


class Role(StrEnum):
    """The built-in roles."""

    OWNER = "owner"
    OFFICER = "officer"
    LEAD = "lead"
    TRAINER = "trainer"
    ARTIST = "artist"
    SYSTEM = "system"


P = Permission
_ARTIST: Final = {
    P.PROJECT_READ, P.TOKEN_ISSUE, P.MODEL_READ, P.GENERATION_CREATE, P.ASSET_READ, P.ASSET_DOWNLOAD, P.REPLAY_ASK,
    P.LEDGER_READ,
}  # fmt: skip
_TRAINER: Final = _ARTIST | {
    P.DATASET_EDIT, P.DATASET_READ, P.DATASET_FREEZE, P.TRAINING_START, P.TRAINING_CANCEL, P.MODEL_TRY,
    P.EXPORT_REQUEST,
}  # fmt: skip
_LEAD: Final = _TRAINER | {P.MODEL_DECIDE, P.GENERATION_READ_ALL, P.ASSET_WITHDRAW}

ROLE_PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.OWNER: frozenset({
        P.PROJECT_CREATE, P.PROJECT_READ, P.MEMBER_MANAGE, P.TOKEN_ISSUE, P.DATASET_READ, P.MODEL_READ, P.LEDGER_READ,
        P.EXPORT_REQUEST, P.POLICY_CHANGE,
    }),
    Role.OFFICER: frozenset({
        P.PROJECT_READ, P.TOKEN_ISSUE, P.DATASET_READ, P.MODEL_READ, P.MODEL_DECIDE, P.GENERATION_READ_ALL,
        P.ASSET_READ, P.WITHHELD_REVIEW, P.LEDGER_READ, P.EXPORT_DECIDE, P.REPLAY_ASK,
    }),
    Role.LEAD: frozenset(_LEAD),
    Role.TRAINER: frozenset(_TRAINER),
    Role.ARTIST: frozenset(_ARTIST),
    # What nobody asked for: sweeping, retention, checks. Never reads content.
    Role.SYSTEM: frozenset({P.PROJECT_READ}),
}  # fmt: skip
TENANT_WIDE: Final = frozenset({Role.OWNER, Role.OFFICER})
# What concerns the person and no project: a role anywhere gives it everywhere.
OF_THE_PERSON: Final = frozenset({P.TOKEN_ISSUE})
# What concerns the whole studio: a token that is bound to a project never carries it.
OF_THE_STUDIO: Final = frozenset({P.PROJECT_CREATE, P.MEMBER_MANAGE, P.POLICY_CHANGE})


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Return what these roles permit together."""
    return frozenset().union(*(ROLE_PERMISSIONS[role] for role in roles))


def by_token(held: frozenset[Permission], *, scope: frozenset[Permission], is_bound: bool) -> frozenset[Permission]:
    """Return what a token carries of what its person may; an empty scope is no limit.

    No token issues tokens: one that was stolen for a day would be good for a year, and a bound one would free itself.
    """
    carried = held - OF_THE_PERSON - (OF_THE_STUDIO if is_bound else frozenset())
    return carried & scope if scope else carried
