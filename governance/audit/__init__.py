"""The ledger: one C2SP transparency log per tenant, the floor under everything that happens.

It knows ids, digests and commitments, never content and never foreign keys: rows may go and keys be shredded above it,
and the log still verifies. Words: *entry* (one recorded fact), *leaf* (its place in the tree), *tile*, *checkpoint*,
*proof*; states of an entry: *recorded* → *integrated* → *published*.
"""
