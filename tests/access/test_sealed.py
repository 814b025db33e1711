"""Machine secrets at rest: they open for their tenant alone, and only as they were sealed."""

import base64
import json

import pytest
from django.test import override_settings

from access.sealed import open_secret, seal_secret
from kernel.errors import GuildhallError, VerificationFailed


@pytest.fixture(autouse=True)
def as_the_web_asks(keeper):
    with override_settings(KEEPER_TOKEN=bytes.fromhex(keeper.tokens.drawn["web"])):
        yield


def test_a_secret_comes_back_and_is_not_readable_at_rest(studio):
    sealed = seal_secret("seed of Ann's phone, ünïcode", tenant=studio.tenant)
    assert open_secret(sealed, tenant=studio.tenant) == "seed of Ann's phone, ünïcode"
    assert b"phone" not in base64.b64decode(sealed)
    assert sealed != seal_secret("seed of Ann's phone, ünïcode", tenant=studio.tenant)


def test_it_opens_for_no_other_tenant(studio, elsewhere):
    sealed = seal_secret("seed", tenant=studio.tenant)
    with pytest.raises(GuildhallError):
        open_secret(sealed, tenant=elsewhere.tenant)


@pytest.mark.parametrize("part", ["object", "wrapped", "sealed"])
def test_a_changed_one_does_not_open(studio, part):
    parts = json.loads(base64.b64decode(seal_secret("seed", tenant=studio.tenant)))
    other = json.loads(base64.b64decode(seal_secret("other", tenant=studio.tenant)))
    mixed = base64.b64encode(json.dumps(parts | {part: other[part]}).encode()).decode()
    with pytest.raises(GuildhallError):
        open_secret(mixed, tenant=studio.tenant)


@pytest.mark.parametrize("text", ["", "not base64!", base64.b64encode(b"{}").decode(), base64.b64encode(b"[1]").decode()])
def test_what_is_no_secret_is_refused(studio, text):
    with pytest.raises(VerificationFailed):
        open_secret(text, tenant=studio.tenant)


def test_a_worker_opens_none(keeper, studio):
    sealed = seal_secret("seed", tenant=studio.tenant)
    with override_settings(KEEPER_TOKEN=bytes.fromhex(keeper.tokens.drawn["worker"])), pytest.raises(GuildhallError):
        open_secret(sealed, tenant=studio.tenant)
