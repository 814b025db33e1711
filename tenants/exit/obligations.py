"""Fulfils what licences ask of who passes an adapter on: their texts, the base's own notices, who is to be named.

A text that we may hand on lies in `texts`; of the others the bundle gives name and address, and the file that came with
the base, if one did.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from governance.licensing.rules import LICENCES

_TEXTS: Final = Path(__file__).with_name("texts")
_ADDRESSES: Final = {
    "LicenseRef-CreativeML-OpenRAIL-M": "https://huggingface.co/spaces/CompVis/stable-diffusion-license",
    "LicenseRef-CreativeML-OpenRAIL++-M": "https://huggingface.co/stabilityai/stable-diffusion-xl-base-1.0/blob/main/LICENSE.md",
    "LicenseRef-OpenMDW-1.0": "https://openmdw.ai/license/1-0/",
}
_NOTICES: Final = ("LICENSE", "LICENCE", "NOTICE", "COPYING", "COPYRIGHT")
_MOST_BYTES: Final = 1 << 20


@dataclass(frozen=True)
class Source:
    """A picture that is held on an open licence: its author is named to whoever gets the adapter."""

    item: UUID
    filename: str


def texts(licences: Iterable[str]) -> dict[str, bytes]:
    """Return the licences' texts by their path in the bundle; of those that we have."""
    found = {one: _TEXTS / f"{one}.txt" for one in licences if one in LICENCES}
    return {f"licences/{one}.txt": path.read_bytes() for one, path in found.items() if path.is_file()}


def notices_of(folder: Path) -> dict[str, bytes]:
    """Return the licence and notice files that lie at the top of a base's folder, by their path in the bundle."""
    if not folder.is_dir():
        return {}
    files = [path for path in sorted(folder.iterdir()) if path.name.upper().startswith(_NOTICES) and path.is_file()]
    return {f"licences/base/{path.name}": path.read_bytes() for path in files if path.stat().st_size <= _MOST_BYTES}


def page(licences: Sequence[str], duties: Sequence[str], *, shipped: Iterable[str], sources: Sequence[Source]) -> str:
    """Return LICENCES.md: each licence with its text or address, the duties, and which pictures want their author named."""
    paths = sorted(shipped)
    held = "\n".join(f"- {_line(one, paths)}" for one in licences)
    own = "".join(f"- `{path}`, as it came with the base model\n" for path in paths if path.startswith("licences/base/"))
    owed = "\n".join(f"- {one}" for one in duties) or "- none"
    named = "\n".join(f"- {source.filename} (item {source.item})" for source in sources)
    thanks = (
        "\n# Pictures of others that it was trained on\n\n"
        "Held on open licences, which ask that authors be named. Keep this list, with the notices of where each came from:\n\n"
        f"{named}\n"
    )
    return (
        f"# Licences of the base model\n\n{held}\n{own}\n# What you must do when you pass the adapter on\n\n{owed}\n"
        f"{thanks if sources else ''}"
    )


def _line(licence: str, paths: Sequence[str]) -> str:
    name = LICENCES[licence].name if licence in LICENCES else licence
    path = f"licences/{licence}.txt"
    where = f"text in `{path}`" if path in paths else f"text at {_ADDRESSES.get(licence, 'its publisher')}"
    return f"{licence} ({name}): {where}"
