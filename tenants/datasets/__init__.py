"""What models learn from: pictures with captions and the right on which they are held.

Words: *Dataset* (open, then frozen: nothing changes after), *item* (a picture, its caption, its rights basis), *refused*
(a picture that cannot be used, named with what to do; the rest goes on).
"""
