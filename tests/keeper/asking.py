"""What the tests ask of a keeper: keys of objects, and the code of a refusal."""

import uuid

import pytest

from kernel.errors import KeeperRefused
from kernel.keys import KeyAsk, KeyClass, OpenAsk
from kernel.sealing import Aad


def aad_of(place, made):
    return Aad(str(place[0]), str(place[1]), str(made), 1, "image/png").encode()


def sealed(line, place, count=1, entry=None, key_class=KeyClass.PROJECT, person=None):
    """Return objects, their data keys and what asks for them again."""
    made = [uuid.uuid4() for _ in range(count)]
    entry = entry or uuid.uuid4()
    asks = [KeyAsk(aad_of(place, one), place[0], key_class, entry, place[1], person) for one in made]
    keys = line("web").generate(asks)
    opens = [
        OpenAsk(ask.aad, key.wrapped, place[0], key_class, place[1], person, key.key_version)
        for ask, key in zip(asks, keys, strict=True)
    ]
    return made, [one.key for one in keys], opens


def refused(ask):
    with pytest.raises(KeeperRefused) as what:
        ask()
    return what.value.code
