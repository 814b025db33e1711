"""The root of our exceptions: a code for machines, facts for people, and no HTTP.

Facts are numbers, ids and closed words. A prompt, caption, file name, picture or key never stands in one, because
errors reach logs.
"""

from typing import ClassVar

Fact = str | int | float | bool | None


class GuildhallError(Exception):
    """A caller broke its promise, or the world failed."""

    default_code: ClassVar[str] = "failed"

    def __init__(self, code: str | None = None, **facts: Fact) -> None:
        self.code = code or self.default_code
        self.facts = facts
        super().__init__(self.code)

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code} ({told})" if told else self.code


class NotFound(GuildhallError):
    """Nothing of that id exists for who asks."""

    default_code = "not_found"


class Forbidden(GuildhallError):
    """The person is known and may not do this."""

    default_code = "forbidden"


class Unauthenticated(GuildhallError):
    """Nobody has shown who they are."""

    default_code = "unauthenticated"


class Conflict(GuildhallError):
    """The thing is not in a state in which this can be done."""

    default_code = "conflict"


class InvalidInput(GuildhallError):
    """What was sent cannot be used; the facts name what to mend."""

    default_code = "invalid_input"


class NoScope(GuildhallError):
    """A tenant's table was asked outside any scope."""

    default_code = "scope.missing"


class LeaseLost(GuildhallError):
    """The lease that this work stood on has ended."""

    default_code = "lease.lost"


class KeeperRefused(GuildhallError):
    """The keeper's rules do not allow this key."""

    default_code = "keeper.refused"


class KeeperUnavailable(GuildhallError):
    """The keeper does not answer; the same request may be tried again."""

    default_code = "keeper.unavailable"


class VerificationFailed(GuildhallError):
    """Something signed, sealed or committed is not what it says."""

    default_code = "verification.failed"
