"""A studio with its provisioning client, and a client that speaks SCIM over HTTP."""

import json

import pytest
from django.test import Client

from tests.factories.studio import found

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
MEDIA = "application/scim+json"


class Directory:
    """An identity provider's directory at a studio's address."""

    def __init__(self, studio, token):
        self.studio, self.token = studio, token

    def ask(self, method, path, body=None, **headers):
        sent = {} if body is None else {"data": json.dumps(body), "content_type": MEDIA}
        client = Client(headers={"Authorization": f"Bearer {self.token}", **headers})
        return getattr(client, method)(f"/s/{self.studio.slug}/scim/v2{path}", **sent)

    def get(self, path, **headers):
        return self.ask("get", path, **headers)

    def post(self, path, body, **headers):
        return self.ask("post", path, body, **headers)

    def patch(self, path, *operations, **headers):
        return self.ask("patch", path, {"schemas": [PATCH], "Operations": list(operations)}, **headers)

    def person(self, who, **said):
        """Add a person and return the resource."""
        made = self.post("/Users", {"schemas": [], "userName": f"{who}@example.com", "displayName": who.title(), **said})
        assert made.status_code == 201, made.content
        return made.json()

    def group(self, name, *members, **said):
        made = self.post("/Groups", {"displayName": name, "members": [{"value": one} for one in members], **said})
        assert made.status_code == 201, made.content
        return made.json()

    def names(self, query=""):
        answer = self.get(f"/Users{query}")
        assert answer.status_code == 200, answer.content
        return [one["userName"] for one in answer.json()["Resources"]]


def directory_of(studio):
    """Return a fresh client of a studio."""
    from access.services import provisioning

    issued = provisioning.issue(studio.actor("tom", project=False), name="Okta", days=30)
    return Directory(studio, issued.value)


@pytest.fixture
def own(keeper):
    """A studio of the test's own, provisioned."""
    return directory_of(found("Provisioned"))


@pytest.fixture(scope="module")
def shared(keeper):
    """One for tests that count nothing."""
    return directory_of(found("Shared"))


@pytest.fixture(scope="module")
def other(keeper):
    """Another studio, provisioned too."""
    return directory_of(found("Other"))


@pytest.fixture
def worker(services, as_login):
    """A worker's hands."""
    from tests.factories.working import Worker

    return Worker(services, as_login)
