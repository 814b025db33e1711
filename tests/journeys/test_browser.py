"""The main job through the portal's pages, in headless Chromium against the real server and workers."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from governance.moderation.default_policy import DEFAULT

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SCREENS = Path(os.environ.get("E2E_SHOTS", ROOT / "reports" / "screens"))
ROLES = {"owner": "tom", "officer": "olive", "lead": "lena", "trainer": "tina", "artist": "alice"}
POLICY = """
from dataclasses import replace
from governance.moderation import services
from governance.moderation.default_policy import DEFAULT
from workers.journey import cast
services.change_policy(cast.demo("").owner(), policy=replace(DEFAULT, withheld_from={limits}))
"""


def policy_command(house, limits):
    """The command that puts these limits in force in the house, as the environment carries it."""
    around = [f"{name}={value}" for name, value in house.environment.items()]
    return json.dumps(["env", "-i", *around, sys.executable, str(ROOT / "manage.py"), "shell", "-c", POLICY.format(limits=limits)])


def operator_of(house):
    """Make the platform's first operator as a person at the machine would."""
    secret = house.home / "operator"
    secret.write_text("a long password of the operator\n")
    made = house.manage("first_operator", "--email", "opal@platform.example", "--name", "Opal", "--password-file", str(secret))
    assert made.returncode == 0, made.stderr
    return {"operator": {"email": "opal@platform.example", "password": secret.read_text().strip()}}


@pytest.fixture
def walk(house, tmp_path):
    """Run one journey of the portal's in a browser, with people who can sign in and pictures to bring."""
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
    known = {role: {"email": f"{name}@demo.example", "password": password} for role, name in ROLES.items()}
    node = str(ROOT / ".venv" / "bin")
    environment = os.environ | {
        "E2E_URL": house.url.replace("127.0.0.1", "localhost"),  # a passkey belongs to a name, never to a number
        "E2E_PICTURES": str(pictures), "E2E_STEPS": "60",
        "E2E_POLICY_STRICT": policy_command(house, {"nsfw": 0.0}),
        "E2E_POLICY_USUAL": policy_command(house, dict(DEFAULT.withheld_from)),
        "E2E_SHOTS": str(SCREENS), "E2E_CHROMIUM": browser, "PATH": f"{node}:{os.environ['PATH']}",
    }  # fmt: skip

    def walked(journey, people=(), **more):
        more["E2E_PEOPLE"] = json.dumps(known | dict(people))
        done = subprocess.run(
            ["npm", "run", "--silent", "e2e", "--", journey],
            cwd=ROOT / "frontend",
            env=environment | more,
            capture_output=True,
            text=True,
            check=False,
            timeout=900,
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]

    return walked


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.timeout(1000)
def test_the_main_job_in_a_browser(walk):
    walk("main-job")
    kept = {path.name for path in SCREENS.iterdir()}
    assert {"01-studio.png", "10-training-finished.png", "15-create-result.png", "24-review.png"} <= kept


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.timeout(1000)
def test_who_may_act_in_a_browser(walk, house, oidc_peer, saml_peer):
    walk("who-may", people=operator_of(house), E2E_PEER_OIDC=oidc_peer.url, E2E_PEER_SAML=saml_peer.url)
