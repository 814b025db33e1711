"""The peers, for their own tests."""

from tests.peers.fixtures import oidc_evil, oidc_peer, peers_authority, saml_peer

__all__ = ["oidc_evil", "oidc_peer", "peers_authority", "saml_peer"]
