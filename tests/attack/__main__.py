"""`python -m tests.attack [--seed N] [--only http|sql|keeper|timing] [--short]`: prints counts and findings, 1 for any finding."""

import argparse
import sys
import time

from tests.attack.tally import Tally
from tests.bench.stage import stage

LEAST = 100_000  # attempts of a whole run


def main():
    """Run what is asked for."""
    asked = _asked()
    began, tally = time.monotonic(), Tally()
    with stage() as services:
        from tests.attack.run import run

        run(services, tally, seed=asked.seed, only=asked.only, is_short=asked.short)
    if asked.only is None and not asked.short and tally.attempts.total() < LEAST:
        tally.found("failure", "run", f"fewer than {LEAST} attempts: some were not made")
    for line in tally.lines():
        print(line)
    print(f"attack.seconds: {time.monotonic() - began:.0f}")
    return 1 if tally.findings else 0


def _asked():
    parser = argparse.ArgumentParser(prog="python -m tests.attack")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=["http", "sql", "keeper", "timing"])
    parser.add_argument("--short", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
