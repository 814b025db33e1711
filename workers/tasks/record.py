"""The record of a picture: every plain fact that lets anyone make it again, and which of them differ on this machine."""

from collections.abc import Mapping
from typing import Any, Final

from tenants.generations.services import Begun

NOISE: Final = "torch.Generator(cpu)"


def record_of(begun: Begun, head: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record of a picture from what was asked and what the engine says of itself."""
    return {
        "purpose": begun.purpose,
        "base": {
            "digest": begun.base.digest,
            "family": begun.base.family,
            "components": dict(head["base_digests"]),
            "stored": dict(head["base_stored"]),
        },
        "adapters": [{"digest": model.digest, "weight": weight} for model, weight in begun.adapters],
        "width": begun.width,
        "height": begun.height,
        "seed": begun.seed,
        "noise": NOISE,
        "scheduler": {"name": begun.scheduler, "config": dict(head["scheduler"])},
        "steps": begun.steps,
        "guidance": begun.guidance,
        "decisions": dict(begun.decisions),
        "machine": dict(head["machine"]),
        "shape_key": dict(head["shape_key"]),
    }


def differing(record: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return the names of recorded facts that are otherwise on this machine, as paths."""
    return sorted(path for name in {*record, *now} for path in _paths(name, record.get(name), now.get(name)))


def _paths(path: str, one: Any, other: Any) -> list[str]:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        inner = sorted({*one, *other})
        return [found for name in inner for found in _paths(f"{path}.{name}", one.get(name), other.get(name))]
    return [] if one == other else [path]
