"""Operators found studios; the register and both logs know each, and its owner comes in."""

import uuid

import pytest
from django.core.management import CommandError, call_command

from access import services as access
from access.models import PLATFORM, Studio
from kernel.errors import Conflict, InvalidInput, NotFound
from kernel.scope import tenant_scope
from tests.access.of_platform import NEW, entries, new, sent
from tests.access.signing_in import LIBRARY, Browser
from tests.factories.studio import PASSWORD, found


@pytest.fixture
def slug():
    return f"opened-{uuid.uuid4().hex[:8]}"


def test_the_command_registers_the_studio_and_records_it_in_both_logs(keeper):
    made = found("Registered")
    with tenant_scope(PLATFORM, read_only=True):
        assert Studio.objects.get(studio_id=made.tenant).slug == made.slug
    of_studio = [one for one in entries(PLATFORM, "studio.founded") if one.facts["studio"] == str(made.tenant)]
    assert [one.actor for one in of_studio] == ["operator"]
    assert len(entries(made.tenant, "tenant.founded")) == 1


def test_an_operator_founds_a_studio_whose_owner_signs_in(operator, slug):
    made = access.open_studio(operator, new=new(slug))
    assert access.studio(slug) == made.studio_id
    (told,) = [one for one in entries(PLATFORM, "studio.founded") if one.facts["studio"] == str(made.studio_id)]
    assert told.actor == operator.pseudonym
    assert len(entries(made.studio_id, "tenant.founded")) == 1
    assert Browser(slug).sign_in("o").status_code == 200


def test_an_owner_without_a_password_is_sent_a_link_to_set_one(of_platform, slug, sink):
    asked = NEW | {"slug": slug, "owner_email": f"{slug}@example.com"}
    assert sent(of_platform("opal"), "post", "/api/v1/platform/studios", asked).status_code == 201
    [(subject, text)] = sink.mails_to(f"{slug}@example.com")
    assert subject == "Your account at Opened"
    assert f"/s/{slug}/set-password#" in text
    browser = Browser(slug)
    assert browser.sign_in(slug).status_code == 400
    key = text.partition("#")[2].split()[0]
    assert browser.post(f"{LIBRARY}/auth/password/reset", {"key": key, "password": PASSWORD}).status_code == 401
    assert browser.sign_in(slug).status_code == 200


def test_an_operator_chooses_no_owners_password(of_platform, slug, sink):
    asked = NEW | {"slug": slug, "owner_email": f"{slug}@example.com"}
    opal = of_platform("opal")
    refused = sent(opal, "post", "/api/v1/platform/studios", asked | {"password": PASSWORD})
    assert refused.status_code == 400
    assert "password" in refused.text
    assert not sink.mails_to(f"{slug}@example.com")
    assert sent(opal, "post", "/api/v1/platform/studios", asked).status_code == 201
    assert Browser(slug).sign_in(slug).status_code == 400


def test_nothing_half_made_stays_of_a_studio_whose_address_is_taken(operator, studio):
    with tenant_scope(PLATFORM, read_only=True):
        before = Studio.objects.count()
    for taken in (studio.slug, "platform"):
        with pytest.raises(Conflict, match=r"studio\.address_taken"):
            access.open_studio(operator, new=new(taken))
    with tenant_scope(PLATFORM, read_only=True):
        assert Studio.objects.count() == before


@pytest.mark.parametrize("changes", [{"slug": "Big"}, {"name": " "}, {"owner": access.NewPerson("no", "O", PASSWORD)}])
def test_what_is_no_studio_is_refused(operator, slug, changes):
    with pytest.raises(InvalidInput):
        access.open_studio(operator, new=new(slug, **changes))
    assert access.studio(slug) is None


def test_a_studio_of_before_the_register_is_registered_once(operator, keeper, services):
    import psycopg

    made = found("Older")
    with psycopg.connect(services.postgres.url("owner"), autocommit=True) as owner:
        owner.execute("ALTER TABLE access_studio NO FORCE ROW LEVEL SECURITY")
        owner.execute("DELETE FROM access_studio WHERE studio_id = %s", [made.tenant])
        owner.execute("ALTER TABLE access_studio FORCE ROW LEVEL SECURITY")
    with pytest.raises(NotFound):
        access.suspend_studio(operator, studio=made.tenant)
    for _ in range(2):
        call_command("register_studio", made.slug)
    assert len([one for one in entries(PLATFORM, "studio.founded") if one.facts["studio"] == str(made.tenant)]) == 2
    access.set_quota(operator, studio=made.tenant, quota=access.Quota(1, 1))
    for unknown in ("platform", "nowhere-at-all"):
        with pytest.raises(CommandError):
            call_command("register_studio", unknown)
