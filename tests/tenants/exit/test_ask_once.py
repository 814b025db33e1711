"""A bundle is asked for once with one key, whatever comes how often."""

import uuid

import pytest

from kernel.errors import Conflict
from tenants.exit import services as leaving


def test_the_same_key_asks_for_one_bundle(trained, api):
    key = {"Idempotency-Key": uuid.uuid4().hex}
    path = f"/api/v1/projects/{trained.studio.project}/exits"
    lena = api(trained.studio, "lena")
    first, again = (lena.post(path, {"model": str(trained.model)}, content_type="application/json", headers=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    assert lena.post(path, {"model": str(trained.model)}, content_type="application/json").json()["id"] != first.json()["id"]
    with pytest.raises(Conflict, match=r"idempotency\.key_reused"):
        leaving.request(trained.studio.actor("lena"), model=uuid.uuid4(), key=key["Idempotency-Key"])
