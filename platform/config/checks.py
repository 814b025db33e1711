"""Refuses to start in production with debug on, a superuser's login, or the keeper's store inside the data folder."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def keeper_store_lies_elsewhere(**_: Any) -> list[CheckMessage]:
    """The keys never lie beside what they open."""
    if settings.KEEPER_STORE.is_relative_to(settings.HERE.data):
        return [Error("The keeper's store lies in the data folder: set GUILDHALL_KEEPER_STORE to a folder outside it.",
                      id="guildhall.E001")]  # fmt: skip
    return []


@register()
def production_is_meant(**_: Any) -> list[CheckMessage]:
    """What is comfortable on a laptop stops the start in production."""
    if not settings.PRODUCTION:
        return []
    wrong: list[CheckMessage] = []
    if settings.DEBUG:
        wrong.append(Error("GUILDHALL_DEBUG is on in production: unset it.", id="guildhall.E002"))
    if not settings.PUBLIC_URL.startswith("https://"):
        wrong.append(Error("GUILDHALL_URL must begin with https:// in production.", id="guildhall.E003"))
    if not settings.DATABASE_URL:
        wrong.append(Error("DATABASE_URL must be given in production.", id="guildhall.E004"))
    return wrong
