"""Builds what a picture's C2PA claim says. Pure: plain values in, a manifest definition out. Never the prompt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

SOURCE: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
RECORD: Final = "org.guildhall.record"


@dataclass(frozen=True)
class Claim:
    """What the file says of itself: where its record lies, what made it, and the opening of its pixels' commitment."""

    origin: str
    entry: UUID
    base_digest: str
    adapter_digests: Sequence[str]
    pixels_commitment: str
    pixels_opening: str
    seed: int


def definition(claim: Claim) -> dict[str, Any]:
    """Return the manifest definition for the signing library."""
    return {
        "claim_generator_info": [{"name": "Guildhall", "version": "1"}],
        "format": "image/png",
        "assertions": [
            {
                "label": "c2pa.actions.v2",
                "data": {"actions": [{"action": "c2pa.created", "digitalSourceType": SOURCE}]},
            },
            {"label": "cawg.training-mining", "data": {"entries": _not_for_training()}},
            {"label": RECORD, "kind": "Json", "data": _record(claim)},
        ],
    }


def _not_for_training() -> Mapping[str, Mapping[str, str]]:
    uses = ("cawg.ai_inference", "cawg.ai_generative_training", "cawg.ai_training", "cawg.data_mining")
    return {use: {"use": "notAllowed"} for use in uses}


def _record(claim: Claim) -> dict[str, Any]:
    return {
        "log": claim.origin,
        "entry": str(claim.entry),
        "base": claim.base_digest,
        "adapters": list(claim.adapter_digests),
        "pixels": {"commitment": claim.pixels_commitment, "opening": claim.pixels_opening},
        "seed": str(claim.seed),
    }
