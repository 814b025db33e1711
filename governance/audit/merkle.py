"""Merkle trees of RFC 6962 §2.1: hashes, inclusion and consistency proofs, and their checks. Standard library only.

A tree is read through `hash_at(level, index)`: the hash of the full subtree of 2^level leaves at that index, so that
the same code proves from a list, from tiles on disk or from rows. Checks need nothing but the proof.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Final

EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
HashAt = Callable[[int, int], bytes]


class ProofError(ValueError):
    """The proof does not show what it is said to show."""


def leaf_hash(entry: bytes) -> bytes:
    """Return SHA-256(0x00 ‖ entry)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(hash_at: HashAt, size: int) -> bytes:
    """Return the root of the first `size` leaves."""
    return EMPTY_ROOT if size == 0 else _range(hash_at, 0, size)


def inclusion(hash_at: HashAt, index: int, size: int) -> list[bytes]:
    """Return the audit path of leaf `index` in the tree of `size` leaves. Raises ValueError outside the tree."""
    if not 0 <= index < size:
        raise ValueError("the index lies outside the tree")
    return _path(hash_at, index, 0, size)


def consistency(hash_at: HashAt, first: int, second: int) -> list[bytes]:
    """Return the proof that the tree of `first` leaves is a beginning of the one of `second`."""
    if not 0 < first <= second:
        raise ValueError("the first size must be positive and at most the second")
    return [] if first == second else _subproof(hash_at, first, 0, second, whole=True)


def check_inclusion(leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], root_hash: bytes) -> None:
    """Raise ProofError unless `proof` leads from the leaf hash to the root (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        raise ProofError("the index lies outside the tree")
    node, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            raise ProofError("the proof is too long")
        if node & 1 or node == last:
            found = node_hash(step, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, step)
        node, last = node >> 1, last >> 1
    if last != 0 or found != root_hash:
        raise ProofError("the proof does not lead to the root")


def check_consistency(*, first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]) -> None:  # noqa: C901  # the specification in its own steps
    """Raise ProofError unless `proof` shows that the first tree is a beginning of the second (RFC 9162 §2.1.4.2)."""
    if not 0 < first <= second:
        raise ProofError("the first size must be positive and at most the second")
    if first == second:
        if proof or first_root != second_root:
            raise ProofError("equal sizes need equal roots and no proof")
        return
    steps = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    if not steps:
        raise ProofError("the proof is empty")
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise ProofError("the proof is too long")
        if node & 1 or node == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, step)
        node, last = node >> 1, last >> 1
    if last != 0 or old != first_root or new != second_root:
        raise ProofError("the proof does not connect the two roots")


def hashes_of(leaves: Sequence[bytes]) -> HashAt:
    """Return a reader over leaf hashes in memory; each inner hash is computed once."""
    known: dict[tuple[int, int], bytes] = {}

    def hash_at(level: int, index: int) -> bytes:
        if level == 0:
            return leaves[index]
        if (level, index) not in known:
            known[level, index] = node_hash(hash_at(level - 1, 2 * index), hash_at(level - 1, 2 * index + 1))
        return known[level, index]

    return hash_at


def split(size: int) -> int:
    """Return the largest power of two below `size` (at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def _range(hash_at: HashAt, start: int, end: int) -> bytes:
    size = end - start
    if size & (size - 1) == 0 and start % size == 0:
        return hash_at(size.bit_length() - 1, start // size)
    middle = start + split(size)
    return node_hash(_range(hash_at, start, middle), _range(hash_at, middle, end))


def _path(hash_at: HashAt, index: int, start: int, end: int) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + split(end - start)
    if index < middle:
        return [*_path(hash_at, index, start, middle), _range(hash_at, middle, end)]
    return [*_path(hash_at, index, middle, end), _range(hash_at, start, middle)]


def _subproof(hash_at: HashAt, first: int, start: int, end: int, *, whole: bool) -> list[bytes]:
    if first == end:
        return [] if whole else [_range(hash_at, start, end)]
    middle = start + split(end - start)
    if first <= middle:
        return [*_subproof(hash_at, first, start, middle, whole=whole), _range(hash_at, middle, end)]
    return [*_subproof(hash_at, first, middle, end, whole=False), _range(hash_at, start, middle)]
