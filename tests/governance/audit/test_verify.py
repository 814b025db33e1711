"""What the stand-alone verifier must not let pass: exports in which there is nothing, or too little, to check."""

import base64
import json
import uuid

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from governance.audit import merkle, notes, tiles
from governance.audit.verify import Failed, verify

ORIGIN = "house/log/1"
KEY = Ed25519PrivateKey.generate()
PUBLIC = KEY.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
BODIES = [json.dumps({"v": 1, "id": str(uuid.uuid4()), "kind": "token.issued"}).encode() for _ in range(300)]


class Export(dict):
    """An export in memory."""

    def read(self, path):
        return self.get(path)

    def names(self):
        return iter(sorted(self))


def tree(size):
    return merkle.hashes_of([merkle.leaf_hash(body) for body in BODIES[:size]])


def checkpoint(size, root=None):
    text = notes.Checkpoint(ORIGIN, size, root or merkle.root(tree(size), size)).text()
    return notes.note(text, [notes.sign_line(ORIGIN, PUBLIC, KEY.sign(text.encode()))])


def head(size):
    return Export({"checkpoint": checkpoint(size).encode(), "vkey": notes.vkey(ORIGIN, PUBLIC).encode()})


def whole(size):
    found = head(size)
    for tile in tiles.tiles_of(size):
        found[tile.path] = tiles.tile_bytes(tile, tree(size))
        if tile.level == 0:
            start = tile.number * tiles.WIDTH
            found[tiles.bundle_path(tile.number, tile.width)] = tiles.pack(BODIES[start : start + tile.width])
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
