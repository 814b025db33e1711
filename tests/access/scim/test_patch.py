"""PATCH (RFC 7644, 3.5.2), and the forms in which Okta and Entra ID document theirs."""

import uuid

import pytest

from tests.access.scim.saying import is_error

# Each: what is sent to a person Bob Roe (bob@example.com, externalId e1), and what of her is otherwise afterwards.
PERSON = {
    "entra disables, in words": ([{"op": "Replace", "path": "active", "value": "False"}], {"active": False}),
    "entra says it without a path": ([{"op": "replace", "value": {"active": "false"}}], {"active": False}),
    "okta deactivates": ([{"op": "replace", "value": {"active": False}}], {"active": False}),
    "entra replaces the address": (
        [{"op": "Replace", "path": 'emails[type eq "work"].value', "value": "b@x.example"}],
        {"emails": [{"value": "b@x.example", "type": "work"}]},
    ),
    "entra updates several": (
        [
            {"op": "Replace", "path": "displayName", "value": "Robert"},
            {"op": "Replace", "path": "name.givenName", "value": "Robert"},
            {"op": "Add", "path": "name.familyName", "value": "Row"},
            {"op": "Replace", "path": "name.formatted", "value": "anything"},
        ],
        {"displayName": "Robert", "name": {"givenName": "Robert", "familyName": "Row"}},
    ),
    "entra names paths without a path": (
        [
            {"op": "replace", "value": {"name.givenName": "Rob", 'emails[type eq "work"].value': "r@x.example"}},
            {"op": "replace", "value": {"displayName": "Rob"}},
        ],
        {
            "name": {"givenName": "Rob", "familyName": "Roe"}, "displayName": "Rob",
            "emails": [{"value": "r@x.example", "type": "work"}],
        },
    ),
    "entra sends what is not kept": (
        [
            {"op": "Add", "path": 'phoneNumbers[type eq "work"].value', "value": "1"}, {"op": "Add", "path": "title", "value": "T"},
            {"op": "Add", "path": 'addresses[type eq "work"].formatted', "value": "A"},
            {"op": "Add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "value": "D"},
            {"op": "Add", "path": 'roles[primary eq "True"].value', "value": "owner"},
        ],
        {},
    ),
    "okta replaces all without a path": (
        [{"op": "replace", "value": {"id": "x", "schemas": ["y"], "userName": "bob2", "groups": [{"value": "z"}]}}],
        {"userName": "bob2"},
    ),
    "a home address is none of work": ([{"op": "add", "path": "emails", "value": [{"type": "home", "value": "h@x.example"}]}], {}),
    "a primary address comes before": (
        [{"op": "add", "path": "emails", "value": {"type": "home", "value": "h@x.example", "primary": True}}],
        {"emails": [{"value": "h@x.example", "type": "work"}]},
    ),
    "by the schema's name": (
        [{"op": "replace", "path": "urn:ietf:params:scim:schemas:core:2.0:User:name.familyName", "value": "R"}],
        {"name": {"givenName": "Bob", "familyName": "R"}},
    ),
    "names in any case": ([{"OP": "REPLACE", "Path": "DISPLAYNAME", "Value": "B"}], {"displayName": "B"}),
    "a name is removed": ([{"op": "remove", "path": "name"}], {"name": None}),
    "a part of it is removed": ([{"op": "remove", "path": "name.givenName"}], {"name": {"familyName": "Roe"}}),
    "an id of the directory's is removed": ([{"op": "remove", "path": "externalId"}], {"externalId": None}),
    "an address is removed, the name is one": (
        [{"op": "replace", "path": "userName", "value": "c@x.example"}, {"op": "remove", "path": 'emails[type eq "work"]'}],
        {"userName": "c@x.example", "emails": [{"value": "c@x.example", "type": "work"}]},
    ),
    "null is nothing": ([{"op": "replace", "path": "name", "value": None}], {"name": None}),
}  # fmt: skip
REFUSED = {
    "no such attribute": ({"op": "replace", "path": "shoeSize", "value": 5}, "invalidPath"),
    "no such part": ({"op": "replace", "path": "name.shoeSize", "value": 5}, "invalidPath"),
    "no path": ({"op": "replace", "path": "name[", "value": 5}, "invalidPath"),
    "a filter on one value": ({"op": "replace", "path": 'userName[value eq "x"]', "value": "y"}, "invalidPath"),
    "another schema": ({"op": "replace", "path": "urn:example:User:name", "value": "y"}, "invalidPath"),
    "the schema itself": ({"op": "replace", "path": "urn:ietf:params:scim:schemas:core:2.0:User", "value": {}}, "invalidPath"),
    "a broken filter": ({"op": "replace", "path": "emails[type].value", "value": "y"}, "invalidFilter"),
    "no such value": ({"op": "replace", "path": 'emails[type eq "home"].value', "value": "y@x.example"}, "noTarget"),
    "nothing to remove": ({"op": "remove"}, "noTarget"),
    "what is read only": ({"op": "replace", "path": "groups", "value": []}, "mutability"),
    "the id": ({"op": "replace", "path": "id", "value": "x"}, "mutability"),
    "no value": ({"op": "add", "path": "displayName"}, "invalidValue"),
    "no attributes": ({"op": "add", "value": "x"}, "invalidValue"),
    "no userName": ({"op": "remove", "path": "userName"}, "invalidValue"),
    "no true or false": ({"op": "replace", "path": "active", "value": "perhaps"}, "invalidValue"),
    "no such verb": ({"op": "move", "path": "displayName", "value": "x"}, "invalidSyntax"),
    "no text as a path": ({"op": "add", "path": 5, "value": "x"}, "invalidSyntax"),
}


def bob(own):
    tag = uuid.uuid4().hex
    said = {
        "userName": f"{tag}@example.com",
        "externalId": "e1",
        "displayName": "Bob",
        "name": {"givenName": "Bob", "familyName": "Roe"},
    }
    return own.post("/Users", said).json()


def without(said, *names):
    return {name: value for name, value in said.items() if name not in {"meta", *names}}


@pytest.mark.parametrize("form", PERSON)
def test_a_person_is_changed(own, form):
    operations, after = PERSON[form]
    before = bob(own)
    answer = own.patch(f"/Users/{before['id']}", *operations)
    assert answer.status_code == 200, answer.content
    assert without(answer.json(), *after) == without(before, *after)
    assert {name: answer.json().get(name) for name in after} == after
    assert own.get(f"/Users/{before['id']}").json() == answer.json()


@pytest.mark.parametrize("form", REFUSED)
def test_a_change_that_cannot_be_is_refused_whole(shared, form):
    operation, why = REFUSED[form]
    before = bob(shared)
    first = {"op": "replace", "path": "displayName", "value": "Changed"}
    is_error(shared.patch(f"/Users/{before['id']}", first, operation), 400, why)
    assert shared.get(f"/Users/{before['id']}").json() == before


@pytest.mark.parametrize("body", [{}, {"Operations": []}, {"schemas": [], "Operations": [{"op": "add"}]}, {"Operations": [5]}])
def test_what_is_no_patch_is_refused(shared, body):
    is_error(shared.ask("patch", f"/Users/{bob(shared)['id']}", body), 400, "invalidSyntax")


def test_members_come_and_go_as_each_directory_says_it(own):
    one, two, three = (own.person(name)["id"] for name in ("one", "two", "three"))
    where = f"/Groups/{own.group('Artists')['id']}"

    def after(*operations):
        answer = own.patch(where, *operations)
        assert answer.status_code == 200, answer.content
        return {known["value"] for known in answer.json().get("members", ())}

    assert after({"op": "Add", "path": "members", "value": [{"$ref": None, "value": one}]}) == {one}  # Entra ID
    assert after({"op": "add", "path": "members", "value": [{"value": two, "display": "two"}]}) == {one, two}  # Okta
    assert after({"op": "add", "value": {"members": [{"value": three}]}}) == {one, two, three}
    assert after({"op": "add", "path": "members", "value": [{"value": three}]}) == {one, two, three}
    assert after({"op": "Remove", "path": "members", "value": [{"$ref": None, "value": three}]}) == {one, two}  # Entra ID
    assert after({"op": "remove", "path": f'members[value eq "{two}"]'}) == {one}  # Okta and Entra ID
    assert after({"op": "remove", "path": f'members[value eq "{two}"]'}) == {one}
    assert after({"op": "replace", "path": "members", "value": [{"value": two}, {"value": three}]}) == {two, three}  # Okta
    assert after({"op": "replace", "value": {"id": "x", "displayName": "Painters"}}) == {two, three}  # Okta renames
    assert own.get(where).json()["displayName"] == "Painters"
    assert after({"op": "remove", "path": "members"}) == set()
    is_error(own.patch(where, {"op": "add", "path": "members", "value": [{"value": str(uuid.uuid4())}]}), 400, "invalidValue")
    is_error(own.patch(where, {"op": "replace", "path": f'members[value eq "{one}"].type', "value": "x"}), 400, "mutability")
