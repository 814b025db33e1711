"""Both stores keep the same promises; the bucket is a real S3 server's."""

import mmap
import os
import uuid
from pathlib import Path

import pytest

from kernel.errors import NotFound
from tenants.vault.storage import FolderStore, S3Store


@pytest.fixture(scope="module")
def bucket():
    """A bucket on a server of its own process."""
    import boto3
    from moto.server import ThreadedMotoServer

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
        server.start()
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        boto3.client("s3", endpoint_url=endpoint).create_bucket(Bucket="pictures")
        yield f"s3://pictures/guildhall?endpoint={endpoint}"
        server.stop()


@pytest.fixture(params=["folder", "bucket"])
def store(request, tmp_path):
    if request.param == "folder":
        return FolderStore(tmp_path)
    return S3Store(request.getfixturevalue("bucket"))


@pytest.fixture
def path():
    return f"{uuid.uuid4()}/{uuid.uuid4()}/{uuid.uuid4()}.1"


def test_what_was_written_is_read(store, path):
    assert store.write(path, [b"a" * 70_000, b"b" * 3]) == 70_003
    with store.open(path) as file:
        assert file.read() == b"a" * 70_000 + b"b" * 3


def test_an_engine_can_map_what_was_opened(store, path):
    store.write(path, [b"sealed" * 5000])
    with store.open(path) as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as mapped:
        assert mapped[:6] == b"sealed" and len(mapped) == 30_000


def test_what_is_missing_or_removed_is_not_found(store, path):
    with pytest.raises(NotFound):
        store.open(path)
    store.write(path, [b"x"])
    store.remove(path)
    store.remove(path)
    with pytest.raises(NotFound):
        store.open(path)


def test_a_name_is_synced_after_its_file_and_so_is_each_new_folder(tmp_path, path, monkeypatch):
    """Without it a crash after the deed's commit may leave a row whose blob is gone."""
    done, fsync, replace = [], os.fsync, Path.replace

    def synced(descriptor):
        done.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        fsync(descriptor)

    def renamed(draft, target):
        done.append("rename")
        return replace(draft, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", renamed)
    FolderStore(tmp_path).write(path, [b"x"])
    tenant, project, name = path.split("/")
    folder = tmp_path / tenant / project
    assert done == [tmp_path, tmp_path / tenant, folder / f".{name}.part", "rename", folder]


def test_a_listing_gives_paths_below_a_prefix(store, path):
    store.write(path, [b"x"])
    tenant = path.split("/")[0]
    assert [found for found, _ in store.paths(tenant)] == [path]
    assert all(written > 1_600_000_000 for _, written in store.paths(tenant))
    assert list(store.paths(str(uuid.uuid4()))) == []
