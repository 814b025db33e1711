"""A prompt is asked for: recorded whether it is made or refused."""

import json
import secrets
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, Final
from uuid import UUID

from access import services as access
from access.actor import Actor
from access.roles import Permission
from dispatch import services as dispatch
from governance.audit import services as audit
from governance.audit.events import Event
from governance.licensing import services as licensing
from governance.moderation import services as moderation
from kernel import canonical
from tenants.generations.models import Generation
from tenants.generations.rules import Order, State, misuses, shape_key
from tenants.registry import services as registry
from tenants.vault import services as vault

_SEEDS: Final = 1 << 32


@dataclass(frozen=True)
class _Examined:
    """What was found about an order: what is used, why it is refused, by which rules."""

    use: registry.Use
    reasons: tuple[dict[str, Any], ...]
    decisions: Mapping[str, Any]


def submit(actor: Actor, *, order: Order, key: str | None = None) -> list[Generation]:
    """Record an order as requests that wait, or that are refused with reasons; the same `key` again returns the same rows."""
    actor.require(Permission.GENERATION_CREATE)
    order.check()
    asked = access.keyed(actor, key=key, deed="generations.submit", ask=asdict(order))
    return access.once(actor, asked, do=partial(_submit, actor, order, asked), again=_found)


def _submit(actor: Actor, order: Order, asked: access.Keyed | None) -> list[Generation]:
    with actor.reading():
        if order.purpose == "picture":
            models = [order.base, *(model for model, _ in order.adapters)]
            order = replace(order, purpose=registry.purpose_for(actor, models).value)
        _examine(actor, order, ask=access.allowed)
    places = [_Place(uuid.uuid4(), uuid.uuid4(), number) for number in range(order.count)]
    typed = [_seal_typed(actor, order, place.intent) for place in places]
    with actor.writing():
        access.take_key(actor, asked, rows=[place.row for place in places])
        # Asked again where it counts: a model may have been retired, a rule changed, the last picture taken, since the look before.
        examined = _examine(actor, order, ask=access.spend)
        return [
            _record(actor, order, examined, sealed, commits, place) for place, (sealed, commits) in zip(places, typed, strict=True)
        ]


@dataclass(frozen=True)
class _Place:
    row: UUID
    intent: UUID
    number: int


def _examine(actor: Actor, order: Order, *, ask: Callable[[Actor, access.Use], access.Verdict]) -> _Examined:
    """Return what is found; `ask` says whether an order with nothing else against it is within its allowance."""
    use = registry.usable(actor, [order.base, *(model for model, _ in order.adapters)], purpose=order.purpose)
    verdict = moderation.review_prompt([order.prompt, order.negative])
    licences = sorted({licence for model in use.models for licence in model.licences})
    decision = licensing.check_use(licences)
    unfit = misuses([(model.id, model.kind, model.family) for model in use.models])
    reasons: list[dict[str, Any]] = [{"code": str(code), "model": str(model)} for code, model in (*use.reasons, *unfit)]
    reasons += [{"code": "prompt.refused", **asdict(reason)} for reason in verdict.reasons]
    if not decision.allowed:
        reasons.append({"code": "licence.not_allowed", "result": decision.result.value, "clauses": list(decision.clauses)})
    within = (access.allowed if reasons else ask)(actor, _use(order))
    if within.code is not None:
        reasons.append({"code": within.code.value, **within.facts()})
    decisions = {
        "policy": verdict.policy_digest, "prompt_allowed": verdict.allowed, "licensing": decision.result.value,
        "licensing_rules": decision.rules_digest,
    }  # fmt: skip
    return _Examined(use, tuple(reasons), decisions)


def _use(order: Order) -> access.Use:
    adapters = tuple(model for model, _ in order.adapters)
    return access.Use(access.Feature.TEXT_TO_IMAGE, order.base, adapters, pictures=order.count)


def _seal_typed(actor: Actor, order: Order, intent: UUID) -> tuple[vault.Sealed, dict[str, str]]:
    hidden = [
        canonical.hide(field, tenant=actor.tenant, value=text.encode())
        for field, text in (("prompt", order.prompt), ("negative", order.negative))
    ]
    content = {
        "prompt": order.prompt, "negative": order.negative,
        "openings": {one.field: one.opening.hex() for one in hidden},
    }  # fmt: skip
    sealed = vault.seal(actor, json.dumps(content).encode(), media_type="application/json", entry=intent, subject=True)
    return sealed, {one.field: one.commitment for one in hidden}


def _record(
    actor: Actor, order: Order, examined: _Examined, sealed: vault.Sealed, commits: dict[str, str], place: _Place
) -> Generation:
    refused = bool(examined.reasons)
    kept = vault.keep(actor, sealed)
    seed = order.seed + place.number if order.seed is not None else secrets.randbelow(_SEEDS)
    adapters = [{"model": str(model), "weight": weight} for model, weight in order.adapters]
    made: Generation = Generation.objects.create(
        id=place.row, project_id=actor.require_project(), person_id=actor.person, purpose=order.purpose,
        state=State.REFUSED if refused else State.QUEUED, reasons=list(examined.reasons), decisions=dict(examined.decisions),
        base_id=order.base, adapters=adapters, prompt_id=kept.pk, seed=seed, steps=order.steps, guidance=order.guidance,
        width=order.width, height=order.height, scheduler=order.scheduler, intent_id=place.intent,
        number=place.number,
    )  # fmt: skip
    opened = [kept.pk, *(model.object for model in examined.use.models if model.object is not None)]
    if not refused:
        dispatch.put(
            id=uuid.uuid4(), tenant=actor.tenant, project=actor.project, person=actor.person, kind="generate", row=made.pk,
            intent=place.intent, shape_key=shape_key(order), models=[model.digest for model in examined.use.models],
        )  # fmt: skip
    audit.append(
        id=place.intent, tenant=actor.tenant, project=actor.project, actor=actor.pseudonym,
        kind=Event.GENERATION_REFUSED if refused else Event.GENERATION_SUBMITTED,
        facts=_facts(made, examined) | {"opens": canonical.objects_digest(opened)}, commits=commits,
    )  # fmt: skip
    return made


def _facts(made: Generation, examined: _Examined) -> dict[str, Any]:
    base, *adapters = examined.use.models
    weights = [one["weight"] for one in made.adapters]
    return {
        "generation": str(made.pk), "purpose": made.purpose, "base": base.digest, "seed": made.seed, "steps": made.steps,
        "adapters": [{"digest": one.digest, "weight": weight} for one, weight in zip(adapters, weights, strict=True)],
        "guidance": made.guidance, "width": made.width, "height": made.height, "scheduler": made.scheduler,
        "reasons": [reason["code"] for reason in made.reasons], **examined.decisions,
    }  # fmt: skip


def _found(rows: Sequence[UUID]) -> list[Generation]:
    return list(Generation.objects.filter(pk__in=rows).order_by("number"))
