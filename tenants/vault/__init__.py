"""Where a tenant's content lies: sealed objects, whose keys the keeper holds.

Words: *seal* (encrypt into the store, outside a transaction, no row), *keep* (the row, inside the deed's transaction),
*open*, *view* (one entry per person, project and hour, under which pages are looked at), *sweep* (what was sealed and
never kept). An object's standing: kept, withdrawn, shredded.
"""
