"""Allowances in a real studio: who sets them, what is recorded, and that two requests never share the last picture."""

import threading
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import ProtectedError
from django.utils import timezone

from access import services as access
from access.allowances import Reason
from access.models import Group, GroupMember, Tenant, Usage, User
from access.services import Feature, Limits, Role, To, Use
from governance.audit import services as audit
from kernel.errors import Conflict, Forbidden, NotFound
from tests.factories.studio import found

ONE = Use(Feature.TEXT_TO_IMAGE, uuid4(), pictures=1)


@pytest.fixture(scope="module")
def place(keeper):
    return found("Allowing")


@pytest.fixture(autouse=True)
def clean(place):
    yield
    tom = place.actor("tom")
    with tom.reading():
        rows = [row.pk for row in access.allowances(tom)]
    for row in rows:
        access.remove_allowance(tom, allowance=row)
    with tom.writing():
        Usage.objects.update(pictures=0, device_milliseconds=0)
        Tenant.objects.update(pictures_a_day=None, device_seconds_a_day=None)


def verdict(place, who="alice", use=ONE):
    actor = place.actor(who)
    with actor.reading():
        return access.allowed(actor, use)


def spent(place, who="alice", use=ONE):
    actor = place.actor(who)
    with actor.writing():
        return access.spend(actor, use)


def entries(place, kind):
    with place.actor("tom", project=False).reading():
        return [one for one in audit.entries(audit.Filter(project=place.project)) if one.kind == kind]


def test_only_who_configures_the_project_sets_an_allowance_and_with_a_second_factor(place):
    to, limits = To(person=place.people["alice"]), Limits(pictures_a_day=3)
    for who in ("alice", "lena", "olive"):
        with pytest.raises(Forbidden):
            access.set_allowance(place.actor(who), to=to, limits=limits)
    with pytest.raises(Forbidden, match="step_up"):
        access.set_allowance(replace(place.actor("tom"), is_stepped_up=False), to=to, limits=limits)
    row = access.set_allowance(place.actor("tom"), to=to, limits=limits)
    with pytest.raises(Forbidden):
        access.remove_allowance(place.actor("lena"), allowance=row.pk)
    access.remove_allowance(place.actor("tom"), allowance=row.pk)


def test_what_was_and_what_is_are_recorded_and_nothing_when_nothing_changes(place):
    tom, to = place.actor("tom"), To(person=place.people["alice"])
    row = access.set_allowance(tom, to=to, limits=Limits(pictures_a_day=3))
    assert access.set_allowance(tom, to=to, limits=Limits(pictures_a_day=3)).pk == row.pk
    access.change_allowance(tom, allowance=row.pk, limits=Limits(pictures_a_day=4, features=frozenset({Feature.TRAINING})))
    access.remove_allowance(tom, allowance=row.pk)
    changed = [one.facts for one in entries(place, "allowance.changed") if one.facts["allowance"] == str(row.pk)]
    assert sorted((one["before"] or {}).get("pictures_a_day", 0) for one in changed) == [0, 3]
    assert sorted(one["after"]["pictures_a_day"] for one in changed) == [3, 4]
    assert all(one["person"].startswith("p_") for one in changed)
    (removed,) = [one.facts for one in entries(place, "allowance.removed") if one.facts["allowance"] == str(row.pk)]
    assert (removed["before"]["features"], removed["after"]) == (["training"], None)


def test_whom_nobody_knows_gets_no_row(place, elsewhere):
    tom = place.actor("tom")
    for to in (To(person=uuid4()), To(group=uuid4()), To(person=elsewhere.people["alice"])):
        with pytest.raises(NotFound):
            access.set_allowance(tom, to=to, limits=Limits())
    row = access.set_allowance(tom, to=To(), limits=Limits())
    mallory = elsewhere.actor("tom")
    with pytest.raises(NotFound):
        access.remove_allowance(mallory, allowance=row.pk)
    second = access.create_project(place.actor("tom", project=False), name=f"Second {uuid4()}").pk
    there = access.actor_for(place.people["tom"], tenant=place.tenant, project=second, is_stepped_up=True)
    with pytest.raises(NotFound):
        access.remove_allowance(there, allowance=row.pk)
    access.remove_allowance(tom, allowance=row.pk)


def test_rows_match_by_person_group_and_everybody(place):
    tom = place.actor("tom")
    with tom.writing():
        group = Group.objects.create(name=f"Guests {uuid4()}")
        GroupMember.objects.create(group=group, user_id=place.people["tina"])
    assert verdict(place).allowed
    access.set_allowance(tom, to=To(group=group.pk), limits=Limits(pictures_a_day=2))
    assert verdict(place).code is Reason.NONE
    assert verdict(place, "tina").allowed
    access.set_allowance(tom, to=To(), limits=Limits(bases=frozenset({uuid4()})))
    assert verdict(place).code is Reason.BASE
    access.set_allowance(tom, to=To(person=place.people["alice"]), limits=Limits())
    assert verdict(place).allowed
    alice = place.actor("alice")
    with alice.reading():
        seen = {(row.user_id, row.group_id) for row in access.allowances(alice)}
    assert seen == {(None, None), (place.people["alice"], None)}


def test_a_group_that_limits_name_is_not_removed_by_hand(place):
    tom, owner = place.actor("tom"), place.actor("tom", project=False)
    group = access.make_group(owner, name=f"Artists {uuid4()}").pk
    row = access.set_allowance(tom, to=To(group=group), limits=Limits(pictures_a_day=50))
    with pytest.raises(Conflict) as refused:
        access.remove_group(owner, group=group)
    assert (refused.value.code, refused.value.facts) == ("group.limits", {"count": 1, "projects": "Fox film"})
    assert verdict(place).code is Reason.NONE
    access.remove_allowance(tom, allowance=row.pk)
    access.remove_group(owner, group=group)


def test_no_allowance_goes_with_whom_it_names(place):
    tom, owner = place.actor("tom"), place.actor("tom", project=False)
    group = access.make_group(owner, name=f"Artists {uuid4()}").pk
    access.set_allowance(tom, to=To(group=group), limits=Limits())
    access.set_allowance(tom, to=To(person=place.people["alice"]), limits=Limits())
    for named in (Group.objects.filter(pk=group), User.objects.filter(pk=place.people["alice"])):
        with pytest.raises(ProtectedError), owner.writing():
            named.delete()


def test_pictures_are_counted_per_person_and_day(place):
    access.set_allowance(place.actor("tom"), to=To(), limits=Limits(pictures_a_day=3))
    assert spent(place, use=replace(ONE, pictures=2)).allowed
    assert spent(place, use=replace(ONE, pictures=2)).code is Reason.PICTURES
    assert spent(place).allowed
    refused = spent(place)
    assert (refused.most, refused.used) == (3, 3)
    assert timedelta() < refused.opens - timezone.now() <= timedelta(days=1)
    assert spent(place, "tina", replace(ONE, pictures=3)).allowed
    with place.actor("tom").writing():
        Usage.objects.update(day=timezone.now().date() - timedelta(days=1))
    assert spent(place).allowed


def test_device_time_is_counted_and_holds_every_use(place):
    access.set_allowance(place.actor("tom"), to=To(), limits=Limits(device_seconds_a_day=2))
    alice = place.actor("alice")
    access.spend_device(alice, milliseconds=1500)
    assert verdict(place).allowed
    access.spend_device(alice, milliseconds=600)
    assert (verdict(place).code, verdict(place).used) == (Reason.DEVICE, 2)
    assert verdict(place, "tina").allowed


def test_the_studios_quota_counts_all_people_and_projects(place):
    with place.actor("tom").writing():
        Tenant.objects.update(pictures_a_day=4, device_seconds_a_day=5)
    second = access.create_project(place.actor("tom", project=False), name=f"Other {uuid4()}").pk
    access.grant(place.actor("tom", project=False), person=place.people["tina"], role=Role.ARTIST, project=second)
    tina = access.actor_for(place.people["tina"], tenant=place.tenant, project=second)
    with tina.writing():
        assert access.spend(tina, replace(ONE, pictures=3)).allowed
    assert spent(place).allowed
    assert spent(place).code is Reason.STUDIO_PICTURES
    access.spend_device(tina, milliseconds=5000)
    assert verdict(place, use=Use(Feature.TRAINING)).code is Reason.STUDIO_DEVICE


@pytest.mark.parametrize("of_studio", [False, True])
def test_two_requests_at_once_never_share_the_last_picture(place, of_studio):
    if of_studio:
        with place.actor("tom").writing():
            Tenant.objects.update(pictures_a_day=5)
    else:
        access.set_allowance(place.actor("tom"), to=To(), limits=Limits(pictures_a_day=5))
    whose = ["alice", "tina", "lena"] if of_studio else ["alice"] * 3
    start, found = threading.Barrier(len(whose) * 4), []

    def ask(who):
        try:
            start.wait()
            found.append(spent(place, who).allowed)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(who,)) for who in whose * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (found.count(True), found.count(False)) == (5, 7)


def test_one_sees_ones_own_use_and_who_oversees_everybodys(place):
    spent(place)
    spent(place, "tina", replace(ONE, pictures=2))

    def seen(who, **when):
        actor = place.actor(who)
        with actor.reading():
            return {one.name: one.used.pictures for one in access.usage(actor, **when)}

    assert seen("alice") == {"Alice": 1}
    assert seen("lena").items() >= {"Alice": 1, "Tina": 2}.items()
    assert seen("tom") == seen("lena")
    assert seen("tom", day=timezone.now().date() - timedelta(days=9)) == {}


def test_the_worker_counts_under_its_lease_and_nowhere_else(place, hold, as_login):
    from access.models import Allowance
    from kernel.ids import LeaseToken

    token, lease = uuid4().hex, uuid4()
    with as_login("owner"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dispatch_lease (id, tenant_id, worker, token_digest, ends) VALUES (%s, %s, 'test',"
            " encode(sha256(%s::bytea), 'hex'), clock_timestamp() + interval '1 minute')",
            [lease, place.tenant, token.encode()],
        )
    with as_login("worker"):
        alice = access.actor_for(place.people["alice"], tenant=place.tenant, project=place.project, lease=LeaseToken(token))
        access.spend_device(alice, milliseconds=7)
        with alice.reading():
            assert access.usage(alice)[0].used.device_milliseconds == 7
            assert list(Allowance.objects.all()) == []
        stranger = replace(alice, lease=LeaseToken("x" * 32))
        with pytest.raises(Exception, match="row-level security"):
            access.spend_device(stranger, milliseconds=7)
