"""People sign in here, with seeds that only `web` opens."""

import pytest


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
