"""Every address of SCIM: 401 to all but a provisioning token of that studio, and another studio's row is one that there is not."""

import json
import uuid

import pytest
from django.test import Client
from django.urls import get_resolver

from access.services import provisioning
from tests.factories.studio import found
from tests.house.doors import VERBS, _routes

IDS = {"scim-user": "user", "scim-group": "group"}
NAMES = {"scim-schema": "urn:ietf:params:scim:schemas:core:2.0:User", "scim-type": "User", "scim-nowhere": "Devices"}
ROUTES = {
    pattern.name: "/" + route.removeprefix("scim/v2/")
    for route, pattern in _routes(get_resolver().url_patterns)
    if route.startswith("scim/")
}  # fmt: skip
BODIES = {
    "put": {"userName": "mallory@example.com", "displayName": "Mallory"},
    "patch": {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "value": {"displayName": "M"}}],
    },
}  # fmt: skip


class Side:
    """A studio, its directory's token, and one person and one group of it."""

    def __init__(self, name):
        self.studio = found(name)
        self.token = provisioning.issue(self.studio.actor("tom", project=False), name="Okta", days=1).value
        self.user = self.ask(
            "post", "/Users", {"userName": f"bob@{self.studio.slug}.example", "externalId": self.studio.slug}
        ).json()["id"]
        members = [{"value": self.user}]
        self.group = self.ask("post", "/Groups", {"displayName": f"G {self.studio.slug}", "members": members}).json()["id"]

    def ask(self, verb, path, body=None, *, token=None, **headers):
        headers |= {} if token == "" else {"Authorization": f"Bearer {token or self.token}"}  # nobody's
        sent = {} if body is None else {"data": json.dumps(body), "content_type": "application/scim+json"}
        return getattr(Client(headers=headers), verb)(f"/s/{self.studio.slug}/scim/v2{path}", **sent)


@pytest.fixture(scope="module")
def theirs(keeper):
    return Side("Theirs")


@pytest.fixture(scope="module")
def mallory(keeper):
    return Side("Mallory")


def address(name, side):
    row, word = getattr(side, IDS.get(name, ""), ""), NAMES.get(name, "")
    return ROUTES[name].replace("<str:resource>", row).replace("<str:name>", word).replace("<path:rest>", word)


def said(answer):
    return answer.status_code, answer.headers.get("Content-Type"), answer.content


@pytest.mark.parametrize("name", ROUTES)
def test_nobody_and_no_other_token_is_let_in(name, theirs, mallory):
    where = address(name, theirs)
    strangers = {
        "nobody": "", "another studio's": mallory.token, "a person's": theirs.studio.token("tom"),
        "an invented one": mallory.token[:-8] + "00000000", "no token": "x",
    }  # fmt: skip
    for verb in VERBS:
        answers = {who: said(theirs.ask(verb, where, token=token)) for who, token in strangers.items()}
        assert {status for status, *_ in answers.values()} == {401}, (verb, answers)
        assert len(set(answers.values())) == 1, (verb, answers)
        assert theirs.ask(verb, where, **{"If-Match": '"another"'}).status_code != 401  # which does nothing


def test_a_provisioning_token_opens_nothing_else(theirs):
    """Nor SCIM at an address that names no studio."""
    for where in ("/api/v1/session", "/api/v1/people", "/api/v1/projects", "/api/v1/provisioning"):
        assert Client(headers={"Authorization": f"Bearer {theirs.token}"}).get(f"/s/{theirs.studio.slug}{where}").status_code == 401
        assert Client(headers={"Authorization": f"Bearer {theirs.token}"}).get(where).status_code == 401
    assert Client(headers={"Authorization": f"Bearer {theirs.token}"}).get("/scim/v2/Users").status_code == 401


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize("verb", ["get", "put", "patch", "delete"])
def test_another_studios_row_is_one_that_there_is_not(name, verb, theirs, mallory):
    where = ROUTES[name].partition("<")[0]
    real = mallory.ask(verb, where + getattr(theirs, IDS[name]), BODIES.get(verb))
    for none in (str(uuid.uuid4()), "nothing", "00000000-0000-4000-8000-000000000001"):
        assert said(mallory.ask(verb, where + none, BODIES.get(verb))) == said(real)
    assert real.status_code == 404
    assert theirs.ask("get", where + getattr(theirs, IDS[name])).status_code == 200


def test_no_list_and_no_filter_reaches_another_studio(theirs, mallory):
    secrets = [theirs.user, theirs.group, theirs.studio.slug, str(theirs.studio.tenant)]
    filters = [
        f'userName eq "bob@{theirs.studio.slug}.example"', f'id eq "{theirs.user}"', f'externalId eq "{theirs.studio.slug}"',
        f'groups eq "{theirs.group}"', 'userName ne "x"', "not (id pr)", 'id ne "x" or active eq true',
    ]  # fmt: skip
    for text in filters:
        found_by = mallory.ask("get", "/Users?filter=" + text.replace(" ", "%20"))
        assert found_by.status_code == 200
        assert not [one for one in secrets if one.encode() in found_by.content], text
    group = mallory.ask("get", f"/Groups?filter=members%20eq%20%22{theirs.user}%22").json()
    assert group["totalResults"] == 0
    everything = mallory.ask("post", "/.search", {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]})
    assert not [one for one in secrets if one.encode() in everything.content]
    assert theirs.ask("get", f"/Groups?filter=members%20eq%20%22{theirs.user}%22").json()["totalResults"] == 1


def test_a_name_that_another_studio_has_is_free(theirs, mallory):
    taken = {"userName": f"bob@{theirs.studio.slug}.example"}
    assert theirs.ask("post", "/Users", taken).status_code == 409
    assert mallory.ask("post", "/Users", taken).status_code == 201
    group = {"displayName": f"G {theirs.studio.slug}"}
    assert theirs.ask("post", "/Groups", group).status_code == 409
    assert mallory.ask("post", "/Groups", group).status_code == 201


def test_another_studios_person_is_no_member(theirs, mallory):
    def of(person):
        return mallory.ask("post", "/Groups", {"displayName": str(uuid.uuid4()), "members": [{"value": person}]})

    assert said(of(theirs.user)) == said(of(str(uuid.uuid4())))
    assert of(theirs.user).status_code == 400
    assert of(mallory.user).status_code == 201
    ops = [{"op": "add", "path": "members", "value": [{"value": theirs.user}]}]
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": ops}
    assert mallory.ask("patch", f"/Groups/{mallory.group}", body).status_code == 400
