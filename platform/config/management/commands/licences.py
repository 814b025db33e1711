"""Looks at the licences of everything that ships or is installed: the Python lock, the npm lock, weights.

AGPL, GPL, non-commercial and unknown fail; LGPL and MPL pass.
"""

import json
import re
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

GOOD: Final = re.compile(
    r"\b(MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|LGPL|Lesser General|Unlicense|Zlib|0BSD|CC0|BlueOak|HPND|"
    r"CMU|Public Domain|CNRI|ZPL|WTFPL|MIT-0|OFL|Boost|BSL-1\.0|PostgreSQL|CC-BY-4\.0|CC-BY-3\.0|Python-2\.0)\b", re.IGNORECASE
)  # fmt: skip
BAD: Final = re.compile(r"\bA?GPL|General Public|non-?commercial|CC-BY-NC|proprietary", re.IGNORECASE)
LESSER: Final = re.compile(r"LGPL|Lesser General", re.IGNORECASE)
# Packages whose metadata say nothing, and what their files say.
READ_BY_HAND: Final = {
    "guildhall": "Apache-2.0",
    "qrcode": "BSD-3-Clause",
    "resvg_py": "MIT",
    "sigstore-models": "MIT",
    "bazel-runfiles": "Apache-2.0",
    "tink": "Apache-2.0",
}


class Command(BaseCommand):
    help = "Fails on a licence that may not ship."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        wrong = [*_python(settings.ROOT / "constraints.txt"), *_npm(settings.ROOT / "frontend" / "package-lock.json")]
        wrong += _weights(settings.STARTER_MODEL.parent / "MODEL_CARD.md")
        for line in wrong:
            self.stdout.write(line)
        if wrong:
            raise CommandError(f"{len(wrong)} licences may not ship or are unknown")
        self.stdout.write("all licences may ship")


def _python(lock: Path) -> list[str]:
    wrong = []
    for line in lock.read_text(encoding="utf-8").splitlines():
        name = line.partition("==")[0].strip()
        if not name or name.startswith("#"):
            continue
        try:
            said = _said(metadata.distribution(name))
        except metadata.PackageNotFoundError:
            continue
        if not _may_ship(READ_BY_HAND.get(name.lower(), said)):
            wrong.append(f"python {name}: {said or 'says nothing'}")
    return wrong


def _said(package: metadata.Distribution) -> str:
    about: Any = package.metadata  # a message, whose stub lacks the methods
    expression = about.get("License-Expression") or ""
    classifiers = " ".join(line for line in about.get_all("Classifier") or [] if line.startswith("License"))
    text = (about.get("License") or "")[:200]
    return f"{expression} {classifiers} {text}".strip()


def _npm(lock: Path) -> list[str]:
    if not lock.exists():
        return []
    packages: dict[str, dict[str, Any]] = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    return [
        f"npm {name}: {about.get('license', 'says nothing')}"
        for name, about in packages.items()
        if name and not about.get("optional") and not _may_ship(str(about.get("license", "")))
    ]


def _weights(card: Path) -> list[str]:
    if not card.exists():
        return ["weights: the model card is missing"]
    return [] if "Apache-2.0" in card.read_text(encoding="utf-8") else ["weights: the card names no licence"]


def _may_ship(said: str) -> bool:
    without_lesser = LESSER.sub("", said)
    is_choice = re.search(r"\bOR\b", said) is not None
    return bool(GOOD.search(said)) and (is_choice or not BAD.search(without_lesser))
