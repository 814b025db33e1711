"""Decides on texts and on a picture's scores, without touching the world.

A rule is matched on skeletons, so that case, spacing, accents, look-alike letters, digits for letters and doubled
letters do not hide a word; what is reported is the span of the text as it was typed. The text itself is never changed.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any, Final

from confusable_homoglyphs import confusables

from kernel import canonical

_LEET: Final = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s", "!": "i", "|": "i"}
)
_INVISIBLE: Final = {"Cf", "Mn", "Me", "Cc"}
SHORTEST_JOINED: Final = 5
LONGEST_PIECE: Final = 2


@dataclass(frozen=True)
class Rule:
    """A word or phrase that may not be asked for, and why."""

    id: str
    phrase: str
    reason: str


@dataclass(frozen=True)
class Policy:
    """One version of a tenant's rules: phrases, and the score of a class from which a picture is withheld."""

    rules: tuple[Rule, ...]
    withheld_from: Mapping[str, float] = field(default_factory=dict)

    def digest(self) -> str:
        """Return the digest that decisions carry."""
        return canonical.sha256_hex(canonical.encode(self.as_json()))

    def as_json(self) -> dict[str, Any]:
        """Return the policy as it is kept."""
        return {"rules": [asdict(rule) for rule in self.rules], "withheld_from": dict(self.withheld_from)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Policy":
        """Return what `as_json` wrote."""
        return cls(tuple(Rule(**rule) for rule in kept["rules"]), dict(kept["withheld_from"]))


@dataclass(frozen=True)
class Reason:
    """Which rule, and where: the text's number and the span as typed. Holds no word of the text."""

    rule: str
    text: int = 0
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Verdict:
    """Whether it is allowed, why not, and by which rules."""

    allowed: bool
    reasons: tuple[Reason, ...]
    policy_digest: str


def review(texts: Sequence[str], policy: Policy) -> Verdict:
    """Decide on what somebody typed."""
    reasons = tuple(reason for number, text in enumerate(texts) for reason in _matches(number, text, policy.rules))
    return Verdict(not reasons, reasons, policy.digest())


def judge(scores: Mapping[str, float], policy: Policy) -> Verdict:
    """Decide on a picture by its classifier's scores in [0, 1]; a class that the classifier does not know is *no*."""
    reasons = tuple(
        Reason(f"image.{name}") for name, limit in sorted(policy.withheld_from.items()) if scores.get(name, 1.0) >= limit
    )
    return Verdict(not reasons, reasons, policy.digest())


def skeleton(text: str) -> tuple[str, list[int]]:
    """Return the text as an evader cannot vary it, and for each of its letters the place in the text as typed."""
    letters: list[str] = []
    places: list[int] = []
    for place, typed in enumerate(text):
        for letter in unicodedata.normalize("NFKD", typed):
            if unicodedata.category(letter) in _INVISIBLE and not letter.isspace():
                continue
            for plain in _plain(letter):
                if plain == " " and letters[-1:] == [" "]:
                    continue
                letters.append(plain)
                places.append(place)
    return _collapsed(letters, places)


def _matches(number: int, text: str, rules: Iterable[Rule]) -> Iterator[Reason]:
    whole, places = skeleton(text)
    apart = [(letter, place) for letter, place in zip(whole, places, strict=True) if letter != " "]
    together, spots = _collapsed([letter for letter, _ in apart], [place for _, place in apart])
    for rule in rules:
        wanted = skeleton(rule.phrase)[0].strip()
        at = _find_word(whole, wanted)
        if at >= 0:
            yield Reason(rule.id, number, places[at], places[at + len(wanted) - 1] + 1)
            continue
        tight = wanted.replace(" ", "")
        at = together.find(tight) if _is_split(whole, tight) else -1
        if at >= 0:
            yield Reason(rule.id, number, spots[at], spots[at + len(tight) - 1] + 1)


def _find_word(whole: str, wanted: str) -> int:
    at = whole.find(wanted)
    while at >= 0:
        before = whole[at - 1 : at] if at else " "
        after = whole[at + len(wanted) : at + len(wanted) + 1] or " "
        if not before.isalnum() and not after.isalnum():
            return at
        at = whole.find(wanted, at + 1)
    return -1


def _is_split(whole: str, tight: str) -> bool:
    """Return whether the words are spelled apart ("s p l i t"): joined search would else find words across others."""
    pieces = whole.split()
    singles = [letter for piece in pieces for letter in (piece if len(piece) <= LONGEST_PIECE else "\x00")]
    return len(tight) >= SHORTEST_JOINED and tight in _collapsed(singles, [0] * len(singles))[0]


def _plain(letter: str) -> str:
    folded = letter.casefold().translate(_LEET)
    if not folded.isascii():
        folded = "".join(_latin(one) for one in folded)
    return "".join(one if one.isalnum() else " " for one in folded)


@cache
def _latin(letter: str) -> str:
    """Return the Latin letter that this one looks like, or itself."""
    if letter.isascii():
        return letter
    for found in confusables.is_confusable(letter, greedy=True, preferred_aliases=[]) or []:
        for twin in found["homoglyphs"]:
            if twin["c"].isascii() and twin["c"].isalpha():
                return str(twin["c"]).casefold()
    return letter


def _collapsed(letters: list[str], places: list[int]) -> tuple[str, list[int]]:
    kept = [index for index, letter in enumerate(letters) if index == 0 or letter != letters[index - 1] or letter == " "]
    return "".join(letters[index] for index in kept), [places[index] for index in kept]
