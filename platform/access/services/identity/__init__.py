"""Single sign-on: providers, what their groups give, captured domains, and whom an identity means."""

from access.services.identity.describing import Wanted
from access.services.identity.domains import WELL_KNOWN, claim_domain, prove_domain, release_domain
from access.services.identity.entrance import Opener, note_signed_out, offered, opener_of
from access.services.identity.linking import identities_of, link_identity, unlink_identity
from access.services.identity.mappings import Given, add_mapping, remove_mapping
from access.services.identity.providers import (
    add_provider,
    begin_test,
    change_provider,
    received,
    refresh_provider,
    remove_provider,
    the_provider,
)

__all__ = [
    "WELL_KNOWN",
    "Given",
    "Opener",
    "Wanted",
    "add_mapping",
    "add_provider",
    "begin_test",
    "change_provider",
    "claim_domain",
    "identities_of",
    "link_identity",
    "note_signed_out",
    "offered",
    "opener_of",
    "prove_domain",
    "received",
    "refresh_provider",
    "release_domain",
    "remove_mapping",
    "remove_provider",
    "the_provider",
    "unlink_identity",
]
