"""What may be asked and shown: keyword rules on how a text reads, thresholds on a picture's scores.

Words: *Policy* (a version of the rules, per tenant, never changed once in force), *Verdict* (allowed or not, with
reasons), *reading* (a text's plain letters, which no spelling can vary).
"""
