"""What an engine answers when it cannot: a code and numbers, never a word of what it was given."""


class EngineError(Exception):
    """A request that cannot be done; trying again would end the same."""

    def __init__(self, code: str, **facts: int | str) -> None:
        self.code, self.facts = code, facts
        super().__init__(code)


class Cancelled(EngineError):
    """Nobody wants it any more."""

    def __init__(self) -> None:
        super().__init__("cancelled")


class Paused(Exception):  # no error: a long work gives way
    """A training gives way and hands over its state."""
