"""The vault's verbs."""

from tenants.vault.services.opening import SealedFile, keys_for, open_bytes, open_one
from tenants.vault.services.passing import Sealer, open_passing, sealer
from tenants.vault.services.sealing import Sealed, keep, seal
from tenants.vault.services.showing import Picture, for_eyes_of
from tenants.vault.services.standing import discard, sweep, withdraw
from tenants.vault.services.views import close_views, view

__all__ = [
    "Picture",
    "Sealed",
    "SealedFile",
    "Sealer",
    "close_views",
    "discard",
    "for_eyes_of",
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
