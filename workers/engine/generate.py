"""Makes pictures: requests join between steps, each takes its own, and is decoded, judged and handed over as it ends.

Guarantees: the prompt goes to the model as typed (one that is too long is refused, not cut); the same request on the
same machine facts, shapes and slots gives the same bits, whatever was made before it or is made beside it.
"""

import io
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import torch
from PIL import Image

from workers.engine import classify, machine
from workers.engine.errors import Cancelled, EngineError
from workers.engine.families import Loaded
from workers.engine.files import Files
from workers.engine.slots.model import Model
from workers.engine.slots.prepare import picture_of
from workers.engine.slots.request import Request
from workers.engine.specs import GenerateSpec

PREVIEW_LATENTS: Final = 24
PROGRESS_SECONDS: Final = 0.2  # each answer wakes the worker, which takes time from the threads that compute
MOST_STEPS: Final = 200
LARGEST_SIDE: Final = 2048
Answer = Callable[[str, dict[str, Any], bytes], None]


@dataclass
class Making:
    """One picture under way."""

    spec: GenerateSpec
    request: Request
    token_ids: dict[str, list[list[int]]]
    began: float = field(default_factory=time.monotonic)
    told: float = 0.0
    shown: float = field(default_factory=time.monotonic)


@dataclass
class Judged:
    """A picture that is with the judge, and what is to be said of it then."""

    kind: str
    head: dict[str, Any]
    body: Callable[[], bytes]
    scores: "Future[dict[str, float]]"


class Pictures:
    """The pictures that one model makes now. `answer` is called with a kind, a head and a body."""

    def __init__(self, model: Model, answer: Answer) -> None:
        self.model, self.answer = model, answer
        self.making: dict[str, Making] = {}
        # One judge beside the model: its library lets go of the interpreter while it computes.
        self.judge = ThreadPoolExecutor(1, thread_name_prefix="judge")
        self.judged: list[Judged] = []

    @property
    def is_busy(self) -> bool:
        """Return whether anything is under way."""
        return bool(self.making or self.judged)

    def begin(self, spec: GenerateSpec, files: Files) -> None:
        """Take a request in: it takes its first step with the next. Raises EngineError for what the model cannot do."""
        base = self.model.base
        check(base, spec)
        tokens = {name: token_ids(getattr(base.pipeline, name), spec) for name in base.family.tokenizers}
        began = time.monotonic()
        request = self.model.request(spec, files)
        try:
            self.model.slots.join(request)
        except Exception as trouble:
            if not all(made.request in self.model.slots.requests for made in self.making.values()):
                self._fail_all(said_of(trouble))  # somebody lost her seat
            raise
        request.seconds += time.monotonic() - began
        self.making[spec.request] = Making(spec, request, tokens)

    def cancel(self, name: str) -> bool:
        """Let go of a request; return whether there was one. What is with the judge already is handed over."""
        made = self.making.pop(name, None)
        if made is not None:
            self.model.slots.leave(made.request)
            self._fail(name, Cancelled(), seconds=made.request.seconds)
        return made is not None

    def advance(self) -> None:
        """Let everyone take a step, and tell what there is to tell; whoever cannot go on is told so."""
        try:
            done = self.model.slots.step() if self.making else []
        except Exception as trouble:  # noqa: BLE001  # its text may hold content; its type may be said
            done = []
            self._fail_all(said_of(trouble))
        for made in [self.making.pop(one.name) for one in done]:
            self._guarded(made, self._hand_over)
        for made in list(self.making.values()):
            self._guarded(made, self._tell)
        if not self.making and self.judged:
            self.judged[0].scores.exception()  # waits
        self._tell_judged()

    def _fail_all(self, trouble: EngineError) -> None:
        """End all that take steps; what they used is filled with zeros."""
        self.model.slots.close()
        for name in list(self.making):
            self._fail(name, trouble, seconds=self.making.pop(name).request.seconds)

    def _guarded(self, made: Making, do: Callable[[Making], None]) -> None:
        """Do something for one picture; what stops it stops no other."""
        try:
            do(made)
        except Exception as trouble:  # noqa: BLE001  # as above
            name = made.spec.request
            if self.making.pop(name, None) is not None:
                self.model.slots.leave(made.request)
            self._fail(name, said_of(trouble), seconds=made.request.seconds)

    def _hand_over(self, made: Making) -> None:
        began = time.monotonic()
        picture = picture_of(self.model.base, made.request.latents)
        made.request.seconds += time.monotonic() - began
        head = {
            "request": made.spec.request, "width": picture.width, "height": picture.height, "token_ids": made.token_ids,
            "machine": machine.facts(self.model.base.spec.dtype, attention=self.model.base.attention),
            "shape_key": shape_key(made.request), "scheduler": _plain(made.request.scheduler.config),
            "base_digests": self.model.base.digests, "base_stored": self.model.base.stored,
            "seconds": time.monotonic() - made.began, "step_seconds": self.model.slots.measured(),
            "device_seconds": made.request.seconds,
        }  # fmt: skip
        self._judge("picture", head, picture, picture.tobytes)

    def _tell(self, made: Making) -> None:
        now, step = time.monotonic(), made.request.step
        if now - made.told >= PROGRESS_SECONDS:
            made.told = now
            head = {"request": made.spec.request, "step": step, "steps": made.request.steps, "device_seconds": made.request.seconds}
            self.answer("progress", head, b"")
        # A preview costs a decoding: a picture that is ready before anybody could look at one has none.
        if now - made.shown >= made.spec.preview_seconds:
            made.shown = now
            small = _preview(self.model.base, made.request.latents)
            self._judge("preview", {"request": made.spec.request, "step": step}, small, lambda: png(small))

    def _judge(self, kind: str, head: dict[str, Any], picture: Image.Image, body: Callable[[], bytes]) -> None:
        self.judged.append(Judged(kind, head, body, self.judge.submit(classify.scores, picture)))

    def _tell_judged(self) -> None:
        while self.judged and self.judged[0].scores.done():
            one = self.judged.pop(0)
            trouble = one.scores.exception()
            if trouble is not None and one.kind == "picture":
                self._fail(one.head["request"], said_of(trouble))
            elif trouble is None and (one.kind == "picture" or self._is_awaited(one.head["request"])):
                self.answer(one.kind, {**one.head, "scores": one.scores.result()}, one.body())

    def _is_awaited(self, name: str) -> bool:
        return name in self.making or any(one.kind == "picture" and one.head["request"] == name for one in self.judged)

    def _fail(self, name: str, trouble: EngineError, *, seconds: float = 0.0) -> None:
        head = {"request": name, "code": trouble.code, "facts": trouble.facts}
        self.answer("failed", head | ({"device_seconds": seconds} if seconds else {}), b"")


def said_of(trouble: BaseException) -> EngineError:
    """Return what may be said of an exception: our own code and numbers, or its type."""
    if isinstance(trouble, EngineError):
        return trouble
    if isinstance(trouble, MemoryError | torch.OutOfMemoryError):
        return EngineError("engine.out_of_memory")
    return EngineError(f"engine.{type(trouble).__name__}")


def check(base: Loaded, spec: GenerateSpec) -> None:
    """Raise EngineError unless the model can make this size in so many steps."""
    unit = base.pipeline.vae_scale_factor * 2 ** (len(base.pipeline.unet.config.block_out_channels) - 1)
    if not (unit <= spec.width <= LARGEST_SIDE and unit <= spec.height <= LARGEST_SIDE):
        raise EngineError("size.out_of_range", least=unit, most=LARGEST_SIDE)
    if spec.width % unit or spec.height % unit:
        raise EngineError("size.not_a_multiple", of=unit)
    if not 1 <= spec.steps <= MOST_STEPS:
        raise EngineError("steps.out_of_range", most=MOST_STEPS)


def token_ids(tokenizer: Any, spec: GenerateSpec) -> list[list[int]]:
    """Return the ids of prompt and negative prompt. Raises EngineError for a text that the model would cut."""
    found: list[list[int]] = []
    for text in (spec.prompt, spec.negative):
        ids = tokenizer(text, truncation=False, verbose=False).input_ids
        if len(ids) > tokenizer.model_max_length:
            raise EngineError("prompt.too_long", tokens=len(ids), most=tokenizer.model_max_length)
        found.append([int(one) for one in ids])
    return found


def shape_key(request: Request) -> dict[str, Any]:
    """Return at which shapes, and in which slots, a picture was made: what its replay needs to have the same bits."""
    return {
        "height": request.kin.height,
        "width": request.kin.width,
        "context": request.kin.context,
        "rows": request.kin.rows,
        "control": 0,
        "text_batch": 1,
        "decoder_batch": 1,
        "stretches": [one.head() for one in request.stretches],
    }


def png(picture: Image.Image) -> bytes:
    """Return a picture as PNG, in memory."""
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=1)
    return out.getvalue()


@torch.inference_mode()
def _preview(base: Loaded, latents: torch.Tensor) -> Image.Image:
    """Return a small picture of latents under way: decoded at a size that costs little."""
    height, width = latents.shape[-2:]
    scale = PREVIEW_LATENTS / max(height, width)
    small = latents if scale >= 1 else torch.nn.functional.interpolate(latents, scale_factor=scale, mode="area")
    decoded = base.pipeline.vae.decode(small / base.pipeline.vae.config.scaling_factor, return_dict=False)[0]
    pixels = ((decoded[0].float() / 2 + 0.5).clamp(0, 1) * 255).round().to(torch.uint8).permute(1, 2, 0).cpu().numpy()
    return Image.fromarray(pixels)


def _plain(config: Any) -> dict[str, Any]:
    """Return what of a scheduler's configuration can stand in a record; an infinite number as its word."""
    found: dict[str, Any] = {}
    for name, value in sorted(dict(config).items()):
        if not str(name).startswith("_") and isinstance(value, str | int | float | bool):
            found[str(name)] = str(value) if isinstance(value, float) and not np.isfinite(value) else value
    return found
