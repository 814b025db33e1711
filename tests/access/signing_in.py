"""A browser at a studio's address, for the tests of this room."""

import json

from django.test import Client

from tests.factories.studio import PASSWORD


class Browser:
    """Keeps cookies and sends the CSRF token, as the portal does."""

    def __init__(self, slug):
        self.slug, self.client = slug, Client(enforce_csrf_checks=True)

    def sign_in(self, who, password=PASSWORD):
        return self.post("/_allauth/browser/v1/auth/login", {"email": f"{who}@example.com", "password": password})

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
