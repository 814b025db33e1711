"""What was tried, what was refused, and what should have been."""

import sys
from collections import Counter
from dataclasses import dataclass, field

KINDS = ("leak", "existence_oracle", "timing_oracle", "unpaired", "failure")


@dataclass(frozen=True)
class Finding:
    """One thing that should not be so, exactly."""

    kind: str
    family: str
    what: str

    def __str__(self):
        return f"{self.kind} [{self.family}] {self.what}"


@dataclass
class Tally:
    """Counts attempts by family and refusals by status; keeps each finding once, and which attempts need a pair."""

    attempts: Counter = field(default_factory=Counter)
    refused: Counter = field(default_factory=Counter)
    findings: dict = field(default_factory=dict)
    wanted: dict = field(default_factory=dict)
    paired: set = field(default_factory=set)
    declared: Counter = field(default_factory=Counter)

    def attempt(self, family, *, pair):
        """Count an attempt; somebody who may has to succeed with `pair` before the end."""
        self.attempts[family] += 1
        self.wanted.setdefault((family, pair), 0)
        self.wanted[family, pair] += 1

    def refusal(self, status):
        self.refused[status] += 1

    def succeeded(self, family, pair):
        self.paired.add((family, pair))

    def found(self, kind, family, what):
        finding = Finding(kind, family, what)
        if finding not in self.findings:
            sys.stderr.write(f"# {finding}\n")
        self.findings[finding] = self.findings.get(finding, 0) + 1

    def close(self):
        """Make a finding of every attempt without a pair."""
        for (family, pair), count in self.wanted.items():
            if (family, pair) not in self.paired:
                self.found("unpaired", family, f"{count} attempts beside which nobody succeeded with {pair}")
        self.wanted.clear()

    def note(self, what, seconds):
        """Say on standard error how far the run is."""
        found = f", {len(self.findings)} findings" if self.findings else ""
        sys.stderr.write(f"{what}: {seconds:.0f} s, {self.attempts.total()} attempts so far{found}\n")

    def count(self, kind):
        return sum(1 for finding in self.findings if finding.kind == kind)

    def lines(self):
        """Return the counts as `name: value` lines, and the findings."""
        yield f"attack.attempts: {self.attempts.total()}"
        yield from (f"attack.attempts.{family}: {count}" for family, count in sorted(self.attempts.items()))
        yield f"attack.pairs: {len(self.paired)}"
        yield f"attack.leaks: {self.count('leak')}"
        yield f"attack.existence_oracles: {self.count('existence_oracle')}"
        yield f"attack.timing_oracles: {self.count('timing_oracle')}"
        yield f"attack.unpaired: {self.count('unpaired')}"
        yield f"attack.failures: {self.count('failure')}"
        yield from (f"attack.refused_by_status.{status}: {count}" for status, count in sorted(self.refused.items(), key=_text))
        yield from (f"attack.declared.{name}: {count}" for name, count in sorted(self.declared.items()))
        yield from (f"# {finding}" + (f" ({count} times)" if count > 1 else "") for finding, count in self.findings.items())


def _text(pair):
    return str(pair[0])
