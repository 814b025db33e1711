"""An operator founds a studio; nothing half-made stays."""

import io
import json
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from access import services as access
from access.models import Tenant
from governance.audit import services as audit
from kernel.errors import Conflict, InvalidInput
from kernel.scope import tenant_scope
from tests.access.signing_in import LIBRARY, Browser
from tests.factories.platform import platform
from tests.factories.studio import PASSWORD


def asked(slug, **changes):
    return {
        "name": "Fresh",
        "slug": slug,
        "owner_email": "o@example.com",
        "owner_name": "O",
        "password": PASSWORD,
        **changes,
    }


@pytest.fixture
def slug():
    return f"fresh-{uuid.uuid4().hex[:8]}"


def test_a_studio_begins_with_its_entry_and_its_standing_ticket(keeper, slug):
    from django.db import connection

    founded = access.found_studio(**asked(slug))
    assert access.studio(slug) == founded.tenant
    with tenant_scope(founded.tenant, read_only=True):
        assert Tenant.objects.get().pk == founded.tenant
        assert [entry.kind for entry in audit.entries(audit.Filter())] == ["tenant.founded"]
        with connection.cursor() as cursor:
            cursor.execute("SELECT kind FROM dispatch_ticket")
            assert [row[0] for row in cursor.fetchall()] == ["housekeeping"]


def test_nobody_is_in_a_new_studio_but_its_owner(keeper, slug):
    from access.models import User

    founded = access.found_studio(**asked(slug))
    with tenant_scope(founded.tenant, read_only=True):
        assert list(User.objects.values_list("email", flat=True)) == ["o@example.com"]


def by_command(slug, tmp_path, _sink):
    secret = tmp_path / "password"
    secret.write_text(f"{PASSWORD}\n")
    named = ["--name", "Fresh", "--owner-email", "o@example.com", "--owner-name", "O", "--password-file", str(secret)]
    return lambda *options: call_command("found_studio", slug, *named, *options, stdout=io.StringIO())


def by_api(slug, _tmp_path, sink):
    client = Client(headers={"Authorization": f"Bearer {platform().token('opal')}"})
    body = {key: value for key, value in asked(slug).items() if key != "password"}

    def do(**more):
        client.post("/api/v1/platform/studios", json.dumps(body | more), content_type="application/json")
        (_subject, text) = sink.mails_to("o@example.com")[-1]
        key = text.partition("#")[2].split()[0]
        Browser(slug).post(f"{LIBRARY}/auth/password/reset", {"key": key, "password": PASSWORD})

    return do


def people_of(slug):
    """Return what the API answers to the owner who has just signed in by her password."""
    browser = Browser(slug)
    assert browser.sign_in("o").status_code == 200
    return browser.get("/api/v1/people")


@pytest.mark.parametrize("how", [by_command, by_api])
def test_a_new_studio_asks_for_a_second_factor_from_the_first_sign_in_on(keeper, slug, tmp_path, sink, how):
    how(slug, tmp_path, sink)()
    assert people_of(slug).json()["code"] == "session.enrol_factor"
    browser = Browser(slug)
    assert browser.sign_in("o", factor=True).status_code == 200
    assert browser.get("/api/v1/people").status_code == 200
    assert said_of(slug)["second_factor"] is True


@pytest.mark.parametrize(("how", "less"), [(by_command, ["--no-second-factor"]), (by_api, {"second_factor": False})])
def test_one_that_is_founded_without_asks_for_none_and_its_ledger_says_so(keeper, slug, tmp_path, sink, how, less):
    found = how(slug, tmp_path, sink)
    found(**less) if isinstance(less, dict) else found(*less)
    assert people_of(slug).status_code == 200
    assert said_of(slug)["second_factor"] is False


def said_of(slug):
    with tenant_scope(access.studio(slug), read_only=True):
        (founded,) = audit.entries(audit.Filter(kind="tenant.founded"))
    return founded.facts


def test_an_address_is_given_once(keeper, slug):
    first = access.found_studio(**asked(slug))
    with pytest.raises(Conflict):
        access.found_studio(**asked(slug, owner_email="p@example.com"))
    assert access.studio(slug) == first.tenant


@pytest.mark.parametrize("bad", ["", "Big", "a b", "-a", "a-", "a/b", "ä", "a" * 64, "a\0", "a.b"])
def test_what_is_no_address_is_refused(bad):
    with pytest.raises(InvalidInput):
        access.found_studio(**asked(bad))
    assert access.studio(bad) is None


def test_the_command_prints_a_token_that_works(keeper, slug, tmp_path):
    secret = tmp_path / "password"
    secret.write_text(f"{PASSWORD}\n")
    out = io.StringIO()
    arguments = [
        "--name",
        "Fresh",
        "--owner-email",
        "o@example.com",
        "--owner-name",
        "O",
        "--password-file",
        str(secret),
    ]
    call_command("found_studio", slug, *arguments, "--project", "First film", stdout=out)
    told = dict(line.split(": ", 1) for line in out.getvalue().splitlines())
    assert told["address"] == f"/s/{slug}/"
    actor = access.actor_from_token(told["token (shown this once)"], project=uuid.UUID(told["project"]))
    assert actor.may(access.Permission.PROJECT_READ)
    assert PASSWORD not in out.getvalue()
    with pytest.raises(CommandError):
        call_command("found_studio", slug, *arguments, stdout=out)
