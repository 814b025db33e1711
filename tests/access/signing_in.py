"""A browser at a studio's address, for the tests of this room."""

import base64
import hashlib
import hmac
import json
import time

from django.core.cache import cache
from django.test import Client

from access import services as access
from access.models import User
from kernel.scope import statement_scope
from tests.factories.studio import PASSWORD

LIBRARY = "/_allauth/browser/v1"


def code_of(secret, at):
    """Return the code of a seed at a time, per RFC 6238 (SHA-1, 30 s, six digits)."""
    counted = hmac.new(base64.b32decode(secret), int(at // 30).to_bytes(8, "big"), hashlib.sha1).digest()
    start = counted[-1] & 0x0F
    return f"{(int.from_bytes(counted[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


class Browser:
    """Keeps cookies and sends the CSRF token, as the portal does."""

    def __init__(self, slug, **client):
        self.slug, self.client = slug, Client(enforce_csrf_checks=True, **client)
        self.secret = None

    def sign_in(self, who, password=PASSWORD, *, factor=False):
        """Sign in; with `factor`, by the seed that this browser knows, or after enrolling one."""
        answer = self.post(f"{LIBRARY}/auth/login", {"email": f"{who}@example.com", "password": password})
        if not factor:
            return answer
        if answer.status_code == 401 and self.secret:
            return self.post(f"{LIBRARY}/auth/2fa/authenticate", {"code": self.code()})
        return self.enrol(password)

    def enrol(self, password=PASSWORD):
        """Add an authenticator app, and show its first code; the browser keeps the seed."""
        seed = self.get(f"{LIBRARY}/account/authenticators/totp").json()["meta"]["secret"]
        assert self.post(f"{LIBRARY}/auth/reauthenticate", {"password": password}).status_code == 200
        added = self.post(f"{LIBRARY}/account/authenticators/totp", {"code": code_of(seed, self._safe_now())})
        assert added.status_code == 200, added.content
        self.secret = seed
        return self.step_up()

    def step_up(self):
        """Show the second factor again, as a deed asks for that needs a fresh one."""
        shown = self.post(f"{LIBRARY}/auth/2fa/reauthenticate", {"code": self.code()})
        assert shown.status_code == 200, shown.content
        return shown

    def code(self):
        """Return the code of now. It may have been shown before: a person waits for the next, a test forgets that it was."""
        code = code_of(self.secret, self._safe_now())
        with statement_scope(access.studio(self.slug)):
            for person in User.objects.values_list("pk", flat=True):
                cache.delete(f"allauth.mfa.totp.used?user={person}&code={code}")
        return code

    def get(self, path):
        return self.client.get(f"/s/{self.slug}{path}")

    def post(self, path, body, method="post"):
        if "csrftoken" not in self.client.cookies:
            self.get("/")
        return getattr(self.client, method)(
            f"/s/{self.slug}{path}",
            json.dumps(body),
            content_type="application/json",
            headers={"X-CSRFToken": self.client.cookies["csrftoken"].value},
        )

    @property
    def key(self):
        return self.client.cookies["guildhall_session"].value

    @staticmethod
    def _safe_now():
        """A code that ends while it travels is refused: rather wait for the next one."""
        left = 30 - time.time() % 30
        if left < 0.5:
            time.sleep(left)
        return time.time()
