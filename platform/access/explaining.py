"""Why somebody may or may not do something: decided from what he holds, without asking anything.

It says what `rights` and a token would, never more; what is not known is no.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from access.models import Held
from access.roles import NOT_FOR_PROGRAMS, OF_THE_PERSON, SEPARATED, STEP_UP, Permission, by_token
from access.rules import Kind


class Why(StrEnum):
    """What decided."""

    GRANTED = "granted"
    NOT_GRANTED = "not_granted"
    ENDED = "ended"
    SEPARATED = "separated"
    SUSPENDED = "suspended"
    ORPHANED = "orphaned"
    NOT_IN_PROJECT = "not_in_project"
    NOT_FOR_PROGRAMS = "not_for_programs"
    TOKEN_OF_ANOTHER_PROJECT = "token_of_another_project"  # noqa: S105  # a word, no token
    TOKEN_WITHOUT_IT = "token_without_it"  # noqa: S105
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Carrying:
    """How far the token reaches by which somebody asks about himself."""

    scope: frozenset[Permission]
    project: UUID | None


@dataclass(frozen=True)
class Asked:
    """What is asked about whom: a permission, in a project or the whole studio, perhaps by a token."""

    permission: Permission
    project: UUID | None
    is_there: bool
    kind: Kind
    is_active: bool
    # Whether this is a program for which nobody answers.
    is_orphaned: bool = False
    token: Carrying | None = None


@dataclass(frozen=True)
class Void:
    """A permission that the asked one never meets, and what gives it."""

    permission: Permission
    held: tuple[Held, ...]


@dataclass(frozen=True)
class Explanation:
    """The answer, and every grant that speaks for it or against it."""

    allowed: bool
    why: Why
    gives: tuple[Held, ...] = ()
    voided_by: tuple[Void, ...] = ()
    ended: tuple[Held, ...] = ()
    step_up: bool = False


def explain(asked: Asked, *, ever_held: Collection[Held], now: datetime) -> Explanation:
    """Return the answer; `ever_held` are all grants of the person, ended ones too."""
    at_all = [one for one in ever_held if asked.permission in OF_THE_PERSON or one.counts_at(asked.project)]
    counting = [one for one in at_all if is_live(one, now)]
    gives = tuple(one for one in counting if asked.permission in one.permissions)
    voids = tuple(
        Void(first, tuple(one for one in counting if first in one.permissions))
        for first, second in SEPARATED
        if second is asked.permission and gives and any(first in one.permissions for one in counting)
    )
    ended = tuple(one for one in at_all if not is_live(one, now) and asked.permission in one.permissions)
    why = _why(asked, is_inside=_is_inside(asked, ever_held, now), gives=gives, voids=voids, ended=ended)
    return Explanation(why is Why.GRANTED, why, gives, voids, ended, step_up=asked.permission in STEP_UP)


def is_live(held: Held, now: datetime) -> bool:
    """Return whether a grant still counts."""
    return held.expires is None or held.expires > now


def _is_inside(asked: Asked, ever_held: Collection[Held], now: datetime) -> bool:
    if asked.project is None:
        return True
    return asked.is_there and any(is_live(one, now) and one.counts_at(asked.project) for one in ever_held)


def _why(  # noqa: PLR0911  # one line for each answer, the first that holds
    asked: Asked, *, is_inside: bool, gives: tuple[Held, ...], voids: tuple[Void, ...], ended: tuple[Held, ...]
) -> Why:
    if not is_inside:
        return Why.NOT_IN_PROJECT
    if not asked.is_active:
        return Why.SUSPENDED
    if asked.is_orphaned:
        return Why.ORPHANED
    if not gives:
        return Why.ENDED if ended else Why.NOT_GRANTED
    if voids:
        return Why.SEPARATED
    if asked.kind is not Kind.PERSON and asked.permission in NOT_FOR_PROGRAMS:
        return Why.NOT_FOR_PROGRAMS
    if asked.token is not None:
        return _by_token(asked, asked.token)
    return Why.GRANTED


def _by_token(asked: Asked, token: Carrying) -> Why:
    if token.project not in {None, asked.project}:
        return Why.TOKEN_OF_ANOTHER_PROJECT
    carried = by_token(frozenset({asked.permission}), scope=token.scope, is_bound=token.project is not None)
    return Why.GRANTED if asked.permission in carried else Why.TOKEN_WITHOUT_IT
