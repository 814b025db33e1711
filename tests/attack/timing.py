"""Whether an answer takes longer for what is there than for what is not: many interleaved pairs, compared robustly."""

import math
import statistics
import time
from dataclasses import dataclass

from tests.attack import ids
from tests.attack.answers import told

# Three measurements must each be so one-sided, in the same direction: by chance once in a million million.
LEVEL = 1e-4
# Below this a difference is no signal to anybody who is not on the machine.
FLOOR_SECONDS, FLOOR_SHARE = 100e-6, 0.02
AGAIN = 2


@dataclass(frozen=True)
class Measured:
    """The middle difference of the pairs, the middle time, and how likely so one-sided a result is by chance."""

    difference: float
    middle: float
    chance: float

    @property
    def is_step(self):
        return self.chance < LEVEL and abs(self.difference) > max(FLOOR_SECONDS, FLOOR_SHARE * self.middle)


def compare(known, unknown, *, pairs, draw):
    """Time two requests in pairs, each pair in an order that is drawn."""
    differences, times = [], []
    for ask in (known, unknown):
        ask()
    for _ in range(pairs):
        took = {}
        for name, ask in draw.sample([("known", known), ("unknown", unknown)], 2):
            began = time.perf_counter()
            ask()
            took[name] = time.perf_counter() - began
        differences.append(took["known"] - took["unknown"])
        times.append(took["unknown"])
    return Measured(statistics.median(differences), statistics.median(times), _chance(differences))


def is_told_apart(known, unknown, *, pairs, draw):
    """Return whether known and unknown differ, in the same direction, in a first measurement and in two more."""
    first = compare(known, unknown, pairs=pairs, draw=draw)
    if not first.is_step:
        return None
    for _ in range(AGAIN):
        again = compare(known, unknown, pairs=pairs, draw=draw)
        if not again.is_step or (again.difference > 0) != (first.difference > 0):
            return None
    return first


class Attack:
    """Mallory times what is theirs against what is nobody's, at every address that holds an id."""

    def __init__(self, attack, *, pairs):
        self.attack, self.pairs = attack, pairs

    def run(self):
        """Measure each place of each address, alone and in the studio's own project, or a share of them."""
        attack = self.attack
        places = [(door, slot) for door in attack.doors for slot in door.slots]
        for door, slot in attack.drawn(places):
            caller = attack.caller(attack.world.mallory.studio, door.case)
            row = attack.world.theirs.ids[door.row(slot)]
            found = is_told_apart(
                self._asking(door, caller, slot, [row]), self._asking(door, caller, slot, None), pairs=self.pairs, draw=attack.draw
            )
            attack.tally.attempt("timing", pair=f"{door} by {slot}")
            attack.tally.attempts["timing"] += 2 * self.pairs - 1
            if attack.rightfully(attack.world.theirs, door).is_success or door in attack.used:
                attack.tally.succeeded("timing", f"{door} by {slot}")
            if found is not None:
                took = f"{found.difference * 1e6:+.0f} µs of {found.middle * 1e6:.0f}"
                attack.tally.found("timing_oracle", "timing", f"{door} by {caller.name}, {slot} = {row}: {took}")
        attack.tally.close()

    def _asking(self, door, caller, slot, taken):
        """Return what asks for an id of theirs, or each time for another that is nobody's."""
        own, attack = self.attack.world.mallory.ids, self.attack
        body = attack.body(door, own)

        def ask():
            one = taken[0] if taken else ids.invented()
            told(caller.ask(door.verb, door.where(own, {slot: one}), body=body, form=door.case.form))

        return ask


def _chance(differences):
    """Return the two-sided chance of so many of one sign if both were as likely."""
    signs = [difference > 0 for difference in differences if difference]
    if not signs:
        return 1.0
    distance = abs(sum(signs) - len(signs) / 2) - 0.5
    return math.erfc(max(distance, 0) / math.sqrt(len(signs) / 2))
