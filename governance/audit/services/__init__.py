"""The ledger's verbs: append, find, integrate, prove, list, export."""

from governance.audit.services.append import append
from governance.audit.services.export import export_log, export_slice, log_files, slice_files
from governance.audit.services.integrate import integrate_once
from governance.audit.services.prove import Proof, checkpoint, consistency, entry_bundle, prove, tile
from governance.audit.services.read import Filter, RecordedEntry, entries, find

__all__ = [
    "Filter",
    "Proof",
    "RecordedEntry",
    "append",
    "checkpoint",
    "consistency",
    "entries",
    "entry_bundle",
    "export_log",
    "export_slice",
    "find",
    "integrate_once",
    "log_files",
    "prove",
    "slice_files",
    "tile",
]
