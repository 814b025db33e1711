"""The process that holds the keys. Nobody imports it; it is asked over a socket.

Words: *root* (from a keyring file), *tenant key*, *project key* v1..n, *subject key* (a person in a project), *people
key* (a person in a tenant), *secrets key* (machine secrets), *data key* (one per object version, wrapped under one of
these), *tombstone* (what remains of a destroyed key).
"""
