"""Requests over HTTP: who may ask, what is refused, what comes back; each refusal beside the same by who may."""

import uuid

import pytest
from django.conf import settings
from django.test import Client

from governance.audit import services as audit
from governance.moderation.default_policy import DEFAULT
from tenants.registry import services as registry


@pytest.fixture
def base(studio):
    owner = studio.actor("tom", project=False)
    return registry.register_base(owner, folder=settings.STARTER_MODEL, name="Starter", licence="Apache-2.0")


@pytest.fixture
def call(studio):
    """Call the API of the studio's project as one of its people."""

    def ask(who, method, path, body=None, **headers):
        sent = {"Authorization": f"Bearer {studio.token(who)}", **headers}
        url = f"/api/v1/projects/{studio.project}/{path}"
        return getattr(Client(), method)(url, data=body, content_type="application/json", headers=sent)

    return ask


def order(base, **more):
    return {"prompt": "a red apple", "base": str(base.pk), "steps": 4, "seed": 5, "width": 64, "height": 64} | more


def test_an_artist_asks_and_sees_what_she_typed(call, base):
    answer = call("alice", "post", "generations", order(base, count=2, negative="blue"))
    assert answer.status_code == 201
    first, second = answer.json()["results"]
    assert (first["state"], first["prompt"], first["negative"], first["seed"]) == ("queued", "a red apple", "blue", 5)
    assert second["seed"] == 6
    listed = call("alice", "get", "generations").json()["results"]
    assert {row["id"] for row in listed} >= {first["id"], second["id"]}
    assert call("alice", "get", f"generations/{first['id']}").json()["preview_url"].endswith("/preview")


def test_the_same_key_asks_once(call, base):
    key = {"Idempotency-Key": uuid.uuid4().hex}
    first = call("alice", "post", "generations", order(base), **key).json()["results"]
    again = call("alice", "post", "generations", order(base), **key).json()["results"]
    assert [row["id"] for row in first] == [row["id"] for row in again]


def test_a_refused_prompt_is_recorded_with_the_words_it_is_about(studio, call, base):
    phrase = DEFAULT.rules[0].phrase
    answer = call("alice", "post", "generations", order(base, prompt=f"a picture of {phrase.upper()} please"))
    assert answer.status_code == 201
    (row,) = answer.json()["results"]
    assert row["state"] == "refused"
    assert {"rule": DEFAULT.rules[0].id, "span": phrase.upper()} in row["reasons"]
    with studio.actor("alice").reading():
        kinds = [entry.kind for entry in audit.entries(audit.Filter(project=studio.project))]
    assert "generation.refused" in kinds


@pytest.mark.parametrize(
    "wrong",
    [{"steps": 0}, {"width": 63}, {"guidance": 99}, {"seed": -1}, {"prompt": ""}, {"scheduler": "magic"}, {"count": 99}],
)
def test_what_cannot_be_made_is_said_at_once(call, base, wrong):
    answer = call("alice", "post", "generations", order(base, **wrong))
    assert answer.status_code in {400, 422}
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_an_unknown_model_does_not_exist(call, base):
    assert call("alice", "post", "generations", order(base) | {"base": str(uuid.uuid4())}).status_code == 404


def test_one_cancels_ones_own_once(call, base):
    (row,) = call("alice", "post", "generations", order(base)).json()["results"]
    assert call("tina", "post", f"generations/{row['id']}/cancel").status_code == 404
    assert call("alice", "post", f"generations/{row['id']}/cancel").json()["state"] == "cancelled"
    assert call("alice", "post", f"generations/{row['id']}/cancel").status_code == 409


def test_a_lead_sees_the_projects_requests_an_artist_her_own(call, base):
    (row,) = call("alice", "post", "generations", order(base)).json()["results"]
    assert call("tina", "get", f"generations/{row['id']}").status_code == 404
    assert call("lena", "get", f"generations/{row['id']}").status_code == 200


def test_a_browser_listens_to_a_request(call, base):
    """What `EventSource` sends: it accepts nothing but events. What is refused is said as a problem all the same."""
    (row,) = call("alice", "post", "generations", order(base)).json()["results"]
    answer = call("alice", "get", f"generations/{row['id']}/events", Accept="text/event-stream")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/event-stream")
    refused = call("tina", "get", f"generations/{row['id']}/events", Accept="text/event-stream")
    assert (refused.status_code, refused.headers["Content-Type"]) == (404, "application/problem+json")


def test_mallory_finds_nothing(studio, elsewhere, call, base):
    (row,) = call("alice", "post", "generations", order(base)).json()["results"]
    where = f"/api/v1/projects/{studio.project}/generations"
    for path in (where, f"{where}/{row['id']}", f"{where}/{row['id']}/preview", f"{where}/{row['id']}/events"):
        sent = {"Authorization": f"Bearer {elsewhere.token('alice')}"}
        assert Client().get(path, headers=sent).status_code == 404
        assert Client().get(path).status_code == 401
        assert Client().get(f"/api/v1/projects/{elsewhere.project}/generations", headers=sent).status_code == 200
    assert Client().post(where, order(base), content_type="application/json", headers=sent).status_code == 404


def test_models_are_listed_and_bases_are_not_decided(call, base):
    (row,) = [one for one in call("alice", "get", "models").json()["results"] if one["id"] == str(base.pk)]
    assert (row["kind"], row["state"], row["licence"], row["may_decide"]) == ("base", "approved", "Apache-2.0", False)
    assert all(one["kind"] == "adapter" for one in call("alice", "get", "models?kind=adapter").json()["results"])
    assert call("lena", "post", f"models/{base.pk}/decision", {"approve": True, "reason": ""}).status_code == 404
    assert call("alice", "post", f"models/{base.pk}/decision", {"approve": True, "reason": ""}).status_code == 403


def test_an_asset_that_is_none(call, base):
    assert set(call("alice", "get", "assets").json()) == {"next", "previous", "results"}
    assert call("alice", "get", f"assets/{uuid.uuid4()}").status_code == 404
    assert call("alice", "post", f"assets/{uuid.uuid4()}/replay").status_code == 404
    assert call("alice", "post", f"assets/{uuid.uuid4()}/withdraw").status_code == 403
