"""What a studio's provisioning client does: keep people and its own groups, by a token that an admin issues."""

from access.services.provisioning.groups import ProvisionedGroup, change_group, create_group, remove_group
from access.services.provisioning.issuing import Standing, issue, revoke, rotate, standing
from access.services.provisioning.people import ProvisionedPerson, change_person, create_person, remove_person
from access.services.provisioning.rows import groups, people

__all__ = [
    "ProvisionedGroup",
    "ProvisionedPerson",
    "Standing",
    "change_group",
    "change_person",
    "create_group",
    "create_person",
    "groups",
    "issue",
    "people",
    "remove_group",
    "remove_person",
    "revoke",
    "rotate",
    "standing",
]
