"""What may be asked and shown: keyword rules on a skeleton of the text, thresholds on a picture's scores.

Words: *Policy* (a version of the rules, per tenant, never changed once in force), *Verdict* (allowed or not, with
reasons), *skeleton* (the text as an evader cannot vary it).
"""
