"""People sign in here, with seeds that only `web` opens."""

import pytest

from tests.peers.fixtures import oidc_evil, oidc_peer, peers_authority, saml_peer

__all__ = ["oidc_evil", "oidc_peer", "peers_authority", "saml_peer"]


@pytest.fixture(autouse=True)
def people_ask_the_web(as_the_web_asks):
    """Everything in this room runs as the process that people meet."""


@pytest.fixture
def sink():
    """A mail server that is the installation's."""
    from django.test import override_settings

    from tests.access.mail_sink import Sink

    taking = Sink()
    with override_settings(**taking.settings):
        yield taking
    taking.shutdown()
    taking.server_close()


@pytest.fixture
def settings_of_peers(peers_authority):
    """The installation allows the peers' addresses and trusts their authority."""
    from django.test import override_settings

    with override_settings(OUTWARD_ALLOWED=["127.0.0.1"], OUTWARD_CA=str(peers_authority.file)):
        yield
