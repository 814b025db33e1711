"""An admin who would be more than an admin: through groups, through a provider, through the directory. Each is refused.

A function takes the stage and tries; beside it stands the same deed by which an admin gives what is his to give.
"""

from collections.abc import Callable

from access import services as access
from access.models import CustomRole, Grant, Group
from access.roles import Permission, Reach, Role
from access.services import Post, RoleDraft, To, identity, provisioning
from kernel.scope import tenant_scope
from tests.access.joining import join

HARMLESS = frozenset({Permission.PROJECT_READ})
MIGHTY = HARMLESS | {Permission.OWNER_APPOINT}
JUDGING = HARMLESS | {Permission.EXPORT_DECIDE}


def admin(stage):
    """Return the attacker."""
    if "adam" not in stage.place.people:
        join(stage.place, "adam", Role.ADMIN)
    return stage.place.actor("adam", project=False)


def role_of(stage, permissions):
    """Return a role of the studio's own, defined by its owner."""
    number = stage.more["roles"] = stage.more.get("roles", 0) + 1
    draft = RoleDraft(name=f"Role {number}", reach=Reach.STUDIO, permissions=permissions)
    return access.define_role(stage.owner(), draft=draft).pk


def group_of(stage, *, is_provisioned=False, permissions=None):
    """Return a group; what no group is granted any more it may have held from before."""
    number = stage.more["groups"] = stage.more.get("groups", 0) + 1
    with tenant_scope(stage.place.tenant):
        group = Group.objects.create(name=f"Group {number}", is_provisioned=is_provisioned)
        if permissions is not None:
            words = sorted(one.value for one in permissions)
            role = CustomRole.objects.create(name=f"Of group {number}", reach=Reach.STUDIO.value, permissions=words)
            Grant.objects.create(group=group, custom=role)
    return group.pk


def mapped(stage, actor, **given):
    return identity.add_mapping(actor, provider=stage.row().pk, given=identity.Given("everybody", **given))


def role_by_a_mapping(permissions, by=admin):
    return lambda stage, harmless: mapped(stage, by(stage), custom=role_of(stage, HARMLESS if harmless else permissions))


def mighty_group_by_a_mapping(stage, harmless):
    return mapped(stage, admin(stage), group=group_of(stage, permissions=HARMLESS if harmless else MIGHTY))


def directorys_group_by_a_mapping(stage, harmless):
    return mapped(stage, admin(stage), group=group_of(stage, is_provisioned=not harmless))


def role_of_a_group(permissions, *, is_provisioned):
    """Have a group hold it: whoever keeps the group, as the directory by an admin's own token, gives it to whom he likes."""

    def attempt(stage, harmless):
        role = role_of(stage, HARMLESS if harmless else permissions)
        group = group_of(stage, is_provisioned=is_provisioned)
        return access.grant_to(stage.owner(), to=To(group=group), post=Post(role, None))

    return attempt


def group_role_that_grows(stage, harmless):
    role, group = role_of(stage, HARMLESS), group_of(stage)
    access.grant_to(stage.owner(), to=To(group=group), post=Post(role, None))
    return access.change_role(stage.owner(), role=role, permissions=HARMLESS if harmless else MIGHTY)


def mapped_role_that_grows(stage, harmless):
    role = role_of(stage, HARMLESS)
    mapped(stage, admin(stage), custom=role)
    return access.change_role(stage.owner(), role=role, permissions=HARMLESS if harmless else JUDGING)


def own_identity_at(who):
    """Link one's own name at the provider to somebody's account."""

    def attempt(stage, harmless):
        number = stage.more["names"] = stage.more.get("names", 0) + 1
        person = stage.place.people["lena" if harmless else who]
        return identity.link_identity(admin(stage), person=person, provider=stage.row().pk, uid=f"adam-{number}")

    return attempt


def unlinked_officer(stage, harmless):
    """Take her identity away, so that the next one that is linked is another."""
    person = stage.place.people["lena" if harmless else "olive"]
    return identity.unlink_identity(admin(stage), person=person, provider=stage.row().pk)


def judge_of_the_studios_own(stage):
    """Return an officer in all but name: by a role of the studio's own."""
    if "judy" not in stage.place.people:
        join(stage.place, "judy", role_of(stage, JUDGING))
    return stage.place.people["judy"]


def own_identity_at_a_judge(stage, harmless):
    judge_of_the_studios_own(stage)
    return own_identity_at("judy")(stage, harmless)


def judge_without_factors(stage, harmless):
    judge_of_the_studios_own(stage)
    return access.remove_factors(admin(stage), person=stage.place.people["lena" if harmless else "judy"])


def address_by_the_directory(stage, harmless):
    """Give her another address by one's own provisioning token, and ask for a link to a new password."""
    token = provisioning.issue(admin(stage), name="Mine", days=1).value
    directory = access.provisioning_actor(token, tenant=stage.place.tenant)
    who = "lena" if harmless else "olive"
    said = provisioning.ProvisionedPerson(user_name=who, email=f"{who}@evil.example", display_name="Evil")
    return provisioning.change_person(directory, person=stage.place.people[who], change=lambda _: said)


CLIMBS: dict[str, Callable] = {
    "owner_by_a_mapped_role": role_by_a_mapping(MIGHTY),
    "judge_by_a_mapped_role": role_by_a_mapping(JUDGING),
    "owner_by_a_role_that_an_owner_maps": role_by_a_mapping(MIGHTY, by=lambda stage: stage.owner()),
    "owner_by_a_mapped_group": mighty_group_by_a_mapping,
    "member_of_the_directorys_group_by_a_mapping": directorys_group_by_a_mapping,
    "owner_by_a_group": role_of_a_group(MIGHTY, is_provisioned=False),
    "owner_by_the_directorys_group": role_of_a_group(MIGHTY, is_provisioned=True),
    "judge_by_the_directorys_group": role_of_a_group(JUDGING, is_provisioned=True),
    "owner_by_a_group's_role_that_grows": group_role_that_grows,
    "judge_by_a_mapped_role_that_grows": mapped_role_that_grows,
    "own_identity_at_the_owner": own_identity_at("tom"),
    "own_identity_at_the_officer": own_identity_at("olive"),
    "own_identity_at_a_judge_by_the_studio's_own_role": own_identity_at_a_judge,
    "officer_without_her_identity": unlinked_officer,
    "officer_at_the_directorys_address": address_by_the_directory,
    "judge_without_her_factors": judge_without_factors,
}
