"""A studio's log over HTTP, checked by the stand-alone verifier in a process without any of our other code."""

import base64
import subprocess
import sys
import uuid
import zipfile
from pathlib import Path

import pytest
from django.test import Client

from access import services as access
from governance.audit import merkle, notes, tiles
from governance.audit import services as audit
from governance.audit.events import Event
from governance.audit.verify import verify
from kernel.scope import tenant_scope
from tests.factories.studio import found

ROOT = Path(__file__).resolve().parents[3]
PREFIX = "/api/v1/ledger/log"


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


def test_a_consistency_proof_is_served(api, integrated):
    olive = api(integrated, "olive")
    size = olive.get("/api/v1/ledger/checkpoint").json()["size"]
    proof = olive.get("/api/v1/ledger/consistency", {"first": 100, "second": size})
    assert proof.status_code == 200 and proof.json()["hashes"]
    assert olive.get("/api/v1/ledger/consistency", {"first": 0, "second": 5}).status_code == 400


class Served:
    """A log read over HTTP alone, as any reader of C2SP tlog-tiles reads it below its prefix."""

    def __init__(self, client, vkey):
        self.client, self.vkey = client, vkey

    def read(self, path):
        if path == "vkey":
            return self.vkey.encode()
        answer = self.client.get(f"{PREFIX}/{path}", headers={"Accept": "text/plain, application/octet-stream"})
        assert answer.status_code in {200, 404}
        return answer.content if answer.status_code == 200 else None

    def names(self):
        # A reader finds paths by the size in the checkpoint; a log lists none.
        yield "tile/"


def test_the_log_is_read_and_verified_over_http_by_its_paths_alone(api, integrated):
    olive = api(integrated, "olive")
    told = olive.get("/api/v1/ledger/checkpoint").json()
    note = olive.get(f"{PREFIX}/checkpoint")
    assert note.headers["Content-Type"].startswith("text/plain") and note.content.decode() == told["text"]
    report = verify(Served(olive, told["vkey"]), vkey=told["vkey"])
    assert (report.size, report.entries, report.root) == (told["size"], told["size"], told["root"])
    assert report.size > 256


def test_the_root_follows_from_tiles_of_hashes_alone(api, integrated):
    served, told = Served(api(integrated, "olive"), ""), api(integrated, "olive").get("/api/v1/ledger/checkpoint").json()
    leaves = []
    for tile in tiles.tiles_of(told["size"]):
        content = served.read(tile.path)
        assert len(content) == 32 * tile.width
        if tile.level == 0:
            leaves += [content[at : at + 32] for at in range(0, len(content), 32)]
    assert base64.b64encode(merkle.root(merkle.hashes_of(leaves), told["size"])).decode() == told["root"]


@pytest.mark.parametrize(
    "path",
    ["tile/0/000.p/256", "tile/0/000.p/0", "tile/0/000.p/00", "tile/0/000.p/1000", "tile/0/0", "tile/0/x000/000", "tile/00/000",
     "tile/64/000", "tile/-1/000", "tile/0/999", "tile/1/001", "tile/2/000", "tile/0/000/", "tile/0/000.p/", "tile/0/000.p/1/2",
     "tile/entries/000.p/256", "tile/entries/999", "tile/entries/0", "tile/0/000.p/\u0661", "tile/0/x9999/000"],
)  # fmt: skip
def test_what_is_no_tile_of_the_log_is_not_there(api, integrated, path):
    assert api(integrated, "olive").get(f"{PREFIX}/{path}").status_code == 404


def test_a_narrower_tile_that_was_once_published_stays_readable(api, integrated):
    olive = api(integrated, "olive")
    whole = olive.get(f"{PREFIX}/tile/0/000").content
    assert len(whole) == 256 * 32 and olive.get(f"{PREFIX}/tile/0/000.p/7").content == whole[: 7 * 32]
    entries = list(tiles.unpack(olive.get(f"{PREFIX}/tile/entries/000.p/7").content))
    assert b"".join(merkle.leaf_hash(one) for one in entries) == whole[: 7 * 32]


def test_entries_are_read_by_who_may_read_the_whole_studios(api, integrated, elsewhere):
    assert api(integrated, "lena").get(f"{PREFIX}/tile/entries/000").status_code == 403
    bound = access.issue_token(integrated.actor("olive"), name="bound", project=integrated.project)
    client = Client(headers={"Authorization": f"Bearer {bound}"})
    assert client.get(f"{PREFIX}/tile/entries/000").status_code == 404
    other = api(elsewhere, "olive").get(f"{PREFIX}/tile/entries/000.p/1")
    assert other.content != api(integrated, "olive").get(f"{PREFIX}/tile/entries/000.p/1").content


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
