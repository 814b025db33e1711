"""How a text reads to an eye that no spelling deceives: plain Latin letters, each with its place and the gap before it.

Accents, case, strokes, small capitals, letters in boxes, flags and letters of other scripts that look like Latin ones
all read as the plain letter; digits and signs read as the letter that they stand for. Pure, and nothing is changed.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from confusable_homoglyphs import confusables

EITHER: Final = "|"
"""What reads as i and as l: a capital I, a 1, a bar."""

_EITHER_OF: Final = {EITHER, "i", "l"}
_DIGITS: Final = {"0": "o", "1": EITHER, "2": "z", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g"}
_SIGNS: Final = {"@": "a", "$": "s", "!": EITHER, "|": EITHER, "+": "t", "€": "e", "£": "l", "¢": "c", "¥": "y"}
_LOOKS: Final = {"в": "b", "к": "k", "м": "m", "н": "h", "т": "t", "ε": "e", "η": "n", "κ": "k", "τ": "t", "ð": "d", "ӏ": "I"}
_BARS: Final = {"I", "l", "1", "|"}
_FILLERS: Final = {"\u115f", "\u1160", "\u2800", "\u3164", "\uffa0"}
_NAMED: Final = re.compile(
    r"(?:LATIN|REGIONAL|MODIFIER)\b.* LETTER (?:(?:SMALL|CAPITAL|TURNED|REVERSED|INVERTED|OPEN|SCRIPT) )*([A-Z])(?: WITH .*)?$"
)
_UNSPACED: Final = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR")
_PAUSE: Final = re.compile(r"[,.;:!?]+\s")


class Kind(Enum):
    """What a reading was typed as; UNSPACED is a letter of a script that puts no spaces between words."""

    LETTER = "letter"
    UNSPACED = "unspaced"
    DIGIT = "digit"
    SIGN = "sign"


class Gap(Enum):
    """What stands between a letter and the one before it; a pause is a comma or a full stop as sentences have them."""

    NONE = "none"
    SPACE = "space"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter as it reads, where it was typed, and as what."""

    plain: str
    place: int
    kind: Kind
    before: Gap

    def reads_as(self, wanted: str) -> bool:
        """Return whether it can be read as this letter of a rule."""
        if EITHER in {self.plain, wanted}:
            return self.plain in _EITHER_OF and wanted in _EITHER_OF
        return self.plain == wanted


def read(text: str, *, signs: bool = True) -> list[Letter]:
    """Return the letters of a text. Without `signs`, `$` and the like are gaps and stand for no letter."""
    found: list[Letter] = []
    gap = " "
    for place, typed in enumerate(text):
        if unicodedata.category(typed) in {"Mn", "Me"}:
            continue
        plain, kind = _reading(typed)
        if not plain or (kind is Kind.SIGN and not signs):
            gap += typed
            continue
        if typed == "l" and place and text[place - 1].isupper():
            plain = EITHER
        for one in plain:
            found.append(Letter(one, place, kind, _gap(gap)))
            gap = ""
    return list(_joined(found))


def _gap(typed: str) -> Gap:
    if not typed:
        return Gap.NONE
    return Gap.PAUSE if _PAUSE.match(typed) else Gap.SPACE


def _joined(letters: list[Letter]) -> Iterator[Letter]:
    """Yield the letters, two v side by side as the w that they look like."""
    waiting: Letter | None = None
    for letter in letters:
        if waiting and letter.plain == "v" and letter.before is Gap.NONE:
            yield Letter("w", waiting.place, waiting.kind, waiting.before)
            waiting = None
            continue
        if waiting:
            yield waiting
        waiting = letter if letter.plain == "v" else None
        if not waiting:
            yield letter
    if waiting:
        yield waiting


@lru_cache(maxsize=4096)
def _reading(typed: str) -> tuple[str, Kind]:
    """Return what a character reads as (nothing: it is a gap) and what it is."""
    if typed in _SIGNS:
        return _SIGNS[typed], Kind.SIGN
    if typed in _FILLERS:
        return "", Kind.LETTER
    name = unicodedata.name(typed, "")
    if name.startswith(_UNSPACED) and typed.isalpha():
        return _twin(typed) or typed, Kind.UNSPACED
    plain = "".join(_folded(one) for one in _twin(typed) or unicodedata.normalize("NFKD", typed))
    plain = "".join(one for one in plain if one.isalnum() or one == EITHER)
    return plain, Kind.DIGIT if typed.isdecimal() else Kind.LETTER


def _folded(letter: str) -> str:
    """Return a letter without its case; look-alikes are asked before and after, as folding makes other letters of some."""
    found = _twin(letter) or letter
    return "".join(_ascii(_twin(one) or one) for one in (found if found in {"I", EITHER} else found.casefold()))


def _ascii(letter: str) -> str:
    return EITHER if letter == "I" else _DIGITS.get(letter, letter)


def _twin(letter: str) -> str:
    """Return the Latin letter that this one looks like, or nothing."""
    if letter.isascii():
        return ""
    if letter in _LOOKS:
        return _LOOKS[letter]
    named = _NAMED.search(unicodedata.name(letter, ""))
    if named:
        return "I" if named[1] == "I" else named[1].casefold()
    for found in confusables.is_confusable(letter, greedy=True, preferred_aliases=[]) or []:
        twins = [str(twin["c"]) for twin in found["homoglyphs"]]
        if not _BARS.isdisjoint(twins):
            return "I"
        for twin in twins:
            if twin.isascii() and twin.isalpha():
                return twin
    return ""
