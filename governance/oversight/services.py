"""Reads a tenant's ledger for those who may: entries, proofs, checkpoints, tiles."""

import io
import zipfile
from dataclasses import replace
from uuid import UUID

from access.actor import Actor
from access.roles import Permission
from governance.audit import services as audit
from governance.audit.services import Filter, Proof, RecordedEntry
from governance.audit.services.prove import Published
from governance.audit.tiles import TileAt
from kernel.errors import NotFound


def browse(actor: Actor, wanted: Filter) -> list[RecordedEntry]:
    """Return entries of the Actor's tenant, newest first; of his project alone when he has one."""
    actor.require(Permission.LEDGER_READ)
    return audit.entries(_reached(actor, wanted))


def entry(actor: Actor, entry_id: UUID) -> RecordedEntry:
    """Return one entry. Raises NotFound."""
    actor.require(Permission.LEDGER_READ)
    found = audit.entries(_reached(actor, replace(Filter(limit=1), entry=entry_id)))
    if not found:
        raise NotFound("entry.unknown")
    return found[0]


def prove(actor: Actor, entry_id: UUID) -> Proof:
    """Return an entry's proof under the newest checkpoint. Raises NotFound for an entry out of his reach."""
    return audit.prove(entry(actor, entry_id).id)


def checkpoint(actor: Actor) -> Published:
    """Return the newest checkpoint."""
    actor.require(Permission.LEDGER_READ)
    return audit.checkpoint()


def consistency(actor: Actor, *, first: int, second: int) -> list[bytes]:
    """Return the proof that one size continues another."""
    actor.require(Permission.LEDGER_READ)
    return audit.consistency(first, second)


def whole(actor: Actor) -> bytes:
    """Return the tenant's whole log up to its newest checkpoint as a ZIP that the stand-alone verifier reads."""
    actor.require(Permission.LEDGER_READ)
    if actor.project is not None:
        raise NotFound("ledger.tenant_wide")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, content in audit.log_files(audit.checkpoint()):
            packed.writestr(path, content)
    return out.getvalue()


def tile(actor: Actor, wanted: TileAt | None) -> bytes:
    """Return a tile. Raises NotFound for a path that names none, and where the log does not reach."""
    actor.require(Permission.LEDGER_READ)
    return audit.tile(_named(wanted))


def entry_bundle(actor: Actor, wanted: TileAt | None) -> bytes:
    """Return the entries below a tile of level 0: the whole studio's, so none for who acts in one project."""
    actor.require(Permission.LEDGER_READ)
    if actor.project is not None:
        raise NotFound("ledger.tenant_wide")
    return audit.entry_bundle(_named(wanted))


def _named(wanted: TileAt | None) -> TileAt:
    if wanted is None:
        raise NotFound("tile.not_there")
    return wanted


def _reached(actor: Actor, wanted: Filter) -> Filter:
    # A token that is bound to a project acts in it everywhere, so the studio's other entries are out of its reach.
    if actor.project is None:
        return wanted
    if wanted.project not in {None, actor.project}:
        raise NotFound("project.unknown")
    return replace(wanted, project=actor.project)
