"""Decides on texts and on a picture's scores, without touching the world.

A rule is matched on how the text reads, so that case, spacing, accents, look-alike letters, digits for letters and
doubled letters do not hide a word; what is reported is the span of the text as it was typed. The text itself is never
changed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from governance.moderation.matching import Reader
from kernel import canonical


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


def _matches(number: int, text: str, rules: Iterable[Rule]) -> Iterator[Reason]:
    reader = Reader(text)
    for rule in rules:
        found = reader.find(rule.phrase)
        if found:
            yield Reason(rule.id, number, *found)
