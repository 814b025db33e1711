"""The grammar by itself, fuzzed: whatever is sent is a query over the table or a refusal, and values are parameters."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from access.scim.errors import ScimError
from access.scim.filters import Both, Compare, Either, Not, Path, Present, Within, matches, parse, parse_path, to_q
from access.scim.patch import patched
from access.scim.schemas import GROUPS, USERS, person_in

MARK = "zq9marker"
WORDS = [
    "userName", "name.givenName", "emails", "emails[", "]", "(", ")", "and", "or", "not", "pr", "eq", "ne", "co", "sw", "gt",
    "true", "null", '"x"', f'"{MARK}"', "5", "-1.5e3", "meta.created", '"2020-01-01T00:00:00Z"', "active", "members",
    "groups.display", "kind", "tenant_id", "password", "urn:ietf:params:scim:schemas:core:2.0:User:userName", "'", ";", "--",
    "\\", "\x00", "é",
]  # fmt: skip
sentences = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)
paths = st.sampled_from(["userName", "displayName", "emails.value", "name.givenName", "externalId", "groups.display", "id"])
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
compares = st.builds(
    lambda path, op, text: (path, op, text), paths, st.sampled_from(["eq", "ne", "co", "sw", "ew", "gt", "le"]), texts.filter(bool)
)


def said(term):
    import json

    path, op, text = term
    return f"{path} {op} {json.dumps(text)}"


def sql_of(text, kind=USERS):
    from access.scim.querying import rows_of

    return rows_of(kind).filter(to_q(parse(text), kind.attributes)).query.sql_with_params()


def answer(ask, *asked):
    try:
        return ask(*asked)
    except ScimError as why:
        return why


def test_or_binds_weaker_than_and():
    a, b, c = (Present(Path(name)) for name in "abc")
    assert parse("a pr or b pr and c pr") == Either(a, Both(b, c))
    assert parse("(a pr or b pr) and c pr") == Both(Either(a, b), c)
    assert parse("not (a pr) and b pr") == Both(Not(a), b)
    assert parse('a[b eq "x"]') == Within(Path("a"), Compare(Path("b"), "eq", "x"))
    assert parse("A.B EQ true") == Compare(Path("a", "b"), "eq", True)
    assert parse("a eq -1.5e3") == Compare(Path("a"), "eq", -1500.0)


def test_paths_name_an_attribute_some_values_and_a_part():
    assert parse_path("name.givenName") == (Path("name"), None, "givenname")
    assert parse_path('members[value eq "]"]') == (Path("members"), Compare(Path("value"), "eq", "]"), "")
    assert parse_path('emails[type eq "work"].value') == (Path("emails"), Compare(Path("type"), "eq", "work"), "value")
    for bad in ("", "a.b.c", "a[b pr]c", "a[b pr].c.d", "a.b[c pr]", "a]", "a[b pr", "1a", "a b"):
        with pytest.raises(ScimError):
            parse_path(bad)


@settings(max_examples=400, deadline=None)
@given(st.one_of(sentences, st.text(max_size=60)))
def test_whatever_is_sent_is_a_query_or_refused(text):
    for kind in (USERS, GROUPS):
        found = answer(sql_of, text, kind)
        if isinstance(found, ScimError):
            assert found.scim_type == "invalidFilter"
        else:
            assert MARK not in found[0]
            assert "password" not in found[0].partition("WHERE")[2]


@settings(max_examples=200, deadline=None)
@given(compares)
def test_a_value_is_a_parameter_and_never_text_of_the_query(term):
    sql, _ = sql_of(said(term))
    other, _ = sql_of(said((term[0], term[1], "plain")))
    assert sql == other


@settings(max_examples=200, deadline=None)
@given(
    compares, st.dictionaries(st.sampled_from(["value", "type", "primary"]), st.one_of(texts, st.booleans(), st.none()), max_size=3)
)
def test_not_turns_a_match_over(term, value):
    inner = parse(said(("value", term[1], term[2])))
    assert matches(Not(inner), value) is not matches(inner, value)


PATHS = [
    "userName", "name", "name.givenName", "emails", 'emails[type eq "work"]', "emails.value", "emails[value pr].type", "active",
]  # fmt: skip
json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=6,
)
operations = st.fixed_dictionaries(
    {"op": st.sampled_from(["add", "replace", "remove"])},
    optional={
        "path": st.one_of(st.sampled_from(PATHS), st.text(max_size=12)),
        "value": st.one_of(json_values, st.just({"emails": [{"value": "x@y.example"}], "active": "True"})),
    },
)


@settings(max_examples=400, deadline=None)
@given(st.lists(operations, max_size=5))
def test_any_patch_makes_a_person_or_is_refused(given_operations):
    address = {"value": "bob@example.com", "type": "work", "primary": True}
    bob = {"userName": "bob@example.com", "displayName": "Bob", "active": True, "emails": [dict(address)]}
    found = answer(lambda: person_in(patched(bob, given_operations, USERS)))
    if isinstance(found, ScimError):
        assert found.scim_type
    else:
        assert isinstance(found.email, str) and isinstance(found.is_active, bool)
    assert bob["emails"] == [address]
