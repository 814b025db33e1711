import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from governance.audit import notes, tiles

VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SIGNED = (
    "This is an example message.\n\n"
    "\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)


def test_the_published_note_verifies():
    assert notes.verified(SIGNED, [notes.Verifier.parse(VKEY)]) == "This is an example message.\n"


def test_a_changed_text_does_not():
    with pytest.raises(notes.NoteError):
        notes.verified(SIGNED.replace("example message", "other message"), [notes.Verifier.parse(VKEY)])


def test_an_unknown_signature_is_ignored_but_one_known_is_needed():
    extra = SIGNED + "\u2014 stranger AAAAAAAA\n"
    assert notes.verified(extra, [notes.Verifier.parse(VKEY)])
    with pytest.raises(notes.NoteError):
        notes.verified(SIGNED, [])


def test_a_checkpoint_of_ours_round_trips():
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    text = notes.Checkpoint("house/log/1", 7, bytes(32)).text()
    signed = notes.note(text, [notes.sign_line("house/log/1", public, key.sign(text.encode()))])
    verifier = notes.Verifier.parse(notes.vkey("house/log/1", public))
    assert notes.Checkpoint.parse(notes.verified(signed, [verifier])) == notes.Checkpoint("house/log/1", 7, bytes(32))


@pytest.mark.parametrize("text", ["", "a\n", "a\n01\nAAAA\n", "a\n-1\nAAAA\n", "\n1\nAAAA\n", "a\n1\n!!\n"])
def test_a_malformed_checkpoint_is_refused(text):
    with pytest.raises(notes.NoteError):
        notes.Checkpoint.parse(text)


def test_tile_paths_and_counts_are_the_specifications():
    assert tiles.number_path(1234067) == "x001/x234/067"
    found = list(tiles.tiles_of(70_000))
    assert [sum(1 for tile in found if tile.level == level and tile.width == 256) for level in (0, 1, 2)] == [273, 1, 0]
    assert [tile.width for tile in found if tile.width < 256] == [112, 17, 1]
    assert list(tiles.unpack(tiles.pack([b"", b"ab"]))) == [b"", b"ab"]
