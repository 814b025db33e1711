"""What somebody may use in a project, and how much a day, decided on plain values.

A project without any row is unlimited. Where there are rows, a person has what the rows that match her give together: her
own, her groups', and everybody's; the union of lists, the largest of numbers. Whom no row matches may use nothing, so that
a row for one group is also a closed door for all others. The studio's quota binds over all projects besides.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, TypeVar
from uuid import UUID

from kernel.errors import Fact

Named = TypeVar("Named")


class Feature(StrEnum):
    """What a person may ask a device for. Evaluations follow from trainings, and nobody asks for them."""

    TEXT_TO_IMAGE = "text_to_image"
    TRAINING = "training"
    REPLAY = "replay"


class Reason(StrEnum):
    """Which limit says no."""

    NONE = "allowance.none"
    FEATURE = "allowance.feature"
    BASE = "allowance.base"
    ADAPTER = "allowance.adapter"
    PICTURES = "allowance.pictures"
    DEVICE = "allowance.device"
    STUDIO_PICTURES = "quota.pictures"
    STUDIO_DEVICE = "quota.device"


# What time alone opens again: a training that meets one of these rests, and is not lost.
OF_DEVICE_TIME: Final = frozenset({Reason.DEVICE, Reason.STUDIO_DEVICE})


@dataclass(frozen=True)
class Limits:
    """What may be used, and how much a day; None is no limit, an empty set is nothing."""

    bases: frozenset[UUID] | None = None
    adapters: frozenset[UUID] | None = None
    features: frozenset[Feature] | None = None
    pictures_a_day: int | None = None
    device_seconds_a_day: int | None = None

    def said(self) -> dict[str, list[str] | int | None]:
        """Return it as rows and entries hold it."""
        return {
            "bases": _listed(self.bases), "adapters": _listed(self.adapters), "features": _listed(self.features),
            "pictures_a_day": self.pictures_a_day, "device_seconds_a_day": self.device_seconds_a_day,
        }  # fmt: skip


# As a row's, it adds to no other row's, and keeps a project limited that has no other.
NOTHING: Final = Limits(frozenset(), frozenset(), frozenset(), 0, 0)


@dataclass(frozen=True)
class Row:
    """Limits and whose they are: a person's, a group's, or everybody's when it names neither."""

    limits: Limits
    person: UUID | None = None
    group: UUID | None = None

    def is_of(self, person: UUID, groups: Collection[UUID]) -> bool:
        """Return whether it matches a person in these groups."""
        return (self.person, self.group) == (None, None) or self.person == person or self.group in groups


@dataclass(frozen=True)
class Use:
    """What is asked for: a feature with its models, and how many pictures."""

    feature: Feature
    base: UUID | None = None
    adapters: tuple[UUID, ...] = ()
    pictures: int = 0


@dataclass(frozen=True)
class Used:
    """What was used today."""

    pictures: int = 0
    device_milliseconds: int = 0


@dataclass(frozen=True)
class Day:
    """What counts of today: the person's own use of the project, the studio's of all, and the studio's quota."""

    now: datetime
    own: Used = Used()
    studio: Used = Used()
    quota: Limits = Limits()

    @property
    def opens(self) -> datetime:
        """Return when the next day begins."""
        midnight = self.now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + timedelta(days=1)


@dataclass(frozen=True)
class Verdict:
    """Allowed when there is no code; else which limit says no, with its numbers and when it opens again, or which model."""

    code: Reason | None = None
    model: UUID | None = None
    most: int | None = None
    used: int | None = None
    opens: datetime | None = None

    @property
    def allowed(self) -> bool:
        """Return whether nothing stands against it."""
        return self.code is None

    def facts(self) -> dict[str, Fact]:
        """Return what there is to tell besides the code."""
        told: dict[str, Fact] = {
            "model": None if self.model is None else str(self.model), "most": self.most, "used": self.used,
            "opens": None if self.opens is None else self.opens.isoformat().replace("+00:00", "Z"),
        }  # fmt: skip
        return {name: value for name, value in told.items() if value is not None}


def limits_for(rows: Collection[Row], *, person: UUID, groups: Collection[UUID]) -> Limits | None:
    """Return what a project's rows give a person together, or None where there are rows and none matches her."""
    if not rows:
        return Limits()
    own = [row.limits for row in rows if row.is_of(person, groups)]
    if not own:
        return None
    return Limits(
        bases=_union(one.bases for one in own),
        adapters=_union(one.adapters for one in own),
        features=_union(one.features for one in own),
        pictures_a_day=_largest(one.pictures_a_day for one in own),
        device_seconds_a_day=_largest(one.device_seconds_a_day for one in own),
    )


def decide(use: Use, *, limits: Limits | None, day: Day) -> Verdict:
    """Return the first limit that says no, or that nothing does."""
    if limits is None:
        return Verdict(Reason.NONE)
    if limits.features is not None and use.feature not in limits.features:
        return Verdict(Reason.FEATURE)
    return _of_models(use, limits) or _of_numbers(use, limits, day) or Verdict()


def may_use(limits: Limits | None, *, base: UUID | None = None, adapter: UUID | None = None) -> bool:
    """Return whether a model is among those that may be used, whatever was used today."""
    if limits is None:
        return False
    return (base is None or limits.bases is None or base in limits.bases) and (
        adapter is None or limits.adapters is None or adapter in limits.adapters
    )


def _of_models(use: Use, limits: Limits) -> Verdict | None:
    if not may_use(limits, base=use.base):
        return Verdict(Reason.BASE, model=use.base)
    refused = [one for one in use.adapters if not may_use(limits, adapter=one)]
    return Verdict(Reason.ADAPTER, model=refused[0]) if refused else None


def _of_numbers(use: Use, limits: Limits, day: Day) -> Verdict | None:
    for most, used, code in (
        (limits.pictures_a_day, day.own.pictures, Reason.PICTURES),
        (day.quota.pictures_a_day, day.studio.pictures, Reason.STUDIO_PICTURES),
    ):
        if most is not None and use.pictures and used + use.pictures > most:
            return Verdict(code, most=most, used=used, opens=day.opens)
    for most, milliseconds, code in (
        (limits.device_seconds_a_day, day.own.device_milliseconds, Reason.DEVICE),
        (day.quota.device_seconds_a_day, day.studio.device_milliseconds, Reason.STUDIO_DEVICE),
    ):
        if most is not None and milliseconds >= most * 1000:
            return Verdict(code, most=most, used=milliseconds // 1000, opens=day.opens)
    return None


def _union(lists: Iterable[frozenset[Named] | None]) -> frozenset[Named] | None:
    given = list(lists)
    return None if None in given else frozenset().union(*(one for one in given if one is not None))


def _largest(numbers: Iterable[int | None]) -> int | None:
    given = list(numbers)
    return None if None in given else max(one for one in given if one is not None)


def _listed(names: Collection[object] | None) -> list[str] | None:
    return None if names is None else sorted(str(one) for one in names)
