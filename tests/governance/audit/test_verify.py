"""What the stand-alone verifier must not let pass: nothing or too little to check, and whatever a stranger writes."""

import base64
import contextlib
import json
import subprocess
import sys
import uuid
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from governance.audit import merkle, notes, tiles
from governance.audit.verify import Failed, verify

ROOT = Path(__file__).resolve().parents[3]
ORIGIN = "house/log/1"
KEY = Ed25519PrivateKey.generate()
PUBLIC = KEY.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
RECORD = {
    "v": 1, "id": str(uuid.uuid4()), "ts": "2026-01-01T00:00:00.000000Z", "tenant": str(uuid.uuid4()), "project": None,
    "actor": "x", "kind": "token.issued", "facts": {}, "commits": {},
}  # fmt: skip
BODIES = [json.dumps(RECORD | {"id": str(uuid.uuid4())}).encode() for _ in range(300)]


class Export(dict):
    """An export in memory."""

    def read(self, path):
        return self.get(path)

    def names(self):
        return iter(sorted(self))


def tree(size, bodies=BODIES):
    return merkle.hashes_of([merkle.leaf_hash(body) for body in bodies[:size]])


def checkpoint(size, root=None, bodies=BODIES):
    text = notes.Checkpoint(ORIGIN, size, root or merkle.root(tree(size, bodies), size)).text()
    return notes.note(text, [notes.sign_line(ORIGIN, PUBLIC, KEY.sign(text.encode()))])


def head(size, bodies=BODIES):
    return Export({"checkpoint": checkpoint(size, bodies=bodies).encode(), "vkey": notes.vkey(ORIGIN, PUBLIC).encode()})


def whole(size, bodies=BODIES):
    found = head(size, bodies)
    for tile in tiles.tiles_of(size):
        found[tile.path] = tiles.tile_bytes(tile, tree(size, bodies))
        if tile.level == 0:
            start = tile.number * tiles.WIDTH
            found[tiles.bundle_path(tile.number, tile.width)] = tiles.pack(bodies[start : start + tile.width])
    return found


def sliced(size, *indexes):
    found = head(size)
    for index in indexes:
        hashes = [base64.b64encode(one).decode() for one in merkle.inclusion(tree(size), index, size)]
        lines = "\n".join(["c2sp.org/tlog-proof@v1", f"index {index}", *hashes])
        found[f"entries/{index:09d}.json"] = BODIES[index]
        found[f"proofs/{index:09d}.tlog-proof"] = f"{lines}\n\n{checkpoint(size)}".encode()
    return found


def test_a_whole_log_and_a_slice_of_it_verify():
    assert verify(whole(300)).entries == 300
    assert verify(sliced(300, 3, 290)).entries == 2


def test_an_empty_log_verifies_when_its_checkpoint_says_so():
    report = verify(head(0))
    assert (report.size, report.entries) == (0, 0)


def test_an_empty_log_with_another_root_fails():
    export = head(0) | {"checkpoint": checkpoint(0, bytes(32)).encode()}
    with pytest.raises(Failed, match="root"):
        verify(Export(export))


def test_an_export_without_any_entry_fails():
    with pytest.raises(Failed, match="there is none, though the log has 300"):
        verify(head(300))


@pytest.mark.parametrize("removed", ["entries/000000003.json", "proofs/000000003.tlog-proof"])
def test_a_slice_with_a_proof_alone_or_an_entry_alone_fails(removed):
    export = sliced(300, 3, 290)
    del export[removed]
    with pytest.raises(Failed, match=removed):
        verify(export)


def test_a_slice_with_a_file_of_another_name_fails():
    export = sliced(300, 3)
    export["entries/four.json"] = BODIES[4]
    with pytest.raises(Failed, match="entries/four"):
        verify(export)


def test_entries_that_lie_beside_a_whole_log_are_checked_too():
    export = whole(300)
    export |= sliced(300, 3)
    assert verify(Export(export)).entries == 301
    export["entries/000000003.json"] = BODIES[4]
    with pytest.raises(Failed, match="entry 3"):
        verify(Export(export))


def test_a_tile_that_is_no_part_of_the_log_is_not_known():
    export = whole(300)
    export["tile/entries/002"] = tiles.pack(BODIES[:5])
    assert verify(export).unknown == ["tile/entries/002: no part of this log"]


def test_a_slice_cannot_show_that_it_continues_what_was_kept():
    assert verify(whole(300), older=checkpoint(200)).entries == 300
    assert verify(sliced(300, 3), older=checkpoint(300)).entries == 1
    with pytest.raises(Failed, match="cannot show"):
        verify(sliced(300, 3), older=checkpoint(200))


@pytest.mark.parametrize("given", [{"older": ""}, {"vkey": ""}])
def test_an_empty_file_of_what_was_kept_is_not_overlooked(given):
    with pytest.raises(Failed):
        verify(whole(5), **given)


def signed_with(body):
    """Return a log of three entries, honestly signed, whose second is `body`."""
    return whole(3, [BODIES[0], body, BODIES[2]])


def record(**changed):
    return json.dumps({name: value for name, value in (RECORD | changed).items() if value is not ...}).encode()


NO_RECORDS = {
    "nested": b'{"v": 1, "facts": ' + b"[" * 30_000 + b"]" * 30_000 + b"}",
    "no JSON": b"{", "no UTF-8": b"\xff\xfe{}", "a list": b"[1]", "a number": b"1", "a long number": b'{"v": ' + b"9" * 5000 + b"}",
    "true": record(v=True), "a float": record(v=1.0), "text": record(v="1"), "no version": record(v=...),
    "a version in a list": record(v=[1]), "a kind in a list": record(kind=["token.issued"]), "kinds": record(kind={"a": 1}),
    "no facts": record(facts=...), "facts in a list": record(facts=[]), "no time": record(ts=...), "another time": record(ts="now"),
    "no id": record(id=...), "an id in a number": record(id=7), "no tenant": record(tenant=...), "no actor": record(actor=None),
    "no project": record(project=...), "a project in a number": record(project=5), "no commits": record(commits=...),
    "a commitment in a number": record(commits={"prompt": 5}),
}  # fmt: skip


@pytest.mark.parametrize("body", NO_RECORDS.values(), ids=NO_RECORDS)
def test_what_is_no_record_fails_by_its_number(body):
    with pytest.raises(Failed, match="entry 1:"):
        verify(signed_with(body))


@pytest.mark.parametrize("changed", [{"v": 2}, {"v": 2, "kind": ["x"], "facts": ...}, {"kind": "what.nobody_knows"}])
def test_an_unknown_version_or_kind_is_unknown_and_not_ok(changed):
    (line,) = verify(signed_with(record(**changed))).unknown
    assert line.startswith("entry 1 (")


def test_what_strangers_wrote_is_shown_on_one_printable_line():
    (line,) = verify(signed_with(record(kind="\n\x1b[2Kverified"))).unknown
    assert line.isprintable()


@pytest.mark.parametrize("path", ["checkpoint", "vkey", "proofs/000000003.tlog-proof"])
@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", "\u2014 x y\n".encode(), b"\n" * 2000, b"+" * 50])
def test_a_broken_text_fails_by_its_name(path, content):
    export = sliced(300, 3) | {path: content}
    with pytest.raises(Failed, match=r"checkpoint|vkey|entry 3|proofs/000000003"):
        verify(Export(export))


def test_a_checkpoint_of_too_many_digits_or_other_letters_fails():
    for size, root in (("9" * 5000, "A" * 43 + "="), ("3", "\u00e4" * 44)):
        text = f"{ORIGIN}\n{size}\n{root}\n"
        signed = notes.note(text, [notes.sign_line(ORIGIN, PUBLIC, KEY.sign(text.encode()))])
        with pytest.raises(Failed, match="checkpoint"):
            verify(Export(head(3) | {"checkpoint": signed.encode()}))


def test_a_proof_with_a_hash_of_another_length_fails():
    export = sliced(300, 3)
    lines = export["proofs/000000003.tlog-proof"].decode().split("\n")
    lines[2] = base64.b64encode(bytes(31)).decode()
    export["proofs/000000003.tlog-proof"] = "\n".join(lines).encode()
    with pytest.raises(Failed, match="entry 3"):
        verify(export)


@given(st.binary(max_size=300))
def test_no_bytes_in_the_place_of_an_entry_end_in_a_traceback(body):
    with contextlib.suppress(Failed):
        verify(signed_with(body))


@given(st.sampled_from(["checkpoint", "vkey", "entries/000000003.json", "proofs/000000003.tlog-proof"]), st.data())
def test_no_change_of_a_slice_ends_in_a_traceback_or_passes_another_entry(path, data):
    export, honest = sliced(20, 3), verify(sliced(20, 3))
    content = export[path]
    at = data.draw(st.integers(0, len(content) - 1))
    export[path] = content[:at] + data.draw(st.binary(min_size=1, max_size=4)) + content[at + 1 :]
    try:
        report = verify(export)
    except Failed:
        return
    # Base64 has spare bits, and a key may be followed by white space: nothing of what was signed is another.
    assert report == honest and export["entries/000000003.json"] == BODIES[3]


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "governance.audit.verify", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_it_says_with_whose_key_it_verified(tmp_path):
    with zipfile.ZipFile(tmp_path / "log.zip", "w") as packed:
        for path, content in whole(5).items():
            packed.writestr(path, content)
    alone = run(tmp_path / "log.zip")
    assert alone.returncode == 0 and "with the export's own key" in alone.stdout
    kept = run(tmp_path / "log.zip", "--vkey", notes.vkey(ORIGIN, PUBLIC))
    assert kept.returncode == 0 and kept.stdout.splitlines()[-1] == "verified"
    other = Ed25519PrivateKey.generate().public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    assert run(tmp_path / "log.zip", "--vkey", notes.vkey(ORIGIN, other)).returncode == 1


def test_a_damaged_zip_and_a_kept_checkpoint_of_other_bytes_fail_in_words(tmp_path):
    with zipfile.ZipFile(tmp_path / "log.zip", "w") as packed:
        for path, content in whole(5).items():
            packed.writestr(path, content)
    content = bytearray((tmp_path / "log.zip").read_bytes())
    content[content.find(ORIGIN.encode())] ^= 1
    (tmp_path / "damaged.zip").write_bytes(bytes(content))
    (tmp_path / "kept").write_bytes(b"\xff\xfe")
    for done in (run(tmp_path / "damaged.zip"), run(tmp_path / "log.zip", "--older", tmp_path / "kept"), run(tmp_path / "none")):
        assert done.returncode == 1 and done.stdout.startswith("FAILED ") and not done.stderr
