"""What is asked of an engine and what it answers: frozen values with plain JSON heads. Standard library only.

Files: descriptors come with `files` messages before the request that uses them; a `SealedInput` names one by its number
in that sequence, with its 32-byte key (hex) and the associated data it was sealed with.
"""

import dataclasses
import types
import typing
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True)
class Spec:
    """A frozen value that travels as the head of a message."""

    def head(self) -> dict[str, Any]:
        """Return the value as plain JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_head(cls, head: dict[str, Any]) -> Self:
        """Return the value of a head; keys it does not know are left out."""
        hints = typing.get_type_hints(cls)
        known = {one.name for one in dataclasses.fields(cls)}
        return cls(**{name: _built(hints[name], value) for name, value in head.items() if name in known})


@dataclass(frozen=True)
class SealedInput(Spec):
    """One sealed file: its number among the descriptors, its key in hex, its associated data as text."""

    file: int
    key: str
    aad: str
    media_type: str = ""


@dataclass(frozen=True)
class BaseSpec(Spec):
    """A base model in a folder; `digests` maps file → SHA-256, and a file that differs is refused."""

    path: str
    family: str
    dtype: str = "float32"
    digests: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class AdapterSpec(Spec):
    """A sealed adapter in diffusers' layout, how strongly it is applied, and its digest."""

    sealed: SealedInput
    weight: float
    digest: str


@dataclass(frozen=True)
class StretchSpec(Spec):
    """Some steps of a picture that was made: in a batch of how many slots, for which rank and reach, in which slot."""

    slots: int
    rank: int
    reach: int
    slot: int
    steps: int


@dataclass(frozen=True)
class GenerateSpec(Spec):
    """One picture. What the artist typed is what the model gets; `replays` says at which shapes one is made again."""

    request: str
    prompt: str
    negative: str
    seed: int
    steps: int
    guidance: float
    width: int
    height: int
    scheduler: str = "default"
    adapters: tuple[AdapterSpec, ...] = ()
    preview_seconds: float = 0.75
    replays: tuple[StretchSpec, ...] = ()


@dataclass(frozen=True)
class TrainConfig(Spec):
    """How an adapter is trained. Units: steps, pixels; `alpha` 0 means equal to rank."""

    steps: int = 300
    learning_rate: float = 2e-3
    rank: int = 8
    alpha: int = 0
    batch: int = 4
    resolution: int = 0
    trigger: str = ""
    caption_dropout: float = 0.1
    min_snr_gamma: float = 5.0
    feed_forward: bool = True
    warm_up: float = 0.05
    held_out: float = 0.15
    seed: int = 1
    sample_every: int = 50
    sample_prompts: tuple[str, ...] = ()
    sample_steps: int = 20
    sample_guidance: float = 4.0


@dataclass(frozen=True)
class TrainPicture(Spec):
    """One training picture with its caption."""

    sealed: SealedInput
    caption: str


@dataclass(frozen=True)
class TrainSpec(Spec):
    """One training run; `state` is the sealed state to resume from exactly, handed over anew every `checkpoint_seconds`."""

    request: str
    config: TrainConfig
    pictures: tuple[TrainPicture, ...]
    state: SealedInput | None = None
    checkpoint_seconds: float = 60.0


@dataclass(frozen=True)
class EvaluateSpec(Spec):
    """What an adapter changed, on pictures it never saw and on samples with and without it."""

    request: str
    adapter: AdapterSpec
    pictures: tuple[TrainPicture, ...]
    config: TrainConfig
    samples: int = 8


def _built(hint: Any, value: Any) -> Any:
    """Return a JSON value as the type that a field wants."""
    if value is None:
        return None
    if isinstance(hint, types.UnionType):
        hint = next(one for one in typing.get_args(hint) if one is not type(None))
    if dataclasses.is_dataclass(hint) and isinstance(hint, type) and issubclass(hint, Spec):
        return hint.from_head(value)
    if typing.get_origin(hint) is tuple:
        return tuple(_built(typing.get_args(hint)[0], one) for one in value)
    return value
