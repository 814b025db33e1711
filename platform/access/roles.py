"""Roles and what they permit: one readable table, shown in the portal and the docs from here.

A permission is `<noun>.<verb>`. Roles of a studio reach every project of it; roles of a project only theirs. A studio may
define roles of its own over the same closed list. Some permissions never meet in one person (`SEPARATED`): who asks never
decides, and who reads what was withheld cannot remove it.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final


class Permission(StrEnum):
    """Everything that can be permitted."""

    PROJECT_CREATE = "project.create"
    PROJECT_READ = "project.read"
    PROJECT_CONFIGURE = "project.configure"
    MEMBER_READ = "member.read"
    MEMBER_MANAGE = "member.manage"
    PERSON_MANAGE = "person.manage"
    ROLE_DEFINE = "role.define"
    OWNER_APPOINT = "owner.appoint"
    IDENTITY_CONFIGURE = "identity.configure"
    SECURITY_CONFIGURE = "security.configure"
    SERVICE_MANAGE = "service.manage"
    SUPPORT_ADMIT = "support.admit"
    ACCESS_EXPLAIN = "access.explain"
    ACCESS_REVIEW = "access.review"
    TOKEN_ISSUE = "token.issue"  # noqa: S105  # a permission's name
    TOKEN_REVOKE_ANY = "token.revoke_any"  # noqa: S105
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
    ASSET_UNMARKED = "asset.unmarked"
    ASSET_DOWNLOAD = "asset.download"
    ASSET_WITHDRAW = "asset.withdraw"
    WITHHELD_REVIEW = "withheld.review"
    LEDGER_READ = "ledger.read"
    EXPORT_REQUEST = "export.request"
    EXPORT_DECIDE = "export.decide"
    POLICY_CHANGE = "policy.change"
    REPLAY_ASK = "replay.ask"
    STUDIO_MANAGE = "studio.manage"
    STUDIO_ENTER = "studio.enter"
    HEALTH_READ = "health.read"


class Role(StrEnum):
    """The built-in roles."""

    OWNER = "owner"
    ADMIN = "admin"
    OFFICER = "officer"
    AUDITOR = "auditor"
    LEAD = "lead"
    TRAINER = "trainer"
    ARTIST = "artist"
    REVIEWER = "reviewer"
    EXPORTER = "exporter"
    VIEWER = "viewer"
    GUEST_TRAINER = "guest_trainer"
    GUEST_ARTIST = "guest_artist"
    OPERATOR = "operator"
    SUPPORT = "support"
    SYSTEM = "system"


class Reach(StrEnum):
    """Where a role is held."""

    STUDIO = "studio"
    PROJECT = "project"
    PLATFORM = "platform"
    NOBODY = "nobody"


P = Permission
_VIEWER: Final = {P.PROJECT_READ, P.TOKEN_ISSUE, P.MODEL_READ, P.ASSET_READ, P.ASSET_UNMARKED}
_ARTIST: Final = _VIEWER | {P.GENERATION_CREATE, P.ASSET_DOWNLOAD, P.REPLAY_ASK, P.LEDGER_READ}
_TRAINS: Final = {
    P.DATASET_EDIT, P.DATASET_READ, P.DATASET_FREEZE, P.TRAINING_START, P.TRAINING_CANCEL, P.MODEL_TRY,
}  # fmt: skip
_LEAD: Final = _ARTIST | _TRAINS | {
    P.EXPORT_REQUEST, P.MODEL_DECIDE, P.GENERATION_READ_ALL, P.ASSET_WITHDRAW, P.MEMBER_READ, P.ACCESS_EXPLAIN, P.ACCESS_REVIEW,
}  # fmt: skip
_GUEST: Final = {P.PROJECT_READ, P.MODEL_READ, P.GENERATION_CREATE, P.ASSET_READ}
_ADMIN: Final = {
    P.PROJECT_CREATE, P.PROJECT_READ, P.PROJECT_CONFIGURE, P.MEMBER_READ, P.MEMBER_MANAGE, P.PERSON_MANAGE, P.ROLE_DEFINE,
    P.IDENTITY_CONFIGURE, P.SECURITY_CONFIGURE, P.SERVICE_MANAGE, P.SUPPORT_ADMIT, P.ACCESS_EXPLAIN, P.ACCESS_REVIEW,
    P.TOKEN_ISSUE, P.TOKEN_REVOKE_ANY, P.MODEL_READ, P.LEDGER_READ,
}  # fmt: skip

ROLE_PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.OWNER: frozenset(_ADMIN | {P.OWNER_APPOINT, P.DATASET_READ, P.EXPORT_REQUEST, P.POLICY_CHANGE}),
    Role.ADMIN: frozenset(_ADMIN),
    Role.OFFICER: frozenset({
        P.PROJECT_READ, P.TOKEN_ISSUE, P.MEMBER_READ, P.ACCESS_EXPLAIN, P.DATASET_READ, P.MODEL_READ, P.MODEL_DECIDE,
        P.GENERATION_READ_ALL, P.ASSET_READ, P.ASSET_UNMARKED, P.WITHHELD_REVIEW, P.LEDGER_READ, P.EXPORT_DECIDE, P.REPLAY_ASK,
    }),
    Role.AUDITOR: frozenset({P.PROJECT_READ, P.TOKEN_ISSUE, P.MEMBER_READ, P.ACCESS_EXPLAIN, P.MODEL_READ, P.LEDGER_READ}),
    Role.LEAD: frozenset(_LEAD),
    Role.TRAINER: frozenset(_ARTIST | _TRAINS),
    Role.ARTIST: frozenset(_ARTIST),
    Role.REVIEWER: frozenset(_VIEWER | {
        P.DATASET_READ, P.GENERATION_CREATE, P.MODEL_TRY, P.MODEL_DECIDE, P.GENERATION_READ_ALL, P.LEDGER_READ, P.REPLAY_ASK,
    }),
    Role.EXPORTER: frozenset(_VIEWER | {P.ASSET_DOWNLOAD, P.EXPORT_REQUEST, P.LEDGER_READ}),
    Role.VIEWER: frozenset(_VIEWER),
    # From outside, for a time: pictures carry a mark, nothing leaves, no token.
    Role.GUEST_TRAINER: frozenset(_GUEST | _TRAINS),
    Role.GUEST_ARTIST: frozenset(_GUEST),
    # The platform's own people hold these in the platform's tenant alone, where no content is.
    Role.OPERATOR: frozenset({
        P.STUDIO_MANAGE, P.HEALTH_READ, P.PERSON_MANAGE, P.MEMBER_READ, P.MEMBER_MANAGE, P.OWNER_APPOINT,
        P.IDENTITY_CONFIGURE, P.SECURITY_CONFIGURE, P.TOKEN_ISSUE, P.LEDGER_READ,
    }),
    Role.SUPPORT: frozenset({P.STUDIO_ENTER, P.HEALTH_READ, P.TOKEN_ISSUE}),
    # What nobody asked for: sweeping, retention, checks. Never reads content.
    Role.SYSTEM: frozenset({P.PROJECT_READ}),
}  # fmt: skip

REACH: Final[Mapping[Role, Reach]] = {
    Role.OWNER: Reach.STUDIO, Role.ADMIN: Reach.STUDIO, Role.OFFICER: Reach.STUDIO, Role.AUDITOR: Reach.STUDIO,
    Role.LEAD: Reach.PROJECT, Role.TRAINER: Reach.PROJECT, Role.ARTIST: Reach.PROJECT, Role.REVIEWER: Reach.PROJECT,
    Role.EXPORTER: Reach.PROJECT, Role.VIEWER: Reach.PROJECT, Role.GUEST_TRAINER: Reach.PROJECT,
    Role.GUEST_ARTIST: Reach.PROJECT, Role.OPERATOR: Reach.PLATFORM, Role.SUPPORT: Reach.PLATFORM, Role.SYSTEM: Reach.NOBODY,
}  # fmt: skip
GUESTS: Final = frozenset({Role.GUEST_TRAINER, Role.GUEST_ARTIST})
# Only who may appoint owners grants or takes these: an admin makes nobody mightier than himself, nor his own judge.
APPOINTED: Final = frozenset({Role.OWNER, Role.ADMIN, Role.OFFICER, Role.OPERATOR, Role.SUPPORT})
# These never meet in one person at one place. Where two roles bring them together, the second one is void.
SEPARATED: Final = (
    (P.EXPORT_REQUEST, P.EXPORT_DECIDE),
    (P.MEMBER_MANAGE, P.EXPORT_DECIDE),
    (P.MEMBER_MANAGE, P.WITHHELD_REVIEW),
    (P.WITHHELD_REVIEW, P.ASSET_WITHDRAW),
    (P.WITHHELD_REVIEW, P.DATASET_EDIT),
)
# A deed under one of these asks for a fresh second factor.
STEP_UP: Final = frozenset({
    P.MEMBER_MANAGE, P.PERSON_MANAGE, P.ROLE_DEFINE, P.OWNER_APPOINT, P.IDENTITY_CONFIGURE, P.SECURITY_CONFIGURE,
    P.SERVICE_MANAGE, P.SUPPORT_ADMIT, P.PROJECT_CONFIGURE, P.ACCESS_REVIEW, P.TOKEN_ISSUE, P.TOKEN_REVOKE_ANY,
    P.ASSET_WITHDRAW, P.EXPORT_REQUEST, P.EXPORT_DECIDE, P.POLICY_CHANGE, P.STUDIO_MANAGE, P.STUDIO_ENTER,
})  # fmt: skip
# What concerns the person and no project: a role anywhere gives it everywhere.
OF_THE_PERSON: Final = frozenset({P.TOKEN_ISSUE})
# No program holds these: it would issue tokens to itself, or be the second person of whoever keeps it.
NOT_FOR_PROGRAMS: Final = OF_THE_PERSON | {P.MODEL_DECIDE, P.EXPORT_DECIDE}
# What concerns the whole studio: a token that is bound to a project never carries it, nor does a role of a project.
OF_THE_STUDIO: Final = frozenset({
    P.PROJECT_CREATE, P.MEMBER_MANAGE, P.PERSON_MANAGE, P.ROLE_DEFINE, P.OWNER_APPOINT, P.IDENTITY_CONFIGURE,
    P.SECURITY_CONFIGURE, P.SERVICE_MANAGE, P.SUPPORT_ADMIT, P.PROJECT_CONFIGURE, P.TOKEN_REVOKE_ANY, P.POLICY_CHANGE,
})  # fmt: skip
OF_THE_PLATFORM: Final = frozenset({P.STUDIO_MANAGE, P.STUDIO_ENTER, P.HEALTH_READ})
# What provisioning does by its own token, and nothing else.
OF_PROVISIONING: Final = frozenset({P.PERSON_MANAGE, P.MEMBER_READ})

PERMISSION_TEXTS: Final[Mapping[Permission, str]] = {
    P.PROJECT_CREATE: "Make projects and register base models.",
    P.PROJECT_READ: "See the project, its members and its policies.",
    P.PROJECT_CONFIGURE: "Say which models and features a project may use, by whom, and how much.",
    P.MEMBER_READ: "See the studio's people, groups, roles and grants.",
    P.MEMBER_MANAGE: "Grant and revoke roles, and keep groups.",
    P.PERSON_MANAGE: "Add, suspend and restore people, link their identities and end their sessions.",
    P.ROLE_DEFINE: "Define the studio's own roles.",
    P.OWNER_APPOINT: "Appoint and dismiss owners, admins and compliance officers.",
    P.IDENTITY_CONFIGURE: "Set up identity providers, captured domains and provisioning.",
    P.SECURITY_CONFIGURE: "Set the security policy and name break-glass accounts.",
    P.SERVICE_MANAGE: "Keep service accounts and their tokens.",
    P.SUPPORT_ADMIT: "Let the platform's support in for a time.",
    P.ACCESS_EXPLAIN: "Ask why somebody may or may not do something.",
    P.ACCESS_REVIEW: "Hold access reviews: confirm or revoke grants.",
    P.TOKEN_ISSUE: "Issue personal tokens for programs.",
    P.TOKEN_REVOKE_ANY: "Revoke anybody's tokens.",
    P.DATASET_EDIT: "Upload, caption and remove training pictures.",
    P.DATASET_READ: "See training pictures and captions.",
    P.DATASET_FREEZE: "Freeze a dataset for training.",
    P.TRAINING_START: "Start and resume trainings.",
    P.TRAINING_CANCEL: "Cancel trainings.",
    P.MODEL_READ: "See the project's models.",
    P.MODEL_TRY: "Try models that are not approved yet.",
    P.MODEL_DECIDE: "Approve or reject models that somebody else trained.",
    P.GENERATION_CREATE: "Generate pictures.",
    P.GENERATION_READ_ALL: "See everybody's requests with their prompts.",
    P.ASSET_READ: "See the gallery.",
    P.ASSET_UNMARKED: "See pictures without a guest's mark.",
    P.ASSET_DOWNLOAD: "Download pictures.",
    P.ASSET_WITHDRAW: "Withdraw pictures from the gallery.",
    P.WITHHELD_REVIEW: "See what the policy withheld, and why.",
    P.LEDGER_READ: "Read and check the ledger.",
    P.EXPORT_REQUEST: "Ask for a bundle to take along.",
    P.EXPORT_DECIDE: "Decide on bundles that somebody else asked for.",
    P.POLICY_CHANGE: "Change the content policy.",
    P.REPLAY_ASK: "Have a picture made again from its record.",
    P.STUDIO_MANAGE: "Found, suspend and restore studios, and set their quotas.",
    P.STUDIO_ENTER: "Enter a studio that has let support in.",
    P.HEALTH_READ: "See the platform's health.",
}
ROLE_TEXTS: Final[Mapping[Role, tuple[str, str]]] = {
    Role.OWNER: (
        "Owner",
        "Answers for the studio: what an admin may, appoints owners, admins and officers, sees datasets, asks for exports.",
    ),
    Role.ADMIN: ("Admin", "Runs projects, people, single sign-on, keys and quotas; sees no picture and no prompt."),
    Role.OFFICER: ("Compliance officer", "Reads everything and decides on exports; changes and removes nothing."),
    Role.AUDITOR: ("Auditor", "Reads the ledger, people and roles; sees no picture and no prompt."),
    Role.LEAD: ("Lead", "Leads a project: trains, decides on models, withdraws pictures, reviews who has access."),
    Role.TRAINER: ("Trainer", "Brings pictures, trains adapters and generates."),
    Role.ARTIST: ("Artist", "Generates, refines and downloads pictures."),
    Role.REVIEWER: ("Reviewer", "Sees all of a project's work and decides on models, which may be tried before."),
    Role.EXPORTER: ("Exporter", "Takes pictures and bundles out of a project."),
    Role.VIEWER: ("Viewer", "Looks at a project's gallery and models."),
    Role.GUEST_TRAINER: ("Guest trainer", "An outside trainer until a date: marked pictures, no download, no export."),
    Role.GUEST_ARTIST: ("Guest artist", "An outside artist until a date: marked pictures, no download, no export."),
    Role.OPERATOR: ("Operator", "The platform's own: founds studios, sets quotas, watches health; sees no content."),
    Role.SUPPORT: ("Support", "The platform's own: enters a studio only while that studio has let support in."),
    Role.SYSTEM: ("System", "Nobody: the studio's own housekeeping."),
}


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Return what these roles permit together; of two that never meet, the second is void."""
    return apart(frozenset().union(*(ROLE_PERMISSIONS[role] for role in roles)))


def apart(held: frozenset[Permission]) -> frozenset[Permission]:
    """Return these permissions without each that must not be held beside another one of them."""
    return held - {second for first, second in SEPARATED if first in held and second in held}


def meeting(held: frozenset[Permission]) -> tuple[tuple[Permission, Permission], ...]:
    """Return the pairs among these that never meet in one person."""
    return tuple(pair for pair in SEPARATED if held.issuperset(pair))


def appointable(held: frozenset[Permission]) -> frozenset[Permission]:
    """Return what somebody who may this can pass on: an admin makes nobody mightier than himself, nor his own judge."""
    if Permission.OWNER_APPOINT in held:
        return frozenset(Permission) - OF_THE_PLATFORM
    common = frozenset[Permission]().union(*(ROLE_PERMISSIONS[role] for role in Role if role not in APPOINTED))
    return (held | common) - OF_THE_PLATFORM


def is_above_admins(permissions: frozenset[Permission]) -> bool:
    """Return whether these hold what no admin passes on, so that nobody comes by them through a group or a provider's word."""
    return not permissions <= appointable(ROLE_PERMISSIONS[Role.ADMIN])


def is_appointed(role: Role | None, permissions: frozenset[Permission]) -> bool:
    """Return whether only who may appoint owners gives such a role."""
    return role in APPOINTED or is_above_admins(permissions)


def is_definable(permissions: frozenset[Permission], *, reach: Reach) -> bool:
    """Return whether a studio's own role may hold these at such a place."""
    out_of_place = permissions & OF_THE_STUDIO if reach is Reach.PROJECT else frozenset[Permission]()
    return reach in {Reach.STUDIO, Reach.PROJECT} and not (permissions & OF_THE_PLATFORM or out_of_place)


def by_token(held: frozenset[Permission], *, scope: frozenset[Permission], is_bound: bool) -> frozenset[Permission]:
    """Return what a token carries of what its person may.

    No token issues tokens: one that was stolen for a day would be good for a year, and a bound one would free itself. What
    asks for a second factor at a browser is carried only where the scope names it; else an empty scope is no limit.
    """
    carried = held - OF_THE_PERSON - (OF_THE_STUDIO if is_bound else frozenset())
    return carried & scope if scope else carried - STEP_UP
