"""Kinds and states of models, who may use which, and how a base likes to be used; without touching the world."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final


class Kind(StrEnum):
    """What a model is."""

    BASE = "base"
    ADAPTER = "adapter"


class State(StrEnum):
    """How far a model is."""

    CANDIDATE = "candidate"
    APPROVED = "approved"
    REJECTED = "rejected"
    RETIRED = "retired"


class Purpose(StrEnum):
    """What a picture is made for."""

    PICTURE = "picture"
    TRIAL = "trial"
    EVALUATION = "evaluation"


@dataclass(frozen=True)
class Habits:
    """How a base likes to be trained; None leaves a value to the training's own default."""

    learning_rate: float
    min_snr_gamma: float | None = None

    def told(self) -> dict[str, float]:
        """Return what a training's configuration says of it."""
        gamma = {} if self.min_snr_gamma is None else {"min_snr_gamma": self.min_snr_gamma}
        return {"learning_rate": self.learning_rate, **gamma}


USUAL_HABITS: Final = Habits(1e-4)
# Measured: with min-SNR its noisiest steps, where colour is decided, weigh nothing.
STARTER_HABITS: Final = Habits(4e-3, min_snr_gamma=0.0)


def own_side(unet: Mapping[str, Any], coder: Mapping[str, Any]) -> int | None:
    """Return the pixels a side that a model was made for, from its two configurations; None if they do not say."""
    latents, channels = unet.get("sample_size"), coder.get("block_out_channels")
    if not isinstance(latents, int) or latents < 1 or not isinstance(channels, list) or not channels:
        return None
    return latents << (len(channels) - 1)


_DECIDED: Final = {State.CANDIDATE: {State.APPROVED, State.REJECTED}, State.APPROVED: {State.RETIRED}}


def may_become(state: str, wanted: str) -> bool:
    """Return whether a model may pass from one state into another."""
    return State(wanted) in _DECIDED.get(State(state), set())


def refusal(state: str, *, purpose: str, may_try: bool) -> str | None:
    """Return why a model in this state may not be used for this purpose, or None."""
    if state == State.APPROVED:
        return None
    if state == State.CANDIDATE and purpose != Purpose.PICTURE and may_try:
        return None
    return f"model.{state}"
