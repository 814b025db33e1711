"""An installation on services that somebody else runs: PostgreSQL, a broker and a bucket by their URLs, nothing embedded."""

import json
import os
import shutil
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.journeys.conftest import House, free_port

SOURCE = Path(__file__).resolve().parents[2] / "workers" / "demo_pictures"


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """The services of another house, and the variables that name them."""
    import boto3
    from moto.server import ThreadedMotoServer

    from config.embedded.broker import Broker
    from config.embedded.postgres import Postgres

    theirs = tmp_path_factory.mktemp("theirs")
    run = Path(f"/tmp/ght-{os.getpid()}")
    run.mkdir(mode=0o711)
    postgres = Postgres(theirs / "pg", run / "pg", theirs / "secrets", theirs / "pg.log", prefix="theirs")
    broker, store = Broker(run / "broker", "their-word", theirs / "broker.log"), ThreadedMotoServer("127.0.0.1", 0)
    postgres.start()
    broker.start()
    store.start()
    host, port = store.get_host_and_port()
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
    boto3.client(
        "s3", endpoint_url=f"http://{host}:{port}", aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1"
    ).create_bucket(Bucket="studio")
    superuser = f"postgresql://postgres:{postgres._password('superuser')}@/postgres?host={quote(str(run / 'pg'), safe='')}"
    yield superuser, keys | {
        "BROKER_URL": broker.url(),
        "OBJECT_STORE_URL": f"s3://studio/objects?endpoint=http://{host}:{port}",
    }  # fmt: skip
    store.stop()
    broker.stop()
    postgres.stop()
    shutil.rmtree(run, ignore_errors=True)


@pytest.fixture(scope="module")
def outside(given, tmp_path_factory):
    """An installation that was told of them, after `manage.py logins` made its logins there."""
    superuser, variables = given
    home = tmp_path_factory.mktemp("outside")
    dropped = ("DATABASE_", "BROKER_", "CACHE_", "GUILDHALL_", "AWS_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    environment |= {
        "GUILDHALL_DATA": str(home / "data"), "GUILDHALL_RUN": f"/tmp/gho-{os.getpid()}", "XDG_STATE_HOME": str(home / "state"),
        "PYTHONWARNINGS": "ignore",
    }  # fmt: skip
    made = House(home, free_port(), environment)
    logins = made.manage("logins", superuser, "--database", "studio")
    assert logins.returncode == 0, logins.stderr
    said = (line.split("=", 1) for line in logins.stdout.splitlines() if "=" in line and not line.startswith("#"))
    made.environment |= dict(said) | variables
    up = made.manage("up", "--detach", "--port", str(made.port))
    assert up.returncode == 0, up.stderr + str(made.logs())
    yield made
    made.manage("down")


def told(house):
    return json.loads(Path(house.environment["GUILDHALL_RUN"], "status.json").read_text())["processes"]


def variables_of(pid):
    return dict(item.split("=", 1) for item in Path(f"/proc/{pid}/environ").read_text().split("\0") if "=" in item)


@pytest.mark.slow
def test_nothing_embedded_starts(outside):
    assert not {"postgres", "broker"} & set(told(outside))
    assert not (outside.home / "data" / "postgres").exists()


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="our processes are closed to their own user; root alone may look")
def test_a_process_gets_only_its_own(outside):
    logins = {"web": "app", "worker": "worker", "device": "worker", "integrator": "integrator", "keeper": "keeper"}
    for process, login in logins.items():
        found = variables_of(told(outside)[process])
        assert f"_{login}:" in found["DATABASE_URL"], process
        assert not {name for name in found if name.startswith("DATABASE_") and name.endswith("_URL")} - {"DATABASE_URL"}
        assert ("OBJECT_STORE_URL" in found) == (process in {"web", "worker", "device"}), process


@pytest.mark.slow
def test_the_main_job_runs_on_them(outside, tmp_path):
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for path in sorted(SOURCE.glob("*.png"))[:10]:
        shutil.copy(path, pictures)
        shutil.copy(path.with_suffix(".txt"), pictures)
    job = outside.manage(
        "main_job", "--pictures", str(pictures), "--rights", "open_licence", "--steps", "10",
        "--prompt", "a red apple", "--reports", str(tmp_path / "reports"),
        "--port", str(outside.port), timeout=1200,
    )  # fmt: skip
    assert job.returncode == 0, job.stdout + job.stderr + str(outside.logs())
    assert "replayed: bit-equal" in job.stdout and "verified" in job.stdout
    assert not (outside.home / "data" / "objects").exists()
