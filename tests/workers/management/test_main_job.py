"""What the main job may suppose of a base and of pictures, and what must be said."""

import shutil

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from governance.licensing.rules import RightsBasis
from workers.management.commands import main_job

OPTIONS = {
    "pictures": main_job.DEMO_PICTURES, "base": settings.STARTER_MODEL, "licence": None, "rights": None, "prompt": None, "steps": 3,
    "learning_rate": None, "side": 64, "name": "Foxes",
}  # fmt: skip


@pytest.fixture
def foreign(tmp_path):
    """A base of somebody's own: the starter's files elsewhere."""
    return shutil.copytree(settings.STARTER_MODEL, tmp_path / "base")


def test_the_starter_and_the_demos_pictures_are_known():
    plan = main_job._plan(OPTIONS)
    assert (plan.licence, plan.rights) == ("Apache-2.0", RightsBasis.OPEN_LICENCE)


def test_a_foreign_base_has_no_licence_unless_it_is_said(foreign):
    with pytest.raises(CommandError, match=r"--licence, one of: .*LicenseRef-CreativeML-OpenRAIL-M"):
        main_job._plan(OPTIONS | {"base": foreign})
    assert main_job._plan(OPTIONS | {"base": foreign, "licence": "MIT"}).licence == "MIT"


def test_foreign_pictures_have_no_ground_unless_it_is_said(tmp_path):
    with pytest.raises(CommandError, match="--rights, one of: own_work, commissioned, licensed, public_domain, open_licence"):
        main_job._plan(OPTIONS | {"pictures": tmp_path})
    assert main_job._plan(OPTIONS | {"pictures": tmp_path, "rights": "licensed"}).rights is RightsBasis.LICENSED


def test_what_is_made_is_called_as_was_said_and_not_as_the_folder(tmp_path):
    secret = tmp_path / "the unannounced film"
    secret.mkdir()
    assert main_job._plan(OPTIONS | {"pictures": secret, "rights": "own_work"}).name == "Foxes"


def test_an_unknown_ground_is_no():
    with pytest.raises(CommandError, match="invalid choice: 'unknown'"):
        call_command("main_job", "--rights", "unknown")
