"""A project's allowances name its models: whoever sets one names only bases of the studio and models of the project."""

from collections.abc import Sequence
from uuid import UUID

from access import services as access
from access.actor import Actor
from access.allowances import may_use
from access.models import Allowance
from access.roles import Permission
from kernel.errors import InvalidInput
from tenants.registry.models import RegisteredModel
from tenants.registry.rules import Kind
from tenants.registry.services.using import named


def set_allowance(actor: Actor, *, to: access.To, limits: access.Limits) -> Allowance:
    """Say what a person, a group or everybody may use in the project. Raises NotFound for what is none of the project's."""
    actor.require_step_up(Permission.PROJECT_CONFIGURE)
    _check_models(actor, limits)
    return access.set_allowance(actor, to=to, limits=limits)


def change_allowance(actor: Actor, *, allowance: UUID, limits: access.Limits) -> Allowance:
    """Replace what a row allows. Raises NotFound likewise."""
    actor.require_step_up(Permission.PROJECT_CONFIGURE)
    _check_models(actor, limits)
    return access.change_allowance(actor, allowance=allowance, limits=limits)


def within_allowance(actor: Actor, rows: Sequence[RegisteredModel]) -> set[UUID]:
    """Return the ids of those models that the Actor's allowance names, an adapter's with its base's, in the caller's scope."""
    limits = access.limits(actor)
    return {row.pk for row in rows if _is_within(limits, row)}


def _is_within(limits: access.Limits | None, row: RegisteredModel) -> bool:
    is_base = row.kind == Kind.BASE
    return may_use(limits, base=row.pk if is_base else row.base_id, adapter=None if is_base else row.pk)


def _check_models(actor: Actor, limits: access.Limits) -> None:
    with actor.reading():
        bases = named(actor, sorted(limits.bases or ()))
        adapters = named(actor, sorted(limits.adapters or ()))
    if any(one.kind is not Kind.BASE for one in bases):
        raise InvalidInput("model.not_a_base")
    if any(one.kind is Kind.BASE for one in adapters):
        raise InvalidInput("model.is_a_base")
