"""Finds a rule's phrase in a text however it is spelled: in one piece, in pieces, letter by letter, without its spaces.

A match begins and ends at the edges of words, so that "grape" and "therapist" hide nothing. Time grows with the length
of the text times the length of the phrase, whatever is typed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from governance.moderation.letters import EITHER, Gap, Kind, Letter, read

SHORT: Final = 5
"""Below so many letters a phrase spelled apart must fill its run of letters, and pieces of it may hold no digit."""

_WORDS_OF_ONE_LETTER: Final = set("aeiouy" + EITHER)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A phrase as rules are matched: its letters, and how many pauses may stand between its words."""

    letters: tuple[str, ...]
    pauses: int
    outline: str


class Reader:
    """One text, ready to be asked for phrases. Signs are read both as letters and as gaps."""

    def __init__(self, text: str) -> None:
        readings = (read(text), read(text, signs=False))
        self._readings = tuple((letters, _outline([one.plain for one in letters])) for letters in readings)

    def find(self, phrase: str) -> tuple[int, int] | None:
        """Return the span, as typed, of the first place where the phrase stands."""
        wanted = _wanted(phrase)
        for letters, outline in self._readings:
            found = _find(letters, wanted) if wanted.letters and wanted.outline in outline else None
            if found:
                return letters[found[0]].place, letters[found[1]].place + 1
        return None


@lru_cache(maxsize=4096)
def _wanted(phrase: str) -> Wanted:
    letters = read(phrase)
    plain = tuple(one.plain for one in letters)
    return Wanted(plain, sum(one.before is not Gap.NONE for one in letters[1:]), _outline(plain))


def _outline(plain: Sequence[str]) -> str:
    """Return letters without doubles and with i and l as one: where a phrase stands, its outline stands."""
    alike = "".join(plain).replace(EITHER, "i").replace("l", "i")
    return "".join(one for index, one in enumerate(alike) if index == 0 or one != alike[index - 1])


def _find(letters: Sequence[Letter], wanted: Wanted) -> tuple[int, int] | None:
    """Walk the text once; `begun[n]` is where the reading began that has come to the phrase's letter n."""
    begun: dict[int, int] = {}
    last = len(wanted.letters) - 1
    for index, letter in enumerate(letters):
        come: dict[int, int] = {}
        for number, one in enumerate(wanted.letters):
            if not letter.reads_as(one):
                continue
            ways = [begun[way] for way in (number - 1, number) if way in begun]
            if number == 0 and _is_edge(letters, index):
                ways.append(index)
            if ways:
                come[number] = max(ways)
        begun = come
        if last in begun and _is_edge(letters, index + 1) and _is_spelled(letters, begun[last], index, wanted):
            return begun[last], index
    return None


def _is_edge(letters: Sequence[Letter], index: int) -> bool:
    """Return whether a word may end and another begin before this letter."""
    if index in {0, len(letters)} or letters[index].before is not Gap.NONE:
        return True
    kinds = {letters[index - 1].kind, letters[index].kind}
    return Kind.UNSPACED in kinds or kinds not in ({Kind.LETTER}, {Kind.DIGIT})


def _is_spelled(letters: Sequence[Letter], first: int, last: int, wanted: Wanted) -> bool:
    """Return whether this stretch spells the phrase, and is no accident of words that stand side by side."""
    inside = letters[first : last + 1]
    gaps = [one.before for one in inside[1:] if one.before is not Gap.NONE]
    if len(gaps) <= wanted.pauses and Gap.PAUSE not in gaps:
        return True
    if len(gaps) == len(inside) - 1:
        return len(wanted.letters) >= SHORT or _fills_its_run(letters, first, last)
    is_doubtful = len(wanted.letters) < SHORT and any(one.kind is not Kind.LETTER for one in inside)
    return not is_doubtful and gaps.count(Gap.PAUSE) <= wanted.pauses


def _fills_its_run(letters: Sequence[Letter], first: int, last: int) -> bool:
    """Return whether the single letters around it are none, or words of one letter: "a n a z i" but not "d r a p e"."""
    before, after = _single(letters, first - 1), _single(letters, last + 1)
    return all(one is None or one in _WORDS_OF_ONE_LETTER or one == letters[first].plain for one in (before, after))


def _single(letters: Sequence[Letter], index: int) -> str | None:
    """Return the letter here if it stands alone."""
    if not 0 <= index < len(letters) or letters[index].before is Gap.NONE:
        return None
    is_alone = index + 1 == len(letters) or letters[index + 1].before is not Gap.NONE
    return letters[index].plain if is_alone and letters[index].kind is Kind.LETTER else None
