"""Canonical bytes against the vectors of RFC 8785, and commitments against known answers and guesses."""

import hashlib
import json
import uuid
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import canonical

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "canonical.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS["encode"], ids=lambda one: one["name"])
def test_known_bytes(vector):
    assert canonical.encode(json.loads(vector["json"])) == bytes.fromhex(vector["hex"])


@pytest.mark.parametrize("vector", VECTORS["commitment"], ids=lambda one: one["field"])
def test_known_commitments(vector):
    opening = bytes.fromhex(vector["opening"])
    made = canonical.commitment(
        vector["field"], tenant=uuid.UUID(vector["tenant"]), value=bytes.fromhex(vector["value"]), opening=opening
    )
    assert made == vector["commitment"]


@pytest.mark.parametrize("vector", VECTORS["objects_digest"], ids=lambda one: one["name"])
def test_known_digests_of_objects(vector):
    assert canonical.objects_digest(uuid.UUID(one) for one in vector["objects"]) == vector["digest"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, {1: "a"}, object(), b"bytes"])
def test_what_json_cannot_carry_is_refused(value):
    with pytest.raises(ValueError):
        canonical.encode(value)


# A whole float from 2^53 on reads back as an integer, which canonical JSON refuses: facts keep to smaller numbers.
FLOATS = st.floats(-(2.0**52), 2.0**52)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | FLOATS | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_reading_back_and_writing_again_changes_no_byte(value):
    written = canonical.encode(value)
    assert canonical.encode(json.loads(written)) == written


@given(st.dictionaries(st.text(), st.integers(0, 9), max_size=6), st.randoms())
def test_the_order_of_keys_does_not_matter(value, random):
    items = list(value.items())
    random.shuffle(items)
    assert canonical.encode(dict(items)) == canonical.encode(value)


def test_a_commitment_hides_and_binds():
    tenant = uuid.uuid4()
    first, second = (canonical.hide("prompt", tenant=tenant, value=b"fox") for _ in range(2))
    assert first.commitment != second.commitment
    assert len(first.opening) == 32
    opened = {"tenant": tenant, "value": b"fox", "opening": first.opening}
    assert canonical.commitment("prompt", **opened) == first.commitment
    for changed in ({"tenant": uuid.uuid4()}, {"value": b"owl"}, {"opening": second.opening}):
        assert canonical.commitment("prompt", **(opened | changed)) != first.commitment
    assert canonical.commitment("negative", **opened) != first.commitment
    assert hashlib.sha256(b"fox").hexdigest() != first.commitment


def test_a_set_of_objects_has_one_digest_in_any_order():
    ids = [uuid.uuid4() for _ in range(5)]
    assert canonical.objects_digest(ids) == canonical.objects_digest([*reversed(ids), ids[0]])
    assert canonical.objects_digest(ids) != canonical.objects_digest(ids[1:])
