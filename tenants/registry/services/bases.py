"""A base model of an open licence: a folder on the server, named by the digests of its files, read in clear."""

import hashlib
import json
import uuid
from pathlib import Path
from typing import Final

from django.conf import settings

from access.actor import Actor
from access.roles import Permission
from governance.audit import services as audit
from governance.audit.events import Event
from governance.licensing import services as licensing
from kernel import canonical
from kernel.errors import Conflict, InvalidInput
from tenants.registry.models import RegisteredModel
from tenants.registry.rules import Kind, State

FAMILIES: Final = {
    "StableDiffusionPipeline": "sd1",
    "StableDiffusionXLPipeline": "sdxl",
    "StableDiffusion3Pipeline": "sd3",
    "FluxPipeline": "flux",
}
_READ: Final = (".safetensors", ".json", ".txt", ".model")
_CHUNK: Final = 1 << 20


def register_base(actor: Actor, *, folder: Path, name: str, licence: str) -> RegisteredModel:
    """Register a folder as a base that everyone of the tenant may use. The same folder again returns the same row."""
    actor.require(Permission.PROJECT_CREATE)
    place = _allowed(folder)
    family, files = _family(place), _digests(place)
    digest = canonical.sha256_hex(canonical.encode(files))
    decision = licensing.check_use([licence])
    if not decision.allowed:
        raise Conflict("licence.not_usable", licence=licence, result=decision.result.value)
    with actor.writing():
        known: RegisteredModel | None = RegisteredModel.objects.filter(kind=Kind.BASE, digest=digest).first()
        if known is not None:
            return known
        entry = uuid.uuid4()
        made: RegisteredModel = RegisteredModel.objects.create(
            kind=Kind.BASE, name=name, state=State.APPROVED, family=family, licences=[licence], digest=digest, files=files,
            folder=str(place), size=sum((place / name).stat().st_size for name in files), entry_id=entry,
        )  # fmt: skip
        audit.append(
            id=entry, tenant=actor.tenant, project=None, actor=actor.pseudonym, kind=Event.MODEL_REGISTERED,
            facts={
                "model": str(made.pk), "kind": Kind.BASE.value, "family": family, "digest": digest, "files": files,
                "licence": licence, "licensing_rules": decision.rules_digest,
            },
        )  # fmt: skip
    return made


def _allowed(folder: Path) -> Path:
    place = folder.resolve()
    if not any(place.is_relative_to(Path(one).resolve()) for one in settings.MODEL_FOLDERS):
        raise InvalidInput("model.folder_not_allowed")
    if not (place / "model_index.json").is_file():
        raise InvalidInput("model.not_a_pipeline")
    return place


def _family(place: Path) -> str:
    named = json.loads((place / "model_index.json").read_text(encoding="utf-8")).get("_class_name", "")
    if named not in FAMILIES:
        raise InvalidInput("model.family_unknown")
    return FAMILIES[named]


def _digests(place: Path) -> dict[str, str]:
    found = sorted(path for path in place.rglob("*") if path.is_file() and path.suffix in _READ)
    return {path.relative_to(place).as_posix(): _digest(path) for path in found}


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
