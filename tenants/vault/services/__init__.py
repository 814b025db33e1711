"""The vault's verbs."""

from tenants.vault.services.opening import SealedFile, keys_for, open_bytes, open_one
from tenants.vault.services.passing import Sealer, open_passing, sealer
from tenants.vault.services.sealing import Sealed, keep, seal
from tenants.vault.services.standing import discard, sweep, withdraw
from tenants.vault.services.views import close_views, view

__all__ = [
    "Sealed",
    "SealedFile",
    "Sealer",
    "close_views",
    "discard",
    "keep",
    "keys_for",
    "open_bytes",
    "open_one",
    "open_passing",
    "seal",
    "sealer",
    "sweep",
    "view",
    "withdraw",
]
