"""What others rely on: certificates that chain to the installation's authority, and keys that sign as they say."""

import base64
import hashlib
import uuid

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.x509.oid import ExtendedKeyUsageOID as Usage

from keeper.roots import KeyringFile
from keeper.store import Store


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "keeper", KeyringFile(tmp_path / "keeper" / "keyring.json"), installation="here")


@pytest.fixture
def tenant(store):
    tenant = uuid.uuid4()
    store.found_tenant(tenant)
    return tenant


@pytest.mark.parametrize(("purpose", "usage"), [("claim", Usage.EMAIL_PROTECTION), ("bundle", Usage.CODE_SIGNING)])
def test_a_chain_is_what_readers_ask_for(store, tenant, purpose, usage):
    leaf, authority = x509.load_pem_x509_certificates(store.public(tenant)[f"{purpose}_chain"].encode())
    leaf.verify_directly_issued_by(authority)
    of = {one.oid._name: one.value for one in leaf.extensions}
    assert of["keyUsage"].digital_signature
    assert not of["keyUsage"].key_cert_sign
    assert list(of["extendedKeyUsage"]) == [usage]
    assert "authorityKeyIdentifier" in of
    assert not of["basicConstraints"].ca
    assert authority.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


@pytest.mark.parametrize("purpose", ["claim", "bundle"])
def test_a_signature_is_r_and_s_under_the_certificates_key(store, tenant, purpose):
    leaf = x509.load_pem_x509_certificates(store.public(tenant)[f"{purpose}_chain"].encode())[0]
    raw = store.signer(tenant, purpose).sign(b"message")
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    leaf.public_key().verify(der, b"message", ec.ECDSA(hashes.SHA256()))


def test_the_logs_verifier_key_verifies_and_names_itself(store, tenant):
    public = store.public(tenant)
    name, short, typed = public["log_vkey"].split("+", 2)
    raw = base64.b64decode(typed)
    assert name == public["origin"]
    assert short == hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4].hex()
    Ed25519PublicKey.from_public_bytes(raw[1:]).verify(store.signer(tenant, "checkpoint").sign(b"text"), b"text")


def test_an_origin_names_no_studio(store, tenant):
    origin = store.public(tenant)["origin"]
    assert origin.startswith("here/log/")
    assert str(tenant) not in origin


def test_two_tenants_share_nothing_but_the_authority(store, tenant):
    other = uuid.uuid4()
    store.found_tenant(other)
    one, two = store.public(tenant), store.public(other)
    assert one["ca"] == two["ca"]
    assert all(one[name] != two[name] for name in ("origin", "log_vkey", "claim_chain", "bundle_chain"))
