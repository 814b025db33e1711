"""The main job through the portal's pages, in headless Chromium against the real server and workers."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ROLES = {"owner": "tom", "officer": "olive", "lead": "lena", "trainer": "tina", "artist": "alice"}


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.timeout(1000)
def test_the_main_job_in_a_browser(house, tmp_path):
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        pytest.skip("Chromium is not installed: `make chromium`")
    made = house.manage("main_job", "--cast-only")
    assert made.returncode == 0, made.stderr
    password = house.demo()["password"]
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for path in sorted((ROOT / "workers" / "demo_pictures").glob("*.png"))[:10]:
        shutil.copy(path, pictures)
        shutil.copy(path.with_suffix(".txt"), pictures)
    people = {role: {"email": f"{name}@demo.example", "password": password} for role, name in ROLES.items()}
    node = str(ROOT / ".venv" / "bin")
    screens = Path(os.environ.get("E2E_SHOTS", ROOT / "reports" / "screens"))
    environment = os.environ | {
        "E2E_URL": house.url, "E2E_PEOPLE": json.dumps(people), "E2E_PICTURES": str(pictures), "E2E_STEPS": "60",
        "E2E_SHOTS": str(screens), "E2E_CHROMIUM": browser, "PATH": f"{node}:{os.environ['PATH']}",
    }  # fmt: skip
    done = subprocess.run(
        ["npm", "run", "--silent", "e2e"],
        cwd=ROOT / "frontend",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert {"01-studio.png", "10-training-finished.png", "15-create-result.png"} <= {path.name for path in screens.iterdir()}
