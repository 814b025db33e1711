"""The platform's support comes into a studio only while the studio lets it, sees what its role shows, and leaves at once."""

import json
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from access import services as access
from access.models import PLATFORM, ApiToken, Grant, SupportConsent, User
from access.roles import Role
from access.sealed import open_secret
from access.services import support
from governance.audit import services as audit
from kernel import canonical
from kernel.errors import Forbidden, InvalidInput, NotFound, Unauthenticated
from kernel.scope import tenant_scope
from tests.factories.platform import platform
from tests.factories.studio import found

HOURS = timedelta(hours=1)


@pytest.fixture
def sam(keeper):
    return platform().actor("sam", project=False)


@pytest.fixture
def theirs(keeper):
    """A studio that has let nobody in yet."""
    return found("Supported")


@pytest.fixture
def tom(theirs):
    return theirs.actor("tom", project=False)


def auditor(lasts=2 * HOURS):
    return access.Terms(Role.AUDITOR, None, lasts, "the log does not verify")


def viewer(project, lasts=2 * HOURS):
    return access.Terms(Role.VIEWER, project, lasts, "a picture is missing")


def client(token):
    return Client(headers={"Authorization": f"Bearer {token}"})


def entries(tenant, kind):
    with tenant_scope(tenant, read_only=True):
        return audit.entries(audit.Filter(kind=kind, limit=200))


def test_support_comes_in_with_consent_and_sees_what_its_role_shows(sam, theirs, tom):
    consent = access.admit_support(tom, terms=auditor())
    way = access.enter_studio(sam, studio=theirs.tenant)
    assert way.token.startswith("ghl_sup_")
    assert way.expires == consent.until
    inside = client(way.token)
    assert inside.get("/api/v1/session").json()["tenant"]["id"] == str(theirs.tenant)
    assert inside.get("/api/v1/ledger/entries").status_code == 200
    for path, verb in ((f"projects/{theirs.project}/assets", "get"), ("projects", "post"), ("tokens", "post")):
        assert getattr(inside, verb)(f"/api/v1/{path}", {}, content_type="application/json").status_code == 403


def test_a_viewer_of_one_project_sees_no_other(sam, theirs, tom):
    other = access.create_project(tom, name="Other film").pk
    access.admit_support(tom, terms=viewer(theirs.project))
    inside = client(access.enter_studio(sam, studio=theirs.tenant).token)
    assert inside.get(f"/api/v1/projects/{theirs.project}/assets").status_code == 200
    assert inside.get(f"/api/v1/projects/{other}/assets").status_code == 404
    assert inside.get("/api/v1/people").status_code == 403


def test_the_studio_sees_who_came_in_and_both_logs_say_it(sam, theirs, tom, api):
    consent = access.admit_support(tom, terms=auditor())
    access.enter_studio(sam, studio=theirs.tenant)
    with tom.reading():
        (user,) = User.objects.filter(kind="support")
        (grant,) = Grant.objects.filter(user=user)
    assert user.pseudonym.startswith("support_")
    assert user.display_name == "Guildhall support"
    assert (grant.source, grant.role, grant.expires) == ("support", "auditor", consent.until)
    assert "Guildhall support" in api(theirs, "tom").get("/api/v1/people").content.decode()
    (listed,) = api(theirs, "tom").get("/api/v1/support-consents").json()["results"]
    assert (listed["entered"], listed["reason"]) == (user.pseudonym, "the log does not verify")
    (given,) = entries(theirs.tenant, "support.admitted")
    assert given.facts["consent"] == str(consent.pk)
    assert given.actor == tom.pseudonym
    opening = bytes.fromhex(open_secret(consent.reason_opening, tenant=theirs.tenant))
    committed = canonical.commitment("reason", tenant=theirs.tenant, value=b"the log does not verify", opening=opening)
    assert given.commits == {"reason": committed}
    (here,) = entries(theirs.tenant, "support.entered")
    (there,) = [one for one in entries(PLATFORM, "support.entered") if one.facts["support"] == user.pseudonym]
    assert here.facts["platform_entry"] == str(there.id)
    assert there.actor == sam.pseudonym


def test_without_a_live_consent_a_studio_does_not_exist(sam, theirs, tom, as_login):
    """Before it is given, once it has ended and once its time is over; as one that there is not."""
    unknown = refusal(sam, uuid.uuid4())
    assert refusal(sam, theirs.tenant) == refusal(sam, PLATFORM) == unknown
    consent = access.admit_support(tom, terms=auditor())
    assert access.enter_studio(sam, studio=theirs.tenant)
    access.end_support(tom, consent=consent.pk)
    assert refusal(sam, theirs.tenant) == unknown
    late = access.admit_support(tom, terms=auditor())
    with tenant_scope(theirs.tenant):
        SupportConsent.objects.filter(pk=late.pk).update(until=timezone.now())
    assert refusal(sam, theirs.tenant) == unknown


def refusal(sam, studio):
    with pytest.raises(NotFound) as refused:
        access.enter_studio(sam, studio=studio)
    return refused.value.code, refused.value.facts


def test_what_ends_the_consent_ends_the_way_in_at_once(sam, theirs, tom):
    consent = access.admit_support(tom, terms=auditor())
    inside = client(access.enter_studio(sam, studio=theirs.tenant).token)
    assert inside.get("/api/v1/people").status_code == 200
    access.end_support(tom, consent=consent.pk)
    access.end_support(tom, consent=consent.pk)
    assert inside.get("/api/v1/people").status_code == 401
    with tom.reading():
        assert not Grant.objects.filter(source="support").exists()
        assert not User.objects.get(kind="support").is_active
    assert len(entries(theirs.tenant, "support.ended")) == 1


def test_the_way_in_ends_by_itself(sam, theirs, tom):
    access.admit_support(tom, terms=auditor(72 * HOURS))
    way = access.enter_studio(sam, studio=theirs.tenant)
    assert way.expires - timezone.now() <= support.LONGEST_STAY
    with tenant_scope(theirs.tenant):
        person = ApiToken.objects.get(kind="sup").user_id
        ApiToken.objects.filter(kind="sup").update(expires=timezone.now())
        Grant.objects.filter(user_id=person).update(expires=timezone.now())
    with pytest.raises(Unauthenticated):
        access.actor_from_token(way.token)
    assert access.actor_for(person, tenant=theirs.tenant).permissions == frozenset()


def test_who_comes_again_has_one_way_in(sam, theirs, tom):
    access.admit_support(tom, terms=auditor())
    first, second = (access.enter_studio(sam, studio=theirs.tenant).token for _ in range(2))
    with pytest.raises(Unauthenticated):
        access.actor_from_token(first)
    assert access.actor_from_token(second).tenant == theirs.tenant
    assert len(entries(theirs.tenant, "support.entered")) == 2
    with tom.reading():
        assert User.objects.filter(kind="support").count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"role": Role.OWNER}, r"support\.role"),
        ({"role": Role.LEAD, "project": uuid.uuid4()}, r"support\.role"),
        ({"role": Role.VIEWER}, r"role\.wrong_reach"),
        ({"project": uuid.uuid4()}, r"role\.wrong_reach"),
        ({"lasts": timedelta(hours=72, seconds=1)}, r"support\.too_long"),
        ({"lasts": timedelta()}, r"support\.too_long"),
        ({"reason": " "}, r"support\.reason"),
    ],
)
def test_what_support_never_gets(tom, changes, code):
    with pytest.raises(InvalidInput, match=code):
        access.admit_support(tom, terms=replace(auditor(), **changes))
    with tom.reading():
        assert not SupportConsent.objects.exists()


def test_only_who_may_lets_support_in_and_only_with_a_fresh_second_factor(tom, theirs):
    for actor, code in (
        (theirs.actor("lena"), r"permission\.missing"),
        (theirs.actor("olive", project=False), r"permission\.missing"),
        (replace(tom, is_stepped_up=False), r"step_up\.needed"),
    ):
        with pytest.raises(Forbidden, match=code):
            access.admit_support(actor, terms=auditor())
    consent = access.admit_support(tom, terms=auditor())
    with pytest.raises(Forbidden):
        access.end_support(theirs.actor("lena"), consent=consent.pk)


def test_only_support_enters_and_only_with_a_fresh_second_factor(sam, tom, theirs):
    access.admit_support(tom, terms=auditor())
    operator = platform().actor("opal", project=False)
    usurper = replace(tom, permissions=tom.permissions | sam.permissions)
    for actor, code in (
        (operator, r"permission\.missing"), (tom, r"permission\.missing"), (usurper, r"permission\.missing"),
        (replace(sam, is_stepped_up=False), r"step_up\.needed"),
    ):  # fmt: skip
        with pytest.raises(Forbidden, match=code):
            access.enter_studio(actor, studio=theirs.tenant)
    assert access.enter_studio(sam, studio=theirs.tenant)


def test_the_whole_way_over_http(theirs):
    def sent(token, verb, path, body=None):
        return getattr(client(token), verb)(f"/api/v1/{path}", json.dumps(body), content_type="application/json")

    owner, entering = theirs.token("tom"), f"platform/studios/{theirs.tenant}/enter"
    of_sam = platform().token("sam")
    refused = sent(of_sam, "post", entering)
    assert (refused.status_code, refused.content) == (404, sent(of_sam, "post", entering).content)
    terms = {"role": "auditor", "hours": 4, "reason": "the log does not verify"}
    for wrong in ({"role": "owner"}, {"hours": 73}, {"hours": 0}, {"reason": ""}):
        assert sent(owner, "post", "support-consents", terms | wrong).status_code == 400
    given = sent(owner, "post", "support-consents", terms)
    assert given.status_code == 201, given.content
    way = sent(of_sam, "post", entering)
    assert way.status_code == 201
    assert way.headers["Cache-Control"] == "no-store"
    assert client(way.json()["token"]).get("/api/v1/people").status_code == 200
    assert sent(owner, "delete", f"support-consents/{given.json()['id']}").status_code == 204
    assert client(way.json()["token"]).get("/api/v1/people").status_code == 401
    assert sent(of_sam, "post", entering).status_code == 404
