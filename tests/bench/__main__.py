"""`python -m tests.bench [name …]`: runs every benchmark, one process each, on services of its own.

Each file `bench_<name>.py` has a `main()` that prints `name: value` lines; it may import `tests.bench.stage` for a running
Postgres, broker and keeper.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def main() -> int:
    """Run them all, or those that are named; return 1 when one failed."""
    wanted = sys.argv[1:] or sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    marks = [int(path.read_text()) for path in (ROOT / ".make").glob("*-seconds")]
    if marks:
        sys.stdout.write(f"setup.seconds: {sum(marks)}\n")
    failed = 0
    for name in wanted:
        program = f"from tests.bench.bench_{name} import main; main()"
        done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False)
        if done.returncode:
            sys.stdout.write(f"# {name} failed\n")
            failed = 1
        sys.stdout.flush()
    return failed


if __name__ == "__main__":
    sys.exit(main())
