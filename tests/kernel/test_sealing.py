"""Sealing against Tink's own implementation, both ways, at every edge of a segment; and what must not open."""

import io
import json
import secrets
from pathlib import Path

import pytest
from tink import cleartext_keyset_handle, streaming_aead
from tink.proto import aes_gcm_hkdf_streaming_pb2, common_pb2, tink_pb2

from kernel import sealing
from kernel.sealing import FIRST_PLAIN, PLAIN_SEGMENT, Aad, SealBroken

SEGMENT = 1 << 20
SIZES = [0, 1, SEGMENT - 56, SEGMENT - 55, 3 * SEGMENT + 7, FIRST_PLAIN, FIRST_PLAIN + PLAIN_SEGMENT, 10_000_000]
AAD = Aad(tenant="t", project="p", object="o", version=1, media_type="image/png").encode()


def peer(key: bytes) -> streaming_aead.StreamingAead:
    """Return Tink's own AES256_GCM_HKDF_1MB with our data key as its initial key material."""
    streaming_aead.register()
    params = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingParams(
        ciphertext_segment_size=SEGMENT, derived_key_size=32, hkdf_hash_type=common_pb2.SHA256
    )
    value = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingKey(version=0, params=params, key_value=key)
    data = tink_pb2.KeyData(
        type_url="type.googleapis.com/google.crypto.tink.AesGcmHkdfStreamingKey",
        value=value.SerializeToString(),
        key_material_type=tink_pb2.KeyData.SYMMETRIC,
    )
    keyset = tink_pb2.Keyset(
        primary_key_id=1,
        key=[tink_pb2.Keyset.Key(key_data=data, status=tink_pb2.ENABLED, key_id=1, output_prefix_type=tink_pb2.RAW)],
    )
    reader = io.BytesIO(keyset.SerializeToString())
    import tink

    handle = cleartext_keyset_handle.read(tink.BinaryKeysetReader(reader.getvalue()))
    return handle.primitive(streaming_aead.StreamingAead)


@pytest.mark.parametrize("size", SIZES)
def test_tink_opens_ours_and_we_open_tinks(size):
    key, plain = secrets.token_bytes(32), secrets.token_bytes(size)
    ours = sealing.seal_bytes(plain, key=key, aad=AAD)
    assert len(ours) == sealing.sealed_size(size)
    with peer(key).new_decrypting_stream(io.BytesIO(ours), AAD) as stream:
        assert stream.read() == plain
    theirs = io.BytesIO()
    theirs.close = lambda: None
    with peer(key).new_encrypting_stream(theirs, AAD) as stream:
        stream.write(plain)
    assert sealing.open_bytes(theirs.getvalue(), key=key, aad=AAD) == plain


@pytest.mark.parametrize("size", SIZES[:7])
def test_a_stream_of_odd_chunks_opens_as_one(size):
    key, plain = secrets.token_bytes(32), secrets.token_bytes(size)
    chunks = [plain[at : at + 70_001] for at in range(0, size, 70_001)]
    sealed = b"".join(sealing.seal(chunks, key=key, aad=AAD))
    assert b"".join(bytes(piece) for piece in sealing.open_chunks(io.BytesIO(sealed), key=key, aad=AAD)) == plain


@pytest.mark.parametrize("offset", [0, 5, FIRST_PLAIN - 1, FIRST_PLAIN, FIRST_PLAIN + PLAIN_SEGMENT - 3])
def test_any_stretch_opens_alone(offset):
    key, plain = secrets.token_bytes(32), secrets.token_bytes(3 * SEGMENT)
    sealed = io.BytesIO(sealing.seal_bytes(plain, key=key, aad=AAD))
    assert sealing.open_range(sealed, key=key, aad=AAD, offset=offset, length=1000) == plain[offset : offset + 1000]


def broken(sealed):
    first, second = sealed[:SEGMENT], sealed[SEGMENT : 2 * SEGMENT]
    yield "flipped", sealed[:100] + bytes([sealed[100] ^ 1]) + sealed[101:]
    yield "cut at a segment", sealed[:SEGMENT]
    yield "cut inside", sealed[:-1]
    yield "reordered", first + sealed[2 * SEGMENT :] + second
    yield "emptied", b""
    yield "header alone", sealed[:40]
    yield "longer", sealed + b"\x00" * 16


def test_what_was_touched_does_not_open():
    key = secrets.token_bytes(32)
    sealed = sealing.seal_bytes(secrets.token_bytes(3 * SEGMENT), key=key, aad=AAD)
    for how, bad in broken(sealed):
        with pytest.raises(SealBroken):
            sealing.open_bytes(bad, key=key, aad=AAD)
            pytest.fail(how)


def test_another_project_or_key_does_not_open():
    key = secrets.token_bytes(32)
    sealed = sealing.seal_bytes(b"picture", key=key, aad=AAD)
    moved = Aad(tenant="t", project="q", object="o", version=1, media_type="image/png").encode()
    with pytest.raises(SealBroken):
        sealing.open_bytes(sealed, key=key, aad=moved)
    with pytest.raises(SealBroken):
        sealing.open_bytes(sealed, key=secrets.token_bytes(32), aad=AAD)
    assert sealing.key_commitment(key, AAD) != sealing.key_commitment(secrets.token_bytes(32), AAD)


VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "sealing.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda one: one["name"])
def test_files_that_tink_sealed_once_open_for_ever(vector):
    key, aad = bytes.fromhex(vector["key"]), vector["aad"].encode()
    assert sealing.open_bytes(bytes.fromhex(vector["sealed"]), key=key, aad=aad) == bytes.fromhex(vector["plain"])
    assert sealing.key_commitment(key, aad).hex() == vector["key_commitment"]


@pytest.mark.parametrize("size", [SEGMENT, sealing.WORTH_A_THREAD + 5])
def test_a_file_opens_where_it_lies(size, tmp_path):
    key, plain = secrets.token_bytes(32), secrets.token_bytes(size)
    (tmp_path / "sealed").write_bytes(sealing.seal_bytes(plain, key=key, aad=AAD))
    target = bytearray(size)
    with (tmp_path / "sealed").open("rb") as file:
        sealing.open_into(sealing.mapped(file), target, key=key, aad=AAD)
    assert target == plain
    held = sealing.mapped(io.BytesIO((tmp_path / "sealed").read_bytes()))
    assert sealing.open_bytes(held, key=key, aad=AAD) == plain


@pytest.mark.parametrize("where", [100, sealing.WORTH_A_THREAD - 100])
def test_a_large_file_that_was_touched_anywhere_does_not_open(where):
    key = secrets.token_bytes(32)
    sealed = bytearray(sealing.seal_bytes(bytes(sealing.WORTH_A_THREAD), key=key, aad=AAD))
    sealed[where] ^= 1
    with pytest.raises(SealBroken):
        sealing.open_bytes(sealed, key=key, aad=AAD)


def test_an_empty_file_is_no_sealed_file(tmp_path):
    (tmp_path / "empty").touch()
    with (tmp_path / "empty").open("rb") as file, pytest.raises(SealBroken):
        sealing.mapped(file)


def test_one_large_chunk_is_sealed_like_many_small_ones():
    key, plain = secrets.token_bytes(32), secrets.token_bytes(5 * SEGMENT + 3)
    sealed = b"".join(sealing.seal([plain[:7], b"", plain[7:]], key=key, aad=AAD))
    assert len(sealed) == sealing.sealed_size(len(plain))
    assert sealing.open_bytes(sealed, key=key, aad=AAD) == plain


def test_two_seals_of_one_plaintext_share_no_bytes():
    key = secrets.token_bytes(32)
    first, second = (sealing.seal_bytes(b"picture" * 100, key=key, aad=AAD) for _ in range(2))
    assert first[1:40] != second[1:40]
    assert first[40:] != second[40:]


@pytest.mark.parametrize("size", [3 * SEGMENT, sealing.WORTH_A_THREAD])
def test_a_touched_file_is_refused_where_it_lies(size, tmp_path):
    key = secrets.token_bytes(32)
    sealed = bytearray(sealing.seal_bytes(bytes(size), key=key, aad=AAD))
    sealed[-1] ^= 1
    (tmp_path / "sealed").write_bytes(sealed)
    with (tmp_path / "sealed").open("rb") as file, pytest.raises(SealBroken):
        sealing.open_bytes(sealing.mapped(file), key=key, aad=AAD)
