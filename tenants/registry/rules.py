"""Kinds and states of models, and who may use which; without touching the world."""

from enum import StrEnum
from typing import Final


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
