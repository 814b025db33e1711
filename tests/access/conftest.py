"""People sign in here, with seeds that only `web` opens."""

import pytest


@pytest.fixture(autouse=True)
def people_ask_the_web(as_the_web_asks):
    """Everything in this room runs as the process that people meet."""
