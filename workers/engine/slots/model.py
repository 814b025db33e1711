"""A model at work for one tenant: its slots, its text encoders, and the adapters that it has read."""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from workers.engine.errors import EngineError
from workers.engine.families import Loaded
from workers.engine.files import Files
from workers.engine.slots.adapters import Adapter, Reader
from workers.engine.slots.engine import Slots
from workers.engine.slots.lowrank import Layers
from workers.engine.slots.prepare import prepared
from workers.engine.slots.request import Request
from workers.engine.slots.shapes import Stretch
from workers.engine.specs import AdapterSpec, GenerateSpec

SHELF_BYTES: Final = 1 << 30


class Model:
    """One loaded base model. Everything that a request needs of it is asked here."""

    def __init__(self, base: Loaded) -> None:
        self.base = base
        self.slots = Slots(base)
        self.encoders = {name: Layers(getattr(base.pipeline, name)) for name in base.family.text_encoders}
        layers = {"unet": self.slots.layers, **self.encoders}
        self.shelf = Shelf(Reader(layers, config=base.pipeline.unet.config, family=base.family.name))

    def request(self, spec: GenerateSpec, files: Files) -> Request:
        """Return a request that may join the slots. Raises EngineError for an adapter that does not fit."""
        adapters = self.shelf.take(spec.adapters, files)
        return prepared(
            self.base, spec, adapters, encoders=self.encoders, replays=tuple(Stretch(**one.head()) for one in spec.replays)
        )


class Shelf:
    """Adapters that were opened and read, by digest; those that were used least recently make room."""

    def __init__(self, reader: Reader, *, most_bytes: int = SHELF_BYTES) -> None:
        self.reader, self.most_bytes = reader, most_bytes
        self._read: OrderedDict[str, Adapter] = OrderedDict()

    def take(self, wanted: Sequence[AdapterSpec], files: Files) -> list[tuple[Adapter, float]]:
        """Return these adapters with their strengths. Raises EngineError for one that is not the named one, or does not fit."""
        return [(self._one(one, files), one.weight) for one in wanted]

    @property
    def bytes(self) -> int:
        """Return how much memory the read adapters take."""
        return sum(one.bytes for one in self._read.values())

    def _one(self, wanted: AdapterSpec, files: Files) -> Adapter:
        found = self._read.get(wanted.digest) or self._opened(wanted, files)
        self._read[wanted.digest] = found
        self._read.move_to_end(wanted.digest)
        while self.bytes > self.most_bytes and len(self._read) > 1:
            self._read.popitem(last=False)
        return found

    def _opened(self, wanted: AdapterSpec, files: Files) -> Adapter:
        content = files.open(wanted.sealed)
        if hashlib.sha256(content).hexdigest() != wanted.digest:
            raise EngineError("adapter.digest_differs")
        return self.reader.read(content)
