"""Sessions in a table of ours: the key begins with the tenant's id, the row knows only its digest.

So the session itself says which tenant's walls to stand in before anything is read, and who reads the table gets no
key. How long it lasts is its studio's policy, asked before its use is noted, so that one who comes too late does not renew
it by coming; use is noted at most once a minute, in a short transaction of its own. Used as Django's SESSION_ENGINE.
"""

import contextlib
import hashlib
import re
import secrets
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase
from django.db import IntegrityError, connection
from django.utils import timezone

from access.gate import LONGEST
from access.models import Session
from access.proofs import OPENED_BY
from access.sealed import open_secret, seal_secret
from access.services.admitting import policy_here
from kernel.scope import Scope, entered, open_scope, tenant_scope

NOTED_EVERY: Final = timedelta(minutes=1)
# allauth keeps a seed here between showing it and its first code; as any other seed it lies sealed.
_SEALED: Final = SECRET_SESSION_KEY
_KEY: Final = re.compile(r"([0-9a-f]{32})[0-9a-f]{48}")


def tenant_of(key: str | None) -> UUID | None:
    """Return the tenant that a session key names, or None."""
    form = _KEY.fullmatch(key or "")
    return UUID(hex=form[1]) if form else None


class SessionStore(SessionBase):
    """One session; `tenant` and where it comes from are set by the middleware for a new one."""

    def __init__(
        self, session_key: str | None = None, *, tenant: UUID | None = None, agent: str = "", address: str | None = None
    ) -> None:
        super().__init__(session_key)
        self.tenant = tenant or tenant_of(session_key)
        self.agent, self.address = agent, address
        # Set by loading a session that its studio's policy has ended.
        self.is_outdated = False

    @property
    def digest(self) -> str:
        """What its row knows of the key; empty before there is one."""
        return _digest(self.session_key) if self.session_key else ""

    def load(self) -> dict[str, Any]:
        row = self._row()
        if row is None:
            self._session_key = None
            return {}
        self._note_use(row)
        content: dict[str, Any] = row.content
        if self.tenant is not None and _SEALED in content:
            content[_SEALED] = open_secret(content[_SEALED], tenant=self.tenant)
        return content

    def goes_on(self) -> bool:
        """Return whether its row is still there and its studio's policy lets it last; to be asked is no use of it."""
        return self._row() is not None

    def exists(self, session_key: str) -> bool:
        with _inside(tenant_of(session_key)):
            return bool(Session.objects.filter(digest=_digest(session_key)).exists())

    def create(self) -> None:
        if self.tenant is None:
            return
        self._session_key = self.tenant.hex + secrets.token_hex(24)
        self.modified = True
        self.save(must_create=True)

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002  # Django's signature
        if self.session_key is None:
            self.create()
            return
        content = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # Django's own, missing in its stubs
        values = {"content": self._kept(content), "user_id": _user(content), "seen": timezone.now(), **_opened_by(content)}
        try:
            with _inside(self.tenant):
                known = Session.objects.filter(digest=_digest(self.session_key))
                if not known.update(**values) and must_create:
                    Session.objects.create(
                        digest=_digest(self.session_key), expires=timezone.now() + LONGEST, agent=self.agent,
                        address=self.address, **values,
                    )  # fmt: skip
        except IntegrityError:
            raise CreateError from None

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        tenant = tenant_of(key)
        if key is None or tenant is None:
            return
        with _inside(tenant):
            Session.objects.filter(digest=_digest(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Expired rows go with the tenant's standing ticket."""

    def cycle_key(self) -> None:
        content, old = self._session, self.session_key  # type: ignore[attr-defined]  # Django's own, missing in its stubs
        self.create()
        self._session_cache = content
        self.save()
        if old:
            self._go_on_from(old)
            self.delete(old)

    def flush(self) -> None:
        self.clear()
        self.delete()
        self._session_key = None

    def _go_on_from(self, old: str) -> None:
        """A new key for somebody who is signed in is the same session: neither younger nor from elsewhere."""
        with _inside(self.tenant):
            before = Session.objects.filter(digest=_digest(old), user_id__isnull=False)
            row = before.values("user_id", "created", "expires", "provider_id", "provider_session").first()
            if row is not None:
                Session.objects.filter(digest=self.digest, user_id=row.pop("user_id")).update(**row)

    def _kept(self, content: dict[str, Any]) -> dict[str, Any]:
        kept = dict(content)
        if self.tenant is not None and _SEALED in kept:
            kept[_SEALED] = seal_secret(kept[_SEALED], tenant=self.tenant)
        return kept

    def _note_use(self, row: Session) -> None:
        now = timezone.now()
        if now - row.seen > NOTED_EVERY and not connection.in_atomic_block:
            with _inside(self.tenant):
                Session.objects.filter(pk=row.pk).update(seen=now)

    def _row(self) -> Session | None:
        if self.session_key is None or tenant_of(self.session_key) is None:
            return None
        now = timezone.now()
        with _inside(self.tenant):
            row: Session | None = Session.objects.filter(digest=_digest(self.session_key)).first()
            if row is None:
                return None
            lasts = row.expires > now and policy_here().lasts(created=row.created, seen=row.seen, now=now)
        if not lasts:
            self.is_outdated = True
            return None
        return row


def _inside(tenant: UUID | None) -> contextlib.AbstractContextManager[object]:
    scope = open_scope()
    if tenant is None or (scope is not None and scope.tenant == tenant):
        return contextlib.nullcontext()
    if connection.in_atomic_block:
        return entered(Scope(tenant, "app.tenant", str(tenant)))
    return tenant_scope(tenant)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _user(content: dict[str, Any]) -> UUID | None:
    return UUID(content[SESSION_KEY]) if content.get(SESSION_KEY) else None


def _opened_by(content: dict[str, Any]) -> dict[str, Any]:
    """Return the columns by which an identity provider ends what it has opened."""
    opened = content.get(OPENED_BY) or {}
    return {"provider_id": opened["provider"], "provider_session": opened["session"]} if opened else {}
