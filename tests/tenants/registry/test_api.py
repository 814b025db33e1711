"""What a page learns of a base before it asks for a picture or a training."""

import json
import shutil

import pytest
from django.conf import settings

from tenants.registry import services as registry
from tenants.registry.rules import own_side
from tenants.training.rules import TrainConfig


@pytest.fixture
def told(studio, api):
    """Register a folder as a base and return how the API tells of it."""

    def shown(folder):
        row = registry.register_base(studio.actor("tom", project=False), folder=folder, name="Base", licence="Apache-2.0")
        return api(studio, "alice").get(f"/api/v1/projects/{studio.project}/models/{row.pk}").json()

    return shown


@pytest.fixture
def other(tmp_path, monkeypatch):
    """A copy of the starter that is not the starter."""
    folder = tmp_path / "other"
    shutil.copytree(settings.STARTER_MODEL, folder)
    monkeypatch.setattr(settings, "MODEL_FOLDERS", [str(tmp_path)])
    return folder


def test_the_starter_tells_its_side_and_how_it_likes_to_be_trained(told):
    base = told(settings.STARTER_MODEL)
    assert (base["side"], base["trained_by"], base["trainer"]) == (96, None, "")
    assert base["suggested"] == {"learning_rate": 4e-3, "min_snr_gamma": 0.0}


def test_another_base_has_its_own_side_and_careful_habits(told, other):
    config = other / "unet" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"sample_size": 64}))
    base = told(other)
    assert base["side"] == 64 * 8
    assert base["suggested"] == {"learning_rate": 1e-4}


def test_a_base_that_does_not_say_its_side_has_none(told, other):
    config = other / "unet" / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "sample_size": None, "mark": 1}))
    assert told(other)["side"] is None


@pytest.mark.parametrize("unet", [{}, {"sample_size": [8, 16]}, {"sample_size": 0}, {"sample_size": "8"}])
def test_no_size_is_guessed(unet):
    assert own_side(unet, {"block_out_channels": [1, 2]}) is None
    assert own_side({"sample_size": 8}, {"block_out_channels": []}) is None


def test_what_is_suggested_can_be_asked_for():
    for folder in (settings.STARTER_MODEL, settings.ROOT):
        TrainConfig(**registry.habits_of(folder).told()).check()
