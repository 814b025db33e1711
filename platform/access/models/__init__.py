"""Tenants, projects, people, what they may do, and how they are known."""

from access.models.grants import (
    CustomRole,
    Grant,
    GrantSource,
    Held,
    appointed_among,
    ever_held_by,
    grants_to,
    held_by,
    live,
    names_appointed,
    permitted,
    permitted_at,
    projects_of,
    rights,
)
from access.models.identity import CapturedDomain, DomainAddress, IdentityProvider, RoleMapping, SecurityPolicy
from access.models.people import Group, GroupMember, User, orphaned
from access.models.reviews import AccessReview, ReviewItem, SupportConsent
from access.models.studios import PLATFORM, Allowance, Project, Studio, StudioAddress, StudioName, Tenant, Usage
from access.models.tokens import ApiToken, KeyedAsk, Session

__all__ = [
    "PLATFORM",
    "AccessReview",
    "Allowance",
    "ApiToken",
    "CapturedDomain",
    "CustomRole",
    "DomainAddress",
    "Grant",
    "GrantSource",
    "Group",
    "GroupMember",
    "Held",
    "IdentityProvider",
    "KeyedAsk",
    "Project",
    "ReviewItem",
    "RoleMapping",
    "SecurityPolicy",
    "Session",
    "Studio",
    "StudioAddress",
    "StudioName",
    "SupportConsent",
    "Tenant",
    "Usage",
    "User",
    "appointed_among",
    "ever_held_by",
    "grants_to",
    "held_by",
    "live",
    "names_appointed",
    "orphaned",
    "permitted",
    "permitted_at",
    "projects_of",
    "rights",
]
