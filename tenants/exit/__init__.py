"""Leaving with what is one's own: a bundle in standard formats that opens without us, after the licence gate.

Words: *exit* (a request to take something away), *bundle* (a ZIP with the model in two layouts, its card, licence duties,
lineage, signature and ledger slice), *hand over* (the bundle is streamed to the person, and recorded).
"""
