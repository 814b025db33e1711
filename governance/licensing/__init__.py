"""What may be used: licences of base models, rights in pictures. Unknown is no.

Words: *Licence* (an id, its clauses as data), *RightsBasis* (on what ground a studio holds a picture), *Decision* (allow,
allow with duties, needs review, deny, with the clauses and the digest of the rules).
"""
