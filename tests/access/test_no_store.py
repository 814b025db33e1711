"""Nothing that the API answers stays in a browser or a proxy, whatever the answer is."""

import uuid

import pytest
from django.test import Client


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("session", 200), ("projects/{project}/assets", 200), ("projects/{project}/models", 200), ("openapi.json", 200),
        ("projects/{project}/assets/{nothing}", 404), ("projects/{nothing}", 404), ("nowhere", 404),
    ],
)  # fmt: skip
def test_every_answer_of_the_api_says_that_it_is_not_to_be_kept(studio, api, path, status):
    for prefix in ("", f"/s/{studio.slug}"):
        answer = api(studio, "alice").get(f"{prefix}/api/v1/{path.format(project=studio.project, nothing=uuid.uuid4())}")
        assert answer.status_code == status
        assert "no-store" in answer.headers["Cache-Control"]


def test_a_refusal_and_a_library_route_are_not_kept_either(studio):
    refused = Client().get(f"/api/v1/projects/{studio.project}")
    assert (refused.status_code, refused.headers["Cache-Control"]) == (401, "no-store")
    assert "no-store" in Client().get(f"/s/{studio.slug}/_allauth/browser/v1/auth/session").headers["Cache-Control"]
    assert Client().get("/s/no-such-studio/api/v1/session").headers["Cache-Control"] == "no-store"


def test_an_event_stream_is_not_kept_and_the_health_page_says_nothing_of_it(studio):
    from access.api.events import event_stream

    alice = studio.actor("alice")
    stream = event_stream(alice, row=uuid.uuid4(), state=lambda _: "queued", anew=lambda: alice)
    assert stream.headers["Cache-Control"] == "no-store"
    assert "Cache-Control" not in Client().get("/health").headers
