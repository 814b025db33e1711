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


@pytest.fixture
def platforms_people(keeper):
    """Return the platform's tenant with its operator and support."""
    from tests.factories.platform import platform

    return platform()


@pytest.fixture
def operator(platforms_people):
    return platforms_people.actor("opal", project=False)


@pytest.fixture
def of_platform(platforms_people):
    """Return an API client of one of the platform's people."""
    from django.test import Client

    return lambda who: Client(headers={"Authorization": f"Bearer {platforms_people.token(who)}"})
