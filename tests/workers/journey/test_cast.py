"""The demo's studio is made once, and again where the first try was interrupted."""

import json

import pytest
from django.conf import settings

from access import services as access
from workers.journey import cast


@pytest.fixture
def kept(keeper):
    path = settings.HERE.data / "demo.json"
    path.unlink(missing_ok=True)
    yield path
    path.unlink(missing_ok=True)


def test_an_interrupted_demo_does_not_block_the_next(kept, monkeypatch):
    whole = cast.access.create_project

    def interrupted(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(cast.access, "create_project", interrupted)
    with pytest.raises(KeyboardInterrupt):
        cast.demo("http://127.0.0.1:1")
    assert not kept.exists()
    monkeypatch.setattr(cast.access, "create_project", whole)
    made = cast.demo("http://127.0.0.1:1")
    assert made.slug.startswith("demo-studio-")
    assert json.loads(kept.read_text())["slug"] == made.slug
    assert kept.stat().st_mode & 0o077 == 0
    assert cast.demo("http://127.0.0.1:1") == made, "run again it repeats nothing"
    assert access.actor_for(made.people["alice"], tenant=made.tenant, project=made.project).tenant == made.tenant
