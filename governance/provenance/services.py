"""Signs pictures and folders of models with the tenant's keys, which stay with the keeper; reads what was signed.

A manifest binds plain bytes, so signing comes before sealing; the pixels are never changed by it.
"""

import io
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import c2pa

from governance.provenance.manifest import RECORD, Claim, definition
from governance.provenance.models_signing import signature_of
from kernel.errors import VerificationFailed
from kernel.keys import SignPurpose, keeper

__all__ = ["Claim", "read", "record_in", "sign_files", "sign_picture"]


def sign_picture(png: bytes, *, tenant: UUID, claim: Claim, intent: UUID) -> bytes:
    """Return the PNG with its signed manifest, against the recorded intent; `claim.entry` is yet to be recorded."""
    line, public = keeper(), keeper().public(tenant=tenant)

    def sign(message: bytes) -> bytes:
        return line.sign(tenant=tenant, purpose=SignPurpose.CLAIM, message=message, entry=intent)

    context = c2pa.Context.from_json(json.dumps({"builder": {"thumbnail": {"enabled": False}}}))
    signer = c2pa.Signer.from_callback(sign, c2pa.C2paSigningAlg.ES256, public.claim_chain_pem.decode())
    out = io.BytesIO()
    with c2pa.Builder(json.dumps(definition(claim)), context=context) as builder:
        builder.sign(signer, "image/png", io.BytesIO(png), out)
    return out.getvalue()


def read(png: bytes) -> dict[str, Any]:
    """Return the manifest store of a signed PNG. Raises VerificationFailed where it has none or is broken."""
    try:
        with c2pa.Reader("image/png", io.BytesIO(png)) as reader:
            store: dict[str, Any] = json.loads(reader.json())
    except c2pa.C2paError:
        raise VerificationFailed("manifest.none") from None
    failures = store.get("validation_results", {}).get("activeManifest", {}).get("failure", [])
    # Whom to trust is the reader's own list; ours is an authority of this installation.
    broken = [one["code"] for one in failures if one["code"] != "signingCredential.untrusted"]
    if broken:
        raise VerificationFailed("manifest.broken", first=str(broken[0]))
    return store


def record_in(png: bytes) -> dict[str, Any]:
    """Return what a signed PNG says of its record. Raises VerificationFailed."""
    store = read(png)
    assertions = store["manifests"][store["active_manifest"]]["assertions"]
    found = [one["data"] for one in assertions if one["label"] == RECORD]
    if not found:
        raise VerificationFailed("manifest.no_record")
    record: dict[str, Any] = found[0]
    return record


def sign_files(files: Mapping[str, bytes], *, name: str, tenant: UUID, entry: UUID) -> bytes:
    """Return an OpenSSF model signature over files in memory, with the tenant's bundle certificate."""
    line, public = keeper(), keeper().public(tenant=tenant)

    def sign(message: bytes) -> bytes:
        return line.sign(tenant=tenant, purpose=SignPurpose.BUNDLE, message=message, entry=entry)

    return signature_of(files, name=name, chain_pem=public.bundle_chain_pem, sign=sign)
