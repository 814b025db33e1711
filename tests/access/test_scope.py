"""Without a scope every way to speak to a tenant's table raises, whoever's way it is; in one, each of them speaks."""

import uuid

import pytest
from allauth.account.models import EmailAddress
from asgiref.sync import async_to_sync
from django.db import Error, connection
from django.db.models import Count, Exists, F, OuterRef, Prefetch

from access.models import Grant, Project, StudioAddress, User
from config.database.wall import past_the_first_wall
from dispatch.models import Ticket
from governance.audit.models import Entry
from kernel.errors import NoScope
from kernel.scope import tenant_scope


def key(model):
    """Return a column of ids; a library's model does not know the column that we gave its table."""
    return "user_id" if model is EmailAddress else "tenant_id"


def in_bulk(model):
    return model.objects.in_bulk([uuid.uuid4()] if model is not EmailAddress else [1])


def of_async(way):
    async def ask(model):
        return await way(model)

    return async_to_sync(ask)


async def listed(rows):
    return [row async for row in rows]


def by_cursor(model):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
        return cursor.fetchall()


READS = {
    "all": lambda model: list(model.objects.all()),
    "truth": lambda model: bool(model.objects.all()),
    "length": lambda model: len(model.objects.all()),
    "index": lambda model: model.objects.order_by("pk")[0],
    "slice": lambda model: list(model.objects.all()[:3]),
    "get": lambda model: model.objects.get(pk=model._meta.pk.to_python("1") if model is EmailAddress else uuid.uuid4()),
    "first": lambda model: model.objects.first(),
    "last": lambda model: model.objects.last(),
    "latest": lambda model: model.objects.latest("pk"),
    "earliest": lambda model: model.objects.earliest("pk"),
    "in bulk": lambda model: model.objects.in_bulk(),
    "some in bulk": in_bulk,
    "values": lambda model: list(model.objects.values(key(model))),
    "values list": lambda model: list(model.objects.values_list("pk", flat=True)),
    "iterator": lambda model: list(model.objects.iterator()),
    "count": lambda model: model.objects.count(),
    "exists": lambda model: model.objects.exists(),
    "contains": lambda model: model.objects.contains(model(pk=1 if model is EmailAddress else uuid.uuid4())),
    "aggregate": lambda model: model.objects.aggregate(Count("pk")),
    "annotate": lambda model: list(model.objects.annotate(n=Count("pk"))),
    "explain": lambda model: model.objects.all().explain(),
    "union": lambda model: list(model.objects.values("pk").union(model.objects.values("pk"))),
    "distinct": lambda model: list(model.objects.values(key(model)).distinct()),
    "raw": lambda model: list(model.objects.raw(f'SELECT * FROM "{model._meta.db_table}"')),
    "cursor": by_cursor,
    "base manager": lambda model: list(model._base_manager.all()),
    "default manager": lambda model: model._default_manager.count(),
    "refresh": lambda model: model(pk=1 if model is EmailAddress else uuid.uuid4()).refresh_from_db(),
    "deferred": lambda model: list(model.objects.only("pk").defer(key(model))),
    "within another's": lambda model: list(StudioAddress.objects.filter(tenant_id__in=model.objects.values(key(model)))),
    "beside another's": lambda model: list(
        StudioAddress.objects.annotate(has=Exists(model.objects.filter(**{key(model): OuterRef("tenant_id")})))
    ),
    "async for": of_async(lambda model: listed(model.objects.all())),
    "async iterator": of_async(lambda model: listed(model.objects.aiterator())),
    "async count": of_async(lambda model: model.objects.acount()),
    "async exists": of_async(lambda model: model.objects.aexists()),
    "async first": of_async(lambda model: model.objects.afirst()),
    "async in bulk": of_async(lambda model: model.objects.ain_bulk()),
    "async aggregate": of_async(lambda model: model.objects.aaggregate(Count("pk"))),
}
MODELS = [Project, User, EmailAddress, Ticket, Entry]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@pytest.mark.parametrize("way", READS)
def test_a_read_without_a_scope_raises(way, model, elsewhere):
    with pytest.raises(NoScope):
        READS[way](model)
    answered(READS[way], model, tenant=elsewhere.tenant)


def answered(way, *given, tenant):
    """See that the database answers within a scope: by rows or by their absence, but not by our refusal."""
    with tenant_scope(tenant):
        try:
            way(*given)
        except (Error, LookupError, Project.DoesNotExist, User.DoesNotExist, EmailAddress.DoesNotExist, Ticket.DoesNotExist,
                Entry.DoesNotExist):  # fmt: skip
            connection.set_rollback(True)


WRITES = {
    "create": lambda: Project.objects.create(name=uuid.uuid4().hex),
    "save": lambda: Project(name=uuid.uuid4().hex).save(),
    "save of a library's": lambda: EmailAddress(email="x@example.com").save(),
    "base save": lambda: Project(name=uuid.uuid4().hex).save_base(),
    "bulk create": lambda: Project.objects.bulk_create([Project(name=uuid.uuid4().hex)]),
    "library's bulk create": lambda: EmailAddress.objects.bulk_create([EmailAddress(email="x@example.com")]),
    "get or create": lambda: Project.objects.get_or_create(name=uuid.uuid4().hex),
    "update or create": lambda: Project.objects.update_or_create(name=uuid.uuid4().hex),
    "update": lambda: Project.objects.update(name=F("name")),
    "library's update": lambda: EmailAddress.objects.update(primary=F("primary")),
    "bulk update": lambda: Project.objects.bulk_update([Project(pk=uuid.uuid4(), name="x")], ["name"]),
    "delete": lambda: Grant.objects.filter(pk=uuid.uuid4()).delete(),
    "raw delete": lambda: Grant.objects.filter(pk=uuid.uuid4())._raw_delete("default"),
    "library's delete": lambda: EmailAddress.objects.filter(pk=1).delete(),
    "delete of a row": lambda: Grant(pk=uuid.uuid4()).delete(),
    "async create": lambda: async_to_sync(Project.objects.acreate)(name=uuid.uuid4().hex),
    "async update": lambda: async_to_sync(Project.objects.aupdate)(name=F("name")),
    "async get or create": lambda: async_to_sync(Project.objects.aget_or_create)(name=uuid.uuid4().hex),
}


@pytest.mark.parametrize("way", WRITES)
def test_a_write_without_a_scope_raises(way, elsewhere):
    with pytest.raises(NoScope):
        WRITES[way]()
    answered(WRITES[way], tenant=elsewhere.tenant)


@pytest.fixture
def loaded(elsewhere):
    """A person and a grant, read in a scope that is over."""
    with tenant_scope(elsewhere.tenant, read_only=True):
        person = User.objects.get(pk=elsewhere.people["alice"])
        grant = Grant.objects.get(user=person)
    return person, grant


FOLLOWED = {
    "forwards": lambda _, grant: grant.project,
    "backwards": lambda person, _: list(person.emailaddress_set.all()),
    "backwards, one": lambda person, _: person.emailaddress_set.first(),
    "backwards, added": lambda person, _: person.emailaddress_set.create(email="x@example.com"),
    "deferred": lambda _, grant: Grant(pk=grant.pk).refresh_from_db(fields=["role"]),
    "prefetched": lambda person, _: list(User.objects.filter(pk=person.pk).prefetch_related("emailaddress_set")),
    "prefetched by hand": lambda person, _: list(
        User.objects.filter(pk=person.pk).prefetch_related(Prefetch("emailaddress_set", EmailAddress.objects.order_by("pk")))
    ),
}


@pytest.mark.parametrize("way", FOLLOWED)
def test_what_hangs_on_a_row_is_not_followed_out_of_its_scope(way, loaded, elsewhere):
    with pytest.raises(NoScope):
        FOLLOWED[way](*loaded)
    answered(FOLLOWED[way], *loaded, tenant=elsewhere.tenant)


def test_a_queryset_of_a_scope_that_is_over_speaks_no_more(elsewhere):
    with tenant_scope(elsewhere.tenant, read_only=True):
        rows = Project.objects.all()
    with pytest.raises(NoScope):
        list(rows)


def test_spelling_a_table_otherwise_changes_nothing(elsewhere):
    for name in ("access_project", '"access_project"', "ACCESS_PROJECT", "public.access_project", 'public . "access_project"'):
        with pytest.raises(NoScope), connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {name}")
        with tenant_scope(elsewhere.tenant, read_only=True), connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {name}")
            assert cursor.fetchall()


def test_what_names_no_tenants_table_is_sent():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1, 'access_projects'")
        assert cursor.fetchone()[0] == 1
    assert StudioAddress.objects.count() == 0


@pytest.mark.parametrize("login", ["app", "worker"])
def test_past_the_first_wall_stands_the_second(login, as_login, studio):
    with as_login(login):
        with pytest.raises(NoScope):
            by_cursor(Project)
        with past_the_first_wall():
            assert by_cursor(Project) == [(0,)]
        with pytest.raises(NoScope):
            by_cursor(Project)


def test_who_works_for_all_tenants_needs_no_scope(as_login, studio):
    for login in ("integrator", "keeper"):
        with as_login(login):
            assert by_cursor(Entry)[0][0] > 0


def test_each_thread_and_each_connection_stands_behind_it(studio):
    import threading

    met = []

    def ask():
        from django.db import connection as own

        for _ in range(2):
            try:
                by_cursor(Project)
            except NoScope as refused:
                met.append(refused)
            own.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert len(met) == 2
