"""The tree of keys on a disk: who lies under whom, what a crash leaves, what destroying leaves."""

import json
import secrets
import threading
import uuid

import pytest

from keeper.roots import KeyringFile, write_atomically
from keeper.store import Store, unwrap_data_key, wrap_data_key
from kernel.errors import KeeperRefused


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "keeper"


def opened(folder):
    return Store(folder, KeyringFile(folder / "keyring.json"), installation="here")


@pytest.fixture
def store(folder):
    return opened(folder)


@pytest.fixture
def tenant(store):
    tenant = uuid.uuid4()
    store.found_tenant(tenant)
    return tenant


@pytest.fixture
def project(store, tenant):
    project = uuid.uuid4()
    store.found_project(tenant, project)
    return project


def again(store, folder):
    """Return the store as the next process sees it."""
    store._alone.close()
    return opened(folder)


def key(store, tenant, project=None, person=None, key_class="project"):
    return store.class_key(tenant=tenant, project=project, person=person, key_class=key_class, version=None)[0]


def test_keys_outlive_the_process_and_differ_from_one_another(store, folder, tenant, project):
    person, other = uuid.uuid4(), uuid.uuid4()

    def all_keys(of):
        return [
            key(of, tenant, project),
            key(of, tenant, project, person, "subject"),
            key(of, tenant, project, other, "subject"),
            key(of, tenant, None, person, "people"),
            key(of, tenant, key_class="secrets"),
        ]

    before = all_keys(store)
    assert len(set(before)) == 5
    assert all_keys(again(store, folder)) == before


def test_nothing_on_the_disk_is_a_key_in_clear_and_only_we_may_read_it(store, folder, tenant, project):
    held = [key(store, tenant, project), key(store, tenant, key_class="secrets"), *store._held.values()]
    for path in (one for one in folder.rglob("*") if one.is_file()):
        assert path.name == ".lock" or path.stat().st_mode & 0o077 == 0, path
        assert not any(one in path.read_bytes() or one.hex().encode() in path.read_bytes() for one in held), path


def test_founding_again_changes_nothing(store, tenant, project):
    before = store.public(tenant), key(store, tenant, project)
    store.found_tenant(tenant)
    store.found_project(tenant, project)
    assert (store.public(tenant), key(store, tenant, project)) == before


def test_what_was_never_founded_has_no_keys(store, tenant):
    for ask in (
        lambda: key(store, uuid.uuid4(), uuid.uuid4()),
        lambda: key(store, tenant, uuid.uuid4()),
        lambda: key(store, tenant),
    ):
        with pytest.raises(KeeperRefused):
            ask()


def test_another_root_opens_nothing(store, folder, tenant, project):
    key(store, tenant, project)
    (folder / "keyring.json").write_text(json.dumps({"1": secrets.token_hex(32)}))
    store._alone.close()
    with pytest.raises(Exception):  # noqa: B017  # the authority's key is the first that does not unwrap
        opened(folder)


def test_a_new_root_wraps_and_the_old_one_still_unwraps(folder):
    folder.mkdir()
    wrapped = KeyringFile(folder / "ring").wrap(b"k" * 32)
    ring = json.loads((folder / "ring").read_text())
    write_atomically(folder / "ring", json.dumps(ring | {"2": secrets.token_hex(32)}).encode())
    rotated = KeyringFile(folder / "ring")
    assert rotated.unwrap(wrapped) == b"k" * 32
    assert rotated.wrap(b"k" * 32)[0] == 2


def test_a_keyring_that_others_may_read_stops_the_start(store, folder):
    (folder / "keyring.json").chmod(0o640)
    with pytest.raises(PermissionError):
        KeyringFile(folder / "keyring.json")


def test_a_second_keeper_on_one_store_does_not_start(store, folder):
    with pytest.raises(BlockingIOError):
        opened(folder)


def test_a_half_written_draft_is_no_key(store, folder, tenant, project):
    home = folder / "tenants" / str(tenant) / "projects" / str(project)
    (home / ".v1.key.0badc0de").write_bytes(b"\x00" * 7)
    before = key(store, tenant, project)
    assert key(again(store, folder), tenant, project) == before


def test_a_damaged_key_is_refused_and_not_replaced(store, folder, tenant, project):
    path = folder / "tenants" / str(tenant) / "projects" / str(project) / "v1.key"
    path.write_bytes(b"\x00" * 40)
    store = again(store, folder)
    with pytest.raises(KeeperRefused) as refused:
        key(store, tenant, project)
    assert refused.value.code == "key.damaged"
    assert path.read_bytes() == b"\x00" * 40


def test_a_data_key_opens_only_with_its_key_and_its_associated_data():
    over, entry = secrets.token_bytes(32), uuid.uuid4()
    wrapped = wrap_data_key(over, key=b"d" * 32, aad=b"aad", entry=entry)
    assert unwrap_data_key(over, wrapped=wrapped, aad=b"aad") == (b"d" * 32, entry)
    for how in (
        {"over": secrets.token_bytes(32)},
        {"aad": b"another"},
        {"wrapped": wrapped[:-1] + bytes([wrapped[-1] ^ 1])},
        {"wrapped": wrapped[:-8]},
        {"wrapped": b""},
    ):
        asked = {"over": over, "wrapped": wrapped, "aad": b"aad"} | how
        with pytest.raises(KeeperRefused):
            unwrap_data_key(asked["over"], wrapped=asked["wrapped"], aad=asked["aad"])


def test_many_at_once_get_the_same_new_subject_key(store, tenant, project):
    person, got = uuid.uuid4(), []
    threads = [threading.Thread(target=lambda: got.append(key(store, tenant, project, person, "subject"))) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(got) == 8
    assert len(set(got)) == 1


# --- destroying ---


def test_a_destroyed_projects_keys_are_gone_for_good(store, folder, tenant, project):
    person = uuid.uuid4()
    key(store, tenant, project, person, "subject")
    certificate = store.destroy(tenant=tenant, project=project, person=None)
    home = f"tenants/{tenant}/projects/{project}"
    assert certificate["keys"] == [f"{home}/index", f"{home}/subjects/{person}", f"{home}/v1"]
    for seen in (store, again(store, folder)):
        for ask in (
            lambda of=seen: key(of, tenant, project),
            lambda of=seen: key(of, tenant, project, person, "subject"),
            lambda of=seen: key(of, tenant, project, uuid.uuid4(), "subject"),
            lambda of=seen: of.index(tenant=tenant, project=project, values=[b"x"]),
            lambda of=seen: of.found_project(tenant, project),
        ):
            with pytest.raises(KeeperRefused) as refused:
                ask()
            assert refused.value.code == "key.destroyed"
    assert not list((folder / home).rglob("*.key"))


def test_destroying_again_certifies_the_same_keys(store, tenant, project):
    first = store.destroy(tenant=tenant, project=project, person=None)
    assert store.destroy(tenant=tenant, project=project, person=None)["keys"] == first["keys"]


def test_a_crash_after_the_tombstone_gives_nothing_out_and_is_mended(store, folder, tenant, project):
    path = folder / "tenants" / str(tenant) / "projects" / str(project) / "v1.key"
    write_atomically(path.with_suffix(".destroyed"), b"{}")
    store = again(store, folder)
    with pytest.raises(KeeperRefused):
        key(store, tenant, project)
    store.destroy(tenant=tenant, project=project, person=None)
    assert not path.exists()


def test_one_person_can_be_forgotten_and_the_others_stay(store, tenant, project):
    gone, stays = uuid.uuid4(), uuid.uuid4()
    key(store, tenant, project, gone, "subject")
    before = key(store, tenant, project, stays, "subject")
    store.destroy(tenant=tenant, project=project, person=gone)
    with pytest.raises(KeeperRefused):
        key(store, tenant, project, gone, "subject")
    assert key(store, tenant, project, stays, "subject") == before
    assert key(store, tenant, project)


def test_a_person_who_never_had_a_key_gets_none_after_being_forgotten(store, tenant, project):
    person = uuid.uuid4()
    store.destroy(tenant=tenant, project=project, person=person)
    with pytest.raises(KeeperRefused):
        key(store, tenant, project, person, "subject")


def test_a_persons_key_in_the_tenant_is_destroyed_without_a_project(store, tenant):
    person = uuid.uuid4()
    key(store, tenant, None, person, "people")
    store.destroy(tenant=tenant, project=None, person=person)
    with pytest.raises(KeeperRefused):
        key(store, tenant, None, person, "people")


def test_a_project_that_was_not_founded_yet_stays_unfounded(store, tenant):
    project = uuid.uuid4()
    store.destroy(tenant=tenant, project=project, person=None)
    with pytest.raises(KeeperRefused):
        store.found_project(tenant, project)


def test_destroying_names_something_and_someone_known(store, tenant):
    with pytest.raises(KeeperRefused) as refused:
        store.destroy(tenant=tenant, project=None, person=None)
    assert refused.value.code == "destroy.names_nothing"
    with pytest.raises(KeeperRefused):
        store.destroy(tenant=uuid.uuid4(), project=uuid.uuid4(), person=None)


def test_the_log_goes_on_after_a_project_is_gone(store, tenant, project):
    public = store.public(tenant)
    store.destroy(tenant=tenant, project=project, person=None)
    assert store.public(tenant) == public
    assert store.signer(tenant, "checkpoint").sign(b"text")


# --- views ---


def test_what_a_view_opened_is_remembered_once(store, folder):
    view, objects = uuid.uuid4(), [str(uuid.uuid4()) for _ in range(3)]
    store.note_view(view, objects[:2])
    store.note_view(view, objects[1:])
    assert again(store, folder).viewed(view) == sorted(objects)


def test_a_line_cut_short_by_a_crash_is_no_object(store, folder):
    view, objects = uuid.uuid4(), [str(uuid.uuid4()) for _ in range(2)]
    store.note_view(view, objects[:1])
    with (folder / "views" / str(view)).open("a") as lines:
        lines.write(objects[1][:20])
    store.note_view(view, objects[1:])
    assert store.viewed(view) == sorted(objects)
