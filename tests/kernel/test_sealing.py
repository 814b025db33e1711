"""Sealing against Tink's own implementation, both ways, at every edge of a segment; and what must not open."""

import io
import secrets

import pytest
from kernel import sealing
from kernel.sealing import FIRST_PLAIN, PLAIN_SEGMENT, Aad, SealBroken
from tink import cleartext_keyset_handle, streaming_aead
from tink.proto import aes_gcm_hkdf_streaming_pb2, common_pb2, tink_pb2

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
