"""The demo's main job on a fresh installation, as `make demo` runs it. Prints `demo.*`."""

import re
import sys
import tempfile
import time

from tests.bench.stage import installation, run


def main() -> None:
    """Measure and print."""
    began = time.perf_counter()
    with installation() as (url, environment), tempfile.TemporaryDirectory() as reports:
        up = time.perf_counter() - began
        command = [sys.executable, "manage.py", "main_job", "--port", url.rpartition(":")[2], "--reports", reports]
        began = time.perf_counter()
        said = run(command, environment)
        took = time.perf_counter() - began
    per_step = re.search(r"steps, ([0-9.]+) s a step", said)
    print(f"demo.up_seconds: {up:.1f}")
    print(f"demo.job_seconds: {took:.1f}")
    print(f"demo.training_seconds_per_step: {per_step[1] if per_step else 'nan'}")
