import pytest

from tests.workers.engine.slots.stage import Stage


@pytest.fixture(scope="session")
def stages(toys):
    """A toy of each family in this process, with its slots."""
    return {family: Stage.of(folder, family) for family, folder in toys.items()}


@pytest.fixture
def stage(stages):
    return stages["sd1"]
