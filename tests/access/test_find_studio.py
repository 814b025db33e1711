"""A studio is found by its name, however people write it, and never by guessing."""

import secrets
from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from access import services as access
from access.models import StudioName
from access.rules import addresses_in, folded
from kernel.scope import presented_scope, tenant_scope
from tests.factories.studio import PASSWORD


@pytest.fixture
def word():
    """A word that no other test's studio has."""
    return "".join(secrets.choice("bcdfghjklmnpqrstvwxz") for _ in range(10))


@pytest.fixture
def found(keeper):
    def founded(name, slug=None):
        slug = slug or f"found-{secrets.token_hex(6)}"
        return access.found_studio(name=name, slug=slug, owner_email="o@example.com", owner_name="O", password=PASSWORD)

    return founded


def asked(name):
    return Client().get("/api/v1/studios", {"name": name})


@pytest.mark.parametrize("written", ["Atelier Nörd", "  atelier   NORD ", "ATELIER\tNÖRD", "atelier no\u0308rd", "Ａtelier nord"])
def test_a_name_finds_its_studio_however_it_is_written(found, word, written):
    made = found(f"Atelier Nörd {word}")
    answer = asked(f"{written} {word}")
    assert answer.status_code == 200
    assert answer.json() == {"slug": made.slug, "name": f"Atelier Nörd {word}", "url": f"/s/{made.slug}/"}


def test_a_part_of_a_name_finds_nothing(found, word):
    found(f"Atelier {word}")
    for part in (word, f"Atelier {word[:-1]}", f"Atelier {word}%", f"Atelier {word} s"):
        assert asked(part).status_code == 404


def test_one_of_two_that_share_a_name_is_not_told(found, word):
    first, second = found(f"Twins {word}"), found(f"twins  {word}")
    assert asked(f"Twins {word}").status_code == 404
    assert {asked(one.slug).json()["slug"] for one in (first, second)} == {first.slug, second.slug}


def test_an_address_goes_before_a_name(found, word):
    theirs = found("Somebody", slug=word)
    found(word.title())
    assert asked(word).json()["slug"] == asked(word.upper()).json()["slug"] == theirs.slug


@pytest.mark.parametrize(
    "pasted",
    ["https://guild.example/s/{}/", "http://127.0.0.1:8000/s/{}/projects/1?a=b#c", "guild.example/s/{}", "/s/{}/", " /s/{} "],
)
def test_a_pasted_link_finds_its_studio(found, pasted):
    made = found("Pasted")
    assert asked(pasted.format(made.slug)).json()["slug"] == made.slug
    assert asked(pasted.format(f"{made.slug}x")).status_code == 404


@pytest.mark.parametrize("strange", ["", " ", "\0", "\u0301", "\u200b", "/s/", "https://", "a" * 5000, "é" * 5000, "\ud7ff"])
def test_what_names_nothing_finds_nothing(keeper, strange):
    assert asked(strange).status_code == 404


def test_the_database_shows_only_the_name_that_was_given(found, word):
    first, _other = found(f"One {word}"), found(f"Other {word}")
    with presented_scope(folded(f"one {word}")):
        assert [row.slug for row in StudioName.objects.all()] == [first.slug]
    with tenant_scope(first.tenant, read_only=True):
        assert not StudioName.objects.exists()
    with pytest.raises(DatabaseError), tenant_scope(first.tenant):
        StudioName.objects.filter(slug=first.slug).delete()


def test_studios_that_stood_before_are_found_too(found, word, as_login):
    made = found(f"Before {word}")
    migration = import_module("access.migrations.0005_names_of_studios")
    with as_login("owner"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE access_studio_name NO FORCE ROW LEVEL SECURITY")
        cursor.execute("DELETE FROM access_studio_name WHERE slug = %s", [made.slug])
    assert asked(f"Before {word}").status_code == 404
    with as_login("owner"), transaction.atomic(), connection.schema_editor() as editor:
        migration.fill(None, editor)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_class WHERE relname = ANY(%s) AND relforcerowsecurity", [list(migration.TABLES)]
            )
            assert cursor.fetchone()[0] == len(migration.TABLES)
    assert asked(f"Before {word}").json()["slug"] == made.slug


def test_names_fold_alike_and_not_further():
    assert folded("  Straße  ÉCOLE ") == folded("STRASSE école") == "strasse ecole"
    assert folded("Nord") != folded("Nort")
    assert folded(folded("Ǆ İ")) == folded("Ǆ İ")


def test_only_addresses_come_out_of_what_was_typed():
    assert addresses_in("HTTPS://Guild.example/s/Atelier/") == ("atelier",)
    assert addresses_in("Atelier") == ("atelier",)
    assert addresses_in("Atelier Nord") == addresses_in("a/s/b c") == ()
