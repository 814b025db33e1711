"""Trees against RFC 6962's published vectors, and against each other for any shape."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.audit import merkle

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "merkle.json").read_text())
# The reference implementation of RFC 6962 publishes these leaves and roots.
LEAVES = [bytes.fromhex(leaf) for leaf in VECTORS["leaves"]]


def tree(leaves):
    return merkle.hashes_of([merkle.leaf_hash(leaf) for leaf in leaves])


@pytest.mark.parametrize("size", range(1, 9))
def test_published_roots(size):
    assert merkle.root(tree(LEAVES), size).hex() == VECTORS["roots"][size]


def test_the_empty_tree():
    assert merkle.root(tree([]), 0).hex() == VECTORS["roots"][0] == hashlib.sha256(b"").hexdigest()


def test_shared_vectors_hold():
    for case in VECTORS["inclusion"]:
        proof = [bytes.fromhex(one) for one in case["proof"]]
        root = bytes.fromhex(VECTORS["roots"][case["size"]])
        leaf = merkle.leaf_hash(LEAVES[case["index"]])
        merkle.check_inclusion(leaf, index=case["index"], size=case["size"], proof=proof, root_hash=root)
    for case in VECTORS["consistency"]:
        proof = [bytes.fromhex(one) for one in case["proof"]]
        first, second = case["first"], case["second"]
        roots = [bytes.fromhex(VECTORS["roots"][size]) for size in (first, second)]
        merkle.check_consistency(first=first, second=second, first_root=roots[0], second_root=roots[1], proof=proof)


@given(st.integers(1, 300), st.data())
def test_every_leaf_is_proved_and_no_other(size, data):
    leaves = [index.to_bytes(4, "big") for index in range(size)]
    index = data.draw(st.integers(0, size - 1))
    root = merkle.root(tree(leaves), size)
    proof = merkle.inclusion(tree(leaves), index, size)
    merkle.check_inclusion(merkle.leaf_hash(leaves[index]), index=index, size=size, proof=proof, root_hash=root)
    with pytest.raises(merkle.ProofError):
        merkle.check_inclusion(merkle.leaf_hash(b"other"), index=index, size=size, proof=proof, root_hash=root)
    if size > 1:
        with pytest.raises(merkle.ProofError):
            merkle.check_inclusion(merkle.leaf_hash(leaves[index]), index=index, size=size, proof=proof[:-1], root_hash=root)


@given(st.integers(1, 200), st.integers(1, 200))
def test_a_beginning_is_proved_and_a_rewritten_one_is_not(a, b):
    first, second = min(a, b), max(a, b)
    leaves = [index.to_bytes(4, "big") for index in range(second)]
    one, two = merkle.root(tree(leaves), first), merkle.root(tree(leaves), second)
    proof = merkle.consistency(tree(leaves), first, second)
    merkle.check_consistency(first=first, second=second, first_root=one, second_root=two, proof=proof)
    rewritten = merkle.root(tree([b"rewritten", *leaves[1:]]), first)
    with pytest.raises(merkle.ProofError):
        merkle.check_consistency(first=first, second=second, first_root=rewritten, second_root=two, proof=proof)
