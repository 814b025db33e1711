from enum import StrEnum


class State(StrEnum):
    """Where a request to leave is."""

    QUEUED = "queued"
    REFUSED = "refused"
    READY = "ready"
    FAILED = "failed"
    HANDED_OVER = "handed_over"
