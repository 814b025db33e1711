"""What a provider's groups give: at each sign-in what is missing is given, and what they gave before and give no more is taken."""

import uuid
from collections.abc import Collection
from typing import Any, Final

from access.models import Grant, GrantSource, GroupMember, IdentityProvider, RoleMapping, User, held_by, permitted_at
from access.roles import Permission, Role, is_above_admins
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.scope import current_tenant

# What no group of a provider gives, whatever a row says.
NEVER_MAPPED: Final = frozenset({Role.OWNER, Role.OFFICER, Role.OPERATOR, Role.SUPPORT, Role.SYSTEM})


def reconcile(provider: IdentityProvider, person: User, groups: Collection[str]) -> None:
    """Give and take what a provider's groups say of a person, in the caller's transaction; each change is an entry."""
    mapped = RoleMapping.objects.filter(provider=provider, claimed__in=groups).select_related("custom", "group", "project")
    given = _from_others(person, list(mapped))
    _roles(provider, person, [one for one in given if one.group is None])
    _memberships(provider, person, [one for one in given if one.group is not None and not one.group.is_provisioned])


def take_all(provider: IdentityProvider) -> None:
    """Take away everything that a provider's groups gave, in the caller's transaction: it is removed, or says no more."""
    for grant in Grant.objects.filter(source=GrantSource.PROVIDER, provider_id=provider.pk).select_related("user"):
        _take(provider, grant)
    for member in GroupMember.objects.filter(provider=provider).select_related("user"):
        _take_out(provider, member)


def take_what_gave(provider: IdentityProvider, gone: RoleMapping) -> None:
    """Take away what a mapping that is gone gave and no other one of the provider gives, in the caller's transaction.

    Who loses a right loses the work that it allowed: workers read rights anew.
    """
    left = RoleMapping.objects.filter(provider=provider, group=gone.group_id)
    if gone.group_id is not None:
        if not left.exists():
            for member in GroupMember.objects.filter(provider=provider, group_id=gone.group_id).select_related("user"):
                _take_out(provider, member)
        return
    place = {"role": gone.role, "custom": gone.custom_id, "project": gone.project_id}
    if not left.filter(**place).exists():
        given = Grant.objects.filter(source=GrantSource.PROVIDER, provider_id=provider.pk, **place)
        for grant in given.select_related("user"):
            _take(provider, grant)


def _from_others(person: User, mapped: list[RoleMapping]) -> list[RoleMapping]:
    """Return the mappings but those that she made herself: nobody grants to himself, unless he may appoint owners."""
    others = [one for one in mapped if one.made_by != person.pk]
    is_bound = len(others) < len(mapped) and Permission.OWNER_APPOINT not in permitted_at(None, held_by(person.pk))
    return others if is_bound else mapped


def _roles(provider: IdentityProvider, person: User, given: list[RoleMapping]) -> None:
    wanted = {_place(one) for one in given if not _is_never_given(one) and (one.project is None or one.project.closed is None)}
    held = {_place(one): one for one in Grant.objects.filter(user=person, source=GrantSource.PROVIDER, provider_id=provider.pk)}
    for place in sorted(wanted - held.keys(), key=str):
        project, role, custom = place
        Grant.objects.create(
            user=person, project_id=project, role=role, custom_id=custom, source=GrantSource.PROVIDER, provider_id=provider.pk
        )
        _record(provider, Event.ROLE_GRANTED, project, {"person": person.pseudonym, "role": role or str(custom)})
    for place in sorted(held.keys() - wanted, key=str):
        _take(provider, held[place])


def _is_never_given(mapping: RoleMapping) -> bool:
    own = mapping.custom
    above = own is not None and is_above_admins(frozenset(Permission(one) for one in own.permissions))
    return mapping.role in NEVER_MAPPED or above


def _take(provider: IdentityProvider, grant: Grant) -> None:
    person = "" if grant.user is None else grant.user.pseudonym
    facts = {"person": person, "role": grant.role or str(grant.custom_id)}
    Grant.objects.filter(pk=grant.pk).delete()
    _record(provider, Event.ROLE_REVOKED, grant.project_id, facts)


def _memberships(provider: IdentityProvider, person: User, given: list[RoleMapping]) -> None:
    """Keep the person in just those groups that are given; what another hand put her into is not the provider's."""
    wanted = {one.group_id for one in given if one.group_id is not None}
    held = {one.group_id: one for one in GroupMember.objects.filter(user=person, provider=provider).select_related("user")}
    for group in sorted(wanted - held.keys()):
        GroupMember.objects.create(user=person, group_id=group, provider=provider)
        _record(provider, Event.GROUP_MEMBER_ADDED, None, {"person": person.pseudonym, "group": str(group)})
    for group in sorted(held.keys() - wanted):
        _take_out(provider, held[group])


def _take_out(provider: IdentityProvider, member: GroupMember) -> None:
    GroupMember.objects.filter(pk=member.pk).delete()
    _record(provider, Event.GROUP_MEMBER_REMOVED, None, {"person": member.user.pseudonym, "group": str(member.group_id)})


def _place(one: Any) -> tuple[Any, str, Any]:
    return one.project_id, one.role, one.custom_id


def _record(provider: IdentityProvider, kind: Event, project: Any, facts: dict[str, str]) -> None:
    audit.append(
        id=uuid.uuid4(), tenant=current_tenant(), project=project, actor=f"provider:{provider.slug}"[:64], kind=kind,
        facts={**facts, "provider": provider.slug},
    )  # fmt: skip
