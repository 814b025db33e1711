"""What the doctor sees: logins, walls, the bucket, and how far engines are shut in."""

import pytest
from django.test import override_settings

from config.management.commands import doctor
from config.management.commands.doctor import Light


def lights(findings):
    return {one.what: one.light for one in findings}


def test_the_walls_of_this_database_are_whole():
    found = list(doctor._database())
    assert {one.light for one in found} == {Light.GREEN}, found


@pytest.fixture
def owner(services):
    import psycopg

    with psycopg.connect(services.postgres.url("owner"), autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize(("wall", "seen"), [
    ("", "tables of tenants without a wall: stray"),
    ("ALTER TABLE stray ENABLE ROW LEVEL SECURITY", "walled, but not against their owner: stray"),
])  # fmt: skip
def test_a_table_with_a_hole_is_named(owner, wall, seen):
    owner.execute("CREATE TABLE stray (tenant_id uuid)")
    try:
        if wall:
            owner.execute(wall)
        assert lights(doctor._database())[seen] is Light.RED
    finally:
        owner.execute("DROP TABLE stray")


def test_a_login_that_passes_by_walls_is_red(as_login):
    with as_login("owner"):
        found = lights(doctor._database())
    assert any("owns tables" in what and light is Light.RED for what, light in found.items())


@pytest.fixture
def server(monkeypatch):
    from moto.server import ThreadedMotoServer

    from tenants.vault.storage import store

    for name, value in {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    running = ThreadedMotoServer("127.0.0.1", 0)
    running.start()
    host, port = running.get_host_and_port()
    store.cache_clear()
    yield f"http://{host}:{port}"
    running.stop()
    store.cache_clear()


def test_a_bucket_that_answers_and_one_that_does_not(server):
    import boto3

    from tenants.vault.storage import store

    url = f"s3://doctors/objects?endpoint={server}"
    with override_settings(OBJECT_STORE_URL=url):
        assert doctor._bucket().light is Light.RED, "there is no such bucket"
        boto3.client("s3", endpoint_url=server).create_bucket(Bucket="doctors")
        assert doctor._bucket().light is Light.GREEN
        assert server not in doctor._bucket().what
    store.cache_clear()
    with override_settings(OBJECT_STORE_URL="s3://doctors?endpoint=http://127.0.0.1:9"):
        assert doctor._bucket().light is Light.RED


def test_confinement_is_tried_and_told(monkeypatch):
    assert doctor._confinement().light is Light.GREEN
    monkeypatch.setattr(doctor.sys, "executable", "/bin/false")
    assert doctor._confinement().light is Light.RED


def test_the_advice_is_one_that_the_keeper_allows():
    said = " ".join(one.what + one.todo for one in doctor._machine())
    assert "users of their own" not in said
    assert "answers its own user alone" in said
