"""A device worker as a process of its own: `python play.py FOLDER` takes turns until it is killed."""

import runpy
import sys
import time
from pathlib import Path

import django

django.setup()

HERE = Path(__file__).parent


def main() -> None:
    from workers.device import Device
    from workers.device.engines import Engines

    stage = runpy.run_path(str(HERE / "stage.py"))["Stage"](Path(sys.argv[1]))
    engines = Engines(command=(sys.executable, str(HERE / "clockwork.py")))
    device = Device("play", dict.fromkeys(("generate", "replay", "evaluate", "train"), stage), engines)
    while True:
        device.turn()
        time.sleep(0.05)


if __name__ == "__main__":
    main()
