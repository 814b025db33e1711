"""A studio's log over HTTP, checked by the stand-alone verifier in a process without any of our other code."""

import base64
import subprocess
import sys
import uuid
import zipfile
from pathlib import Path

import pytest

from governance.audit import merkle, notes
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.scope import tenant_scope
from tests.factories.studio import found

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def filled(keeper):
    """A studio of its own with 300 entries, integrated and signed."""
    studio = found("Ledgered")
    for _ in range(300):
        with tenant_scope(studio.tenant):
            audit.append(id=uuid.uuid4(), tenant=studio.tenant, project=None, actor="x", kind=Event.TOKEN_ISSUED, facts={"n": 1})
    return studio


@pytest.fixture
def integrate(as_login, services):
    """Integrate as the integrator: its login, and its own line to the keeper."""
    from django.conf import settings

    from kernel import keys

    def once():
        name = (str(settings.KEEPER_SOCKET), settings.KEEPER_TOKEN)
        before = keys.keeper()
        keys._known[name] = keys.Keeper(settings.KEEPER_SOCKET, bytes.fromhex(services.tokens.drawn["integrator"]))
        try:
            with as_login("integrator"):
                audit.integrate_once()
        finally:
            keys._known[name] = before

    return once


@pytest.fixture
def integrated(filled, integrate):
    integrate()
    return filled


def noted(tenant):
    with tenant_scope(tenant):
        audit.append(id=uuid.uuid4(), tenant=tenant, project=None, actor="x", kind=Event.TOKEN_ISSUED, facts={})


def test_a_tenant_whose_key_is_refused_keeps_nobody_from_being_signed(filled, integrate, caplog):
    keyless, others = uuid.uuid4(), [filled.tenant, found("Signed").tenant, found("Signedtoo").tenant]
    noted(keyless)
    for tenant in others:
        noted(tenant)
    integrate()
    assert caplog.text.count(str(keyless)) == 1 and "tenant.unknown" in caplog.text
    for tenant in others:
        with tenant_scope(tenant, read_only=True):
            assert all(one.published for one in audit.entries(audit.Filter(limit=500)))
    integrate()
    assert caplog.text.count(str(keyless)) == 1


def test_an_entry_is_proved_to_who_may_read_the_log(api, integrated, elsewhere):
    olive = api(integrated, "olive")
    listed = olive.get("/api/v1/ledger/entries", {"limit": 10, "kind": "token.issued"}).json()
    assert len(listed["results"]) == 10 and listed["next"]
    entry = next(one for one in listed["results"] if one["state"] == "published")
    proof = olive.get(f"/api/v1/ledger/entries/{entry['id']}/proof").json()
    root = base64.b64decode(proof["root"])
    merkle.check_inclusion(
        merkle.leaf_hash(base64.b64decode(proof["leaf"])), index=proof["index"], size=proof["size"],
        proof=[base64.b64decode(one) for one in proof["hashes"]], root_hash=root,
    )  # fmt: skip
    text = notes.verified(proof["checkpoint"], [notes.Verifier.parse(proof["vkey"])])
    assert notes.Checkpoint.parse(text).root == root
    assert api(elsewhere, "olive").get(f"/api/v1/ledger/entries/{entry['id']}/proof").status_code == 404


def test_the_second_page_goes_on_where_the_first_ended(api, integrated):
    olive = api(integrated, "olive")
    first = olive.get("/api/v1/ledger/entries", {"limit": 5}).json()
    second = olive.get(first["next"]).json()
    assert not {one["id"] for one in first["results"]} & {one["id"] for one in second["results"]}


def test_a_tile_and_a_consistency_proof_are_served(api, integrated):
    olive = api(integrated, "olive")
    assert len(olive.get("/api/v1/ledger/tile/0/000").content) == 256 * 32
    size = olive.get("/api/v1/ledger/checkpoint").json()["size"]
    proof = olive.get("/api/v1/ledger/consistency", {"first": 100, "second": size})
    assert proof.status_code == 200 and proof.json()["hashes"]
    assert olive.get("/api/v1/ledger/consistency", {"first": 0, "second": 5}).status_code == 400


@pytest.fixture
def exported(integrated, tmp_path):
    with tenant_scope(integrated.tenant, read_only=True):
        audit.export_log(tmp_path / "log")
    return tmp_path / "log"


def verifier(*arguments):
    program = (
        "import runpy, sys; sys.path.insert(0, sys.argv.pop(1));runpy.run_module('governance.audit.verify', run_name='__main__')"
    )
    return subprocess.run(
        [sys.executable, "-c", program, str(ROOT), *map(str, arguments)], capture_output=True, text=True, check=False, cwd="/"
    )


def test_the_verifier_accepts_a_folder_and_a_zip(exported, tmp_path):
    done = verifier(exported)
    assert done.returncode == 0 and "verified" in done.stdout, done.stdout + done.stderr
    with zipfile.ZipFile(tmp_path / "log.zip", "w") as archive:
        for path in exported.rglob("*"):
            archive.write(path, f"ledger/{path.relative_to(exported)}")
    assert verifier(tmp_path / "log.zip").returncode == 0


def test_the_verifier_names_the_first_entry_that_fails(exported):
    bundle = exported / "tile" / "entries" / "000"
    content = bytearray(bundle.read_bytes())
    at = content.find(b'"n":1')
    content[at + 4] = ord("2")
    bundle.write_bytes(bytes(content))
    done = verifier(exported)
    assert done.returncode == 1 and "FAILED entry" in done.stdout


@pytest.mark.parametrize("path", ["checkpoint", "vkey", "tile/0/000", "tile/entries/000"])
def test_any_touched_file_is_noticed(exported, path):
    content = bytearray((exported / path).read_bytes())
    content[len(content) // 2] ^= 1
    (exported / path).write_bytes(bytes(content))
    assert verifier(exported).returncode == 1


def test_an_older_checkpoint_that_was_kept_is_continued_or_not(exported, tmp_path, filled):
    (tmp_path / "kept").write_bytes((exported / "checkpoint").read_bytes())
    assert verifier(exported, "--older", tmp_path / "kept").returncode == 0


def test_a_slice_verifies_by_its_proofs(integrated, tmp_path):
    with tenant_scope(integrated.tenant, read_only=True):
        wanted = [one.id for one in audit.entries(audit.Filter(limit=20)) if one.published][:3]
        audit.export_slice(tmp_path / "slice", wanted)
    assert verifier(tmp_path / "slice").returncode == 0
    one = next((tmp_path / "slice" / "entries").iterdir())
    one.write_bytes(one.read_bytes().replace(b'"v":1', b'"v":2'))
    assert verifier(tmp_path / "slice").returncode == 1
