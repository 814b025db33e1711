"""A base model of an open licence: a folder on the server, named by the digests of its files, read in clear.

Every file counts but documentation: configurations, vocabularies and schedulers decide a picture as much as weights do.
"""

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

# What the engine loads, by the pipeline that a folder names.
FAMILIES: Final = {"StableDiffusionPipeline": "sd1", "StableDiffusionXLPipeline": "sdxl"}
_WEIGHTS: Final = ".safetensors"
_DOCUMENTATION: Final = frozenset({"", ".md", ".rst", ".pdf", ".png", ".jpg", ".jpeg", ".gif", ".webp"})
# Pickles and code, which the engine never loads.
_REFUSED: Final = frozenset({".bin", ".pt", ".ckpt", ".pkl", ".pth", ".py"})
_CHUNK: Final = 1 << 20


def register_base(actor: Actor, *, folder: Path, name: str, licence: str) -> RegisteredModel:
    """Register a folder as a base that everyone of the tenant may use. Equal files are the same row, wherever they lie now."""
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
            return _moved(actor, known, place)
        entry = uuid.uuid4()
        made: RegisteredModel = RegisteredModel.objects.create(
            kind=Kind.BASE, name=name, state=State.APPROVED, family=family, licences=[licence], digest=digest, files=files,
            folder=str(place), size=_size(place), entry_id=entry,
        )  # fmt: skip
        audit.append(
            id=entry, tenant=actor.tenant, project=None, actor=actor.pseudonym, kind=Event.MODEL_REGISTERED,
            facts={
                "model": str(made.pk), "kind": Kind.BASE.value, "family": family, "digest": digest, "files": files,
                "licence": licence, "licensing_rules": decision.rules_digest,
            },
        )  # fmt: skip
    return made


def _moved(actor: Actor, known: RegisteredModel, place: Path) -> RegisteredModel:
    """Return a model that lies elsewhere now: its files decide what it is, its folder only where they are read."""
    if known.folder != str(place):
        RegisteredModel.objects.filter(pk=known.pk).update(folder=str(place))
        known.folder = str(place)
        audit.append(
            id=uuid.uuid4(), tenant=actor.tenant, project=None, actor=actor.pseudonym, kind=Event.MODEL_MOVED,
            facts={"model": str(known.pk), "digest": known.digest},
        )  # fmt: skip
    return known


def _allowed(folder: Path) -> Path:
    place = folder.resolve()
    if not any(place.is_relative_to(Path(one).resolve()) for one in settings.MODEL_FOLDERS):
        raise InvalidInput("model.folder_not_allowed")
    if not (place / "model_index.json").is_file():
        raise InvalidInput("model.not_a_pipeline")
    return place


def _family(place: Path) -> str:
    try:
        named = json.loads((place / "model_index.json").read_text(encoding="utf-8"))["_class_name"]
    except (ValueError, KeyError, TypeError):
        raise InvalidInput("model.not_a_pipeline") from None
    if named not in FAMILIES:
        works = ", ".join(f"{family} ({pipeline})" for pipeline, family in FAMILIES.items())
        raise InvalidInput("model.family_unknown", works=works)
    return FAMILIES[named]


def _digests(place: Path) -> dict[str, str]:
    found = [path for path in sorted(place.rglob("*")) if path.is_file() and not _is_documentation(path.relative_to(place))]
    for path in found:
        if path.suffix in _REFUSED:
            raise InvalidInput("model.file_refused", suffix=path.suffix)
    if not any(path.suffix == _WEIGHTS for path in found):
        raise InvalidInput("model.no_weights")
    return {path.relative_to(place).as_posix(): _digest(path) for path in found}


def _is_documentation(path: Path) -> bool:
    """Return whether no pipeline reads such a file: it is of a kind for people, or hidden (what a download left)."""
    return path.suffix.lower() in _DOCUMENTATION or any(part.startswith(".") for part in path.parts)


def _size(place: Path) -> int:
    """Return the bytes of the weights, from which an engine's memory is estimated."""
    return sum(path.stat().st_size for path in place.rglob(f"*{_WEIGHTS}"))


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
