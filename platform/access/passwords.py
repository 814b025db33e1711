"""What no password may be: short, one that breaches brought to light, or made of words that anybody who guesses tries here.

No rule asks for kinds of signs. A password is looked at and never changed: it counts exactly as it was typed.
"""

import hashlib
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Final

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

# Beside these: the studio's name and address, and the person's name and e-mail address.
WORDS: Final = ("guildhall", "password", "passphrase", "studio", "atelier", "owner", "admin", "officer", "operator", "welcome")
LEAST_BESIDES: Final = 8
_SHORTEST_WORD: Final = 4
_ALIKE: Final = str.maketrans("013457@$!|", "oieastasii")
OURS: Final = Path(__file__).with_name("breached.txt")


def check(password: str, *, names: Iterable[str]) -> None:
    """Raise ValidationError, with a code for each reason, for what may not become a password of somebody with these names."""
    validate_password(password)
    if is_made_of(password, (*WORDS, *names)):
        raise ValidationError(gettext("This password is made of names that are known here."), code="password_of_known_words")


def is_made_of(password: str, names: Iterable[str]) -> bool:
    """Return whether so few letters and digits are left beside words out of these names that they are soon guessed.

    A look-alike is the letter that it stands for, and parts of a name count as the name does.
    """
    left = before = _folded(password)
    parts = {part for name in names for part in (*re.split(r"[\W_]+", _folded(name)), re.sub(r"[\W_]+", "", _folded(name)))}
    for part in sorted((part for part in parts if len(part) >= _SHORTEST_WORD), key=len, reverse=True):
        left = left.replace(part, " ")
    return left != before and sum(sign.isalnum() for sign in left) < LEAST_BESIDES


def take_exactly() -> None:
    """Have the sign-in library take passwords exactly as they were typed: its forms cut off spaces at both ends."""
    from allauth.headless.account import inputs  # noqa: PLC0415  # needs the app registry

    for form, field in (
        (inputs.LoginInput, "password"), (inputs.ResetPasswordInput, "password"),
        (inputs.ChangePasswordInput, "current_password"), (inputs.ChangePasswordInput, "new_password"),
    ):  # fmt: skip
        form.base_fields[field].strip = False


class Common(CommonPasswordValidator):
    """Refuses the 19,640 most common passwords of Django's list, also with digits and signs around them."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for one of them."""
        super().validate(password, user)  # type: ignore[arg-type]  # the list needs no person
        core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", password)
        if len(core) >= _SHORTEST_WORD:
            super().validate(core, user)  # type: ignore[arg-type]


class Breached:
    """Refuses what breaches brought to light: the 5,000 most frequent ones that are long enough, and the operator's own list."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for a password of a list, in its own letters or in small ones."""
        del user
        lists = [OURS, *([Path(settings.BREACHED_PASSWORDS)] if settings.BREACHED_PASSWORDS else [])]
        if any(is_listed(spelt, path) for path in lists for spelt in {password, password.lower()}):
            raise ValidationError(gettext("This password came to light in a breach."), code="password_breached")

    def get_help_text(self) -> str:
        """Return what a person is told beforehand."""
        return gettext("Your password can’t be one that came to light in a breach.")


def is_listed(password: str, path: Path) -> bool:
    """Return whether a file names a password: sorted lines that begin with its SHA-1 in hexadecimal, or a part of that.

    What stands behind a colon is not read: Have I Been Pwned gives its list away in this form. A look takes some forty reads,
    however long the list is.
    """
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file:
        low, high = 0, file.seek(0, os.SEEK_END)
        while low < high:
            middle = (low + high) // 2
            found = _digest_at(file, middle)
            low, high = (middle + 1, high) if found and found < wanted[: len(found)] else (low, middle)
        found = _digest_at(file, low)
        return bool(found) and wanted.startswith(found)


def _digest_at(file: BinaryIO, place: int) -> bytes:
    """Return the digest of the first line that begins here or later; nothing where none does."""
    file.seek(max(place - 1, 0))
    if place:
        file.readline()
    return file.readline().partition(b":")[0].strip().upper()


def _folded(text: str) -> str:
    return text.casefold().translate(_ALIKE)
