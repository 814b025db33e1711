"""Four eyes: somebody asks, somebody else decides. Words: *Approval* (open, approved, rejected), *subject*."""
