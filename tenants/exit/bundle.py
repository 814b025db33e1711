"""What a bundle holds: files by path, built in memory from plain values. Opens with standard tools and none of ours."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot7

from tenants.exit import obligations
from tenants.exit.layouts import kohya
from tenants.exit.obligations import Source

STAMP: Final = (2026, 1, 1, 0, 0, 0)
README: Final = """# {name}

An adapter (LoRA) for the base model with digest `{base}`, trained on a studio's own pictures.

| file | what |
|---|---|
| `diffusers/pytorch_lora_weights.safetensors` | for diffusers: `pipeline.load_lora_weights("diffusers")` |
| `kohya/{slug}.safetensors` | for ComfyUI, kohya and other tools |
| `MODEL_CARD.md`, `training.json`, `dataset.json` | what it was made from, and how |
| `LICENCES.md`, `licences/` | what goes along with it: duties, texts, who is to be named |
| `bom.cdx.json` | CycloneDX bill of materials |
| `model.sig`, `authority.pem` | the signature over all other files, and the authority that vouches for it |
| `ledger/` | the entries that record it, from the frozen dataset to this bundle, each with a proof |

Check the signature in this folder, with the package `model-signing` (and `pyopenssl` beside it) from PyPI:

    model_signing verify certificate --signature model.sig --certificate_chain authority.pem .

Check the entries: `python -m governance.audit.verify ledger`, or any tool that reads C2SP proofs. The entry that freezes the
dataset holds the commitment in `dataset.json`, which is the SHA-256 of the RFC 8785 JSON of `items` there.

{trigger}
"""


@dataclass(frozen=True)
class Contents:
    """Everything that goes into a bundle, as plain values."""

    name: str
    adapter: bytes
    digest: str
    base: Mapping[str, Any]
    lineage: Mapping[str, Any]
    dataset: Mapping[str, Any]
    evaluation: Mapping[str, Any]
    licences: Sequence[str]
    duties: Sequence[str]
    words: Mapping[str, Any]
    ledger: Mapping[str, bytes]
    authority: bytes
    notices: Mapping[str, bytes]
    sources: Sequence[Source]


def files(contents: Contents) -> dict[str, bytes]:
    """Return the bundle's files by path: all that the signature covers."""
    slug = "".join(letter if letter.isalnum() else "-" for letter in contents.name.lower()).strip("-") or "adapter"
    trigger = f"Trigger word: `{contents.words['trigger']}`" if contents.words.get("trigger") else ""
    licences = obligations.texts(contents.licences) | dict(contents.notices)
    made = {
        "README.md": README.format(name=contents.name, base=contents.base["digest"], slug=slug, trigger=trigger).encode(),
        "MODEL_CARD.md": _card(contents).encode(),
        "LICENCES.md": obligations.page(
            contents.licences, contents.duties, shipped=licences, sources=contents.sources
        ).encode(),
        "training.json": _json({"lineage": dict(contents.lineage), "words": dict(contents.words)}),
        "dataset.json": _json(contents.dataset),
        "authority.pem": contents.authority,
        "diffusers/pytorch_lora_weights.safetensors": contents.adapter,
        f"kohya/{slug}.safetensors": kohya(contents.adapter),
    }  # fmt: skip
    made["bom.cdx.json"] = bill_of_materials(contents)
    return made | licences | {f"ledger/{path}": content for path, content in contents.ledger.items()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return a ZIP of the files, the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path, content in sorted(parts.items()):
            archive.writestr(zipfile.ZipInfo(path, STAMP), content)
    return out.getvalue()


def bill_of_materials(contents: Contents) -> bytes:
    """Return a CycloneDX ML-BOM: the adapter, and the base that it needs."""
    adapter = _component(contents.name, contents.digest, contents.licences)
    base = _component(str(contents.base["name"]), str(contents.base["digest"]), contents.licences)
    bom = Bom(components=[adapter, base])
    bom.register_dependency(adapter, [base])
    return JsonV1Dot7(bom).output_as_string(indent=1).encode()


def _component(name: str, digest: str, licences: Sequence[str]) -> Component:
    return Component(
        name=name, type=ComponentType.MACHINE_LEARNING_MODEL, bom_ref=digest,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
        licenses=[DisjunctiveLicense(name=one) for one in licences],
    )  # fmt: skip


def _card(contents: Contents) -> str:
    measured = "\n".join(f"| {name} | {value} |" for name, value in sorted(contents.evaluation.items()))
    made = "\n".join(
        f"| {name} | {value} |" for name, value in sorted(contents.lineage.items()) if not isinstance(value, dict | list)
    )
    return (
        f"# {contents.name}\n\nDigest of the weights (SHA-256): `{contents.digest}`\n\n## Made from\n\n| | |\n|---|---|\n"
        f"| base | {contents.base['name']} |\n| base digest | {contents.base['digest']} |\n{made}\n\n"
        f"## Measured\n\n| | |\n|---|---|\n{measured}\n"
    )


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1, sort_keys=True, default=str) + "\n").encode()


def digest_of(bundle: bytes) -> str:
    """Return the SHA-256 that the person who took it can check."""
    return hashlib.sha256(bundle).hexdigest()
