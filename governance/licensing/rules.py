"""Decides what licences and rights permit, on a table of what each licence says. Pure; unknown is *deny*.

SPDX has no id for OpenRAIL, FLUX or Stability licences: those are `LicenseRef-…` with the digest of the exact text.
A result is the strictest of all ancestors' (a merge may do what each of its parents may).
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

from kernel import canonical


class Result(StrEnum):
    """From best to worst."""

    ALLOW = "allow"
    ALLOW_WITH_DUTIES = "allow_with_duties"
    NEEDS_REVIEW = "needs_review"
    DENY = "deny"


class Purpose(StrEnum):
    """What somebody wants to do."""

    TRAIN = "train"
    GENERATE = "generate"
    EXPORT_ADAPTER = "export_adapter"
    EXPORT_PICTURE = "export_picture"


class RightsBasis(StrEnum):
    """On what ground a studio holds a picture."""

    OWN_WORK = "own_work"
    COMMISSIONED = "commissioned"
    LICENSED = "licensed"
    PUBLIC_DOMAIN = "public_domain"
    OPEN_LICENCE = "open_licence"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Licence:
    """What one licence says of each purpose, with the duties that flow down and the clauses that say so."""

    id: str
    name: str
    train: Result
    generate: Result
    export_adapter: Result
    export_picture: Result
    duties: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()

    def says(self, purpose: Purpose) -> Result:
        """Return what it says of a purpose."""
        result: Result = getattr(self, purpose.value)
        return result


@dataclass(frozen=True)
class Decision:
    """What may be done, what must be done with it, and by which rules that was found."""

    result: Result
    clauses: tuple[str, ...]
    duties: tuple[str, ...]
    rules_digest: str

    @property
    def allowed(self) -> bool:
        """Return whether it may be done at all."""
        return self.result in {Result.ALLOW, Result.ALLOW_WITH_DUTIES}


_OPEN: Final = (Result.ALLOW_WITH_DUTIES, Result.ALLOW, Result.ALLOW_WITH_DUTIES, Result.ALLOW)
_RAIL: Final = (Result.ALLOW_WITH_DUTIES, Result.ALLOW_WITH_DUTIES, Result.ALLOW_WITH_DUTIES, Result.ALLOW_WITH_DUTIES)
_RAIL_DUTIES: Final = ("pass on the licence's text", "pass on its use restrictions", "say that the model was changed")
_RAIL_CLAUSES: Final = ("§4", "§5", "Attachment A")

LICENCES: Final[dict[str, Licence]] = {
    licence.id: licence
    for licence in (
        Licence("Apache-2.0", "Apache License 2.0", *_OPEN, ("keep the notice", "pass on the licence's text"), ("Apache-2.0 §4",)),
        Licence("MIT", "MIT License", *_OPEN, ("keep the notice",), ("MIT",)),
        Licence("LicenseRef-OpenMDW-1.0", "OpenMDW 1.0", *_OPEN, ("keep the notice",), ("OpenMDW §2",)),
        Licence("LicenseRef-CreativeML-OpenRAIL-M", "CreativeML OpenRAIL-M", *_RAIL, _RAIL_DUTIES, _RAIL_CLAUSES),
        Licence("LicenseRef-CreativeML-OpenRAIL++-M", "CreativeML OpenRAIL++-M", *_RAIL, _RAIL_DUTIES, _RAIL_CLAUSES),
        Licence(
            "LicenseRef-FLUX-1-dev-Non-Commercial", "FLUX.1 [dev] Non-Commercial",
            Result.NEEDS_REVIEW, Result.NEEDS_REVIEW, Result.DENY, Result.NEEDS_REVIEW, ("name the vendor",), ("§2(d)", "§4(a)"),
        ),
        Licence(
            "LicenseRef-Stability-Community", "Stability AI Community",
            Result.NEEDS_REVIEW, Result.NEEDS_REVIEW, Result.NEEDS_REVIEW, Result.NEEDS_REVIEW,
            ("declare revenue below USD 1 M with its date", "register", "name the vendor"), ("§1", "§2"),
        ),
    )
}  # fmt: skip
_ORDER: Final = list(Result)
_TRAINABLE: Final = frozenset(RightsBasis) - {RightsBasis.UNKNOWN}


def rules_digest() -> str:
    """Return the digest of the table that decisions are made by."""
    return canonical.sha256_hex(canonical.encode({name: _plain(licence) for name, licence in sorted(LICENCES.items())}))


def decide(purpose: Purpose, *, licences: Iterable[str], rights: Iterable[RightsBasis] = ()) -> Decision:
    """Return the strictest of what all licences and rights say; an unknown one denies."""
    results, clauses, duties = [Result.ALLOW], [], []
    for name in dict.fromkeys(licences):
        licence = LICENCES.get(name)
        if licence is None:
            results.append(Result.DENY)
            clauses.append("the licence is unknown")
            continue
        results.append(licence.says(purpose))
        clauses += [f"{licence.id} {clause}" for clause in licence.clauses]
        duties += list(licence.duties) if licence.says(purpose) is Result.ALLOW_WITH_DUTIES else []
    if any(basis not in _TRAINABLE for basis in rights):
        results.append(Result.DENY)
        clauses.append("the right in a picture is unknown")
    return Decision(max(results, key=_ORDER.index), tuple(dict.fromkeys(clauses)), tuple(dict.fromkeys(duties)), rules_digest())


def _plain(licence: Licence) -> dict[str, object]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(licence).items()}
