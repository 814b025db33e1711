"""What the rooms of tenants share: a base to make pictures with, and a worker's hands."""

import pytest

from tests.factories.working import Worker


@pytest.fixture
def worker(services, as_login):
    return Worker(services, as_login)
