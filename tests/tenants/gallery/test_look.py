"""Looking at pictures over HTTP: what a browser may keep of them is nothing."""

import pytest
from django.conf import settings

from tenants.generations import services as generations
from tenants.registry import services as registry
from tests.factories.working import published


@pytest.fixture
def asset(studio, worker):
    base = registry.register_base(studio.actor("tom", project=False), folder=settings.STARTER_MODEL, name="S", licence="Apache-2.0")
    (row,) = generations.submit(studio.actor("alice"), order=generations.Order(prompt="a red apple", base=base.pk, seed=5))
    return published(worker, row)


@pytest.mark.parametrize("what", ["picture", "thumbnail"])
def test_an_opened_picture_is_kept_by_no_browser(studio, api, asset, what):
    answer = api(studio, "alice").get(f"/api/v1/projects/{studio.project}/assets/{asset.pk}/{what}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_what_is_said_of_a_picture_is_not_kept_either(studio, api, asset):
    for path in ("", f"/{asset.pk}"):
        answer = api(studio, "alice").get(f"/api/v1/projects/{studio.project}/assets{path}")
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    taken = api(studio, "alice").post(f"/api/v1/projects/{studio.project}/assets/{asset.pk}/download")
    assert "no-store" in taken.headers["Cache-Control"]
