"""A short attack run finds nothing; and what leaks is found, so that finding nothing says something."""

import random
import sys
import time
import types
import uuid

import pytest
from django.http import HttpResponse
from django.test import override_settings
from django.urls import include, path

from access.api.scoped import ScopedAPIView
from access.roles import Permission
from kernel.errors import NotFound
from kernel.scope import tenant_scope
from tenants.datasets.models import Dataset
from tests.attack import actors, over_http, over_socket, over_sql, timing
from tests.attack.run import SHARE
from tests.attack.tally import Tally
from tests.house.doors import Case

pytestmark = pytest.mark.timeout(240)
FEW = {("leak-of-a-row", "get"): Case("tina")}


@pytest.fixture(autouse=True)
def as_the_web_asks(keeper):
    with override_settings(KEEPER_TOKEN=bytes.fromhex(keeper.tokens.drawn["web"])):
        yield


@pytest.fixture(scope="module")
def world(keeper, as_login):
    with override_settings(KEEPER_TOKEN=bytes.fromhex(keeper.tokens.drawn["web"])):
        return actors.world_of(keeper, as_login)


def kinds(tally):
    return {finding.kind for finding in tally.findings}


def test_a_short_run_over_sql_finds_nothing(keeper):
    tally = Tally()
    over_sql.Attack(keeper, tally, draw=random.Random(1), share=SHARE).run()
    assert not tally.findings, "\n".join(tally.lines())
    assert tally.attempts["sql"] > 5000


def test_a_short_run_at_the_keeper_finds_nothing(keeper):
    tally = Tally()
    over_socket.Attack(keeper, tally, draw=random.Random(1), share=SHARE).run()
    assert not tally.findings, "\n".join(tally.lines())
    assert tally.attempts["keeper"] > 2000


def leaky(view):
    """Return a module of addresses in which this view stands beside the portal's own."""
    module = types.ModuleType(f"leaky_{uuid.uuid4().hex}")
    module.urlpatterns = [
        path("api/v1/projects/<uuid:project>/leak/<uuid:dataset>", view.as_view(), name="leak-of-a-row"),
        path("", include("config.urls")),
    ]
    sys.modules[module.__name__] = module
    return module.__name__


def tenants_of(world):
    return [side.studio.tenant for side in (world.theirs, world.mallory)]


def anywhere(world, dataset):
    """Look a dataset up in every tenant, as no view of ours could."""
    for tenant in tenants_of(world):
        with tenant_scope(tenant, read_only=True):
            if Dataset.objects.filter(pk=dataset).exists():
                return tenant
    return None


def attack(world, view, families):
    tally = Tally()
    with override_settings(ROOT_URLCONF=leaky(view)):
        one = over_http.Attack(world, tally, draw=random.Random(1), share=SHARE, cases=FEW, written={"paths": {}})
        one.doors = [door for door in one.doors if door.name == "leak-of-a-row"]
        tally.findings.clear()  # the other addresses have no case here, which is found too
        one.run(families)
    return tally


class View(ScopedAPIView):
    permissions = {"GET": Permission.DATASET_READ}  # noqa: RUF012  # as views are written
    scoped_reads = False
    world = None


def test_a_view_that_shows_rows_of_others_is_found(world):
    class Shows(View):
        def get(self, _request, project, dataset):  # noqa: ARG002  # what the address names
            if anywhere(world, dataset) is None:
                raise NotFound
            return HttpResponse(str(dataset))

    tally = attack(world, Shows, ("strangers", "pairs"))
    assert kinds(tally) == {"leak", "existence_oracle"}
    assert any(str(world.theirs.rows.dataset) in finding.what for finding in tally.findings)


def test_a_view_that_tells_who_is_there_is_found(world):
    class Tells(View):
        def get(self, _request, project, dataset):  # noqa: ARG002  # what the address names
            found = anywhere(world, dataset)
            if found == self.actor.tenant:
                return HttpResponse("yours")
            return HttpResponse("no", status=403 if found else 404)

    tally = attack(world, Tells, ("strangers", "pairs"))
    assert kinds(tally) == {"existence_oracle"}


def test_a_view_that_forgets_the_project_is_found(world):
    class Forgets(View):
        def get(self, _request, project, dataset):  # noqa: ARG002  # what the address names
            with self.actor.reading():
                if not Dataset.objects.filter(pk=dataset).exists():
                    raise NotFound
            return HttpResponse("here")

    assert kinds(attack(world, Forgets, ("strangers", "pairs"))) == set()
    assert "leak" in kinds(attack(world, Forgets, ("insiders", "pairs")))


def test_a_view_that_asks_for_no_permission_is_found(world):
    class Lets(View):
        permissions = {"GET": Permission.WITHHELD_REVIEW}  # noqa: RUF012

        def initial(self, request, *args, **kwargs):
            self.permissions = {}
            super().initial(request, *args, **kwargs)

        def get(self, _request, project, dataset):  # noqa: ARG002  # what the address names
            return HttpResponse("here")

    assert "leak" in kinds(attack(world, Lets, ("roles", "pairs")))


def test_a_view_that_lets_nobody_in_is_found_as_it_proves_nothing(world):
    class Shut(View):
        def get(self, _request, project, dataset):  # noqa: ARG002  # what the address names
            raise NotFound

    assert kinds(attack(world, Shut, ("strangers", "pairs"))) == {"unpaired"}


def test_a_view_that_takes_longer_for_what_is_there_is_found(world):
    class Dawdles(View):
        def get(self, _request, project, dataset):  # noqa: ARG002  # what the address names
            found = anywhere(world, dataset)
            if found == self.actor.tenant:
                return HttpResponse("yours")
            if found is not None:
                time.sleep(0.1)
            raise NotFound

    address = leaky(Dawdles)
    for pairs in (24, 60, 120):  # a machine that is busy drowns it in few
        tally = Tally()
        with override_settings(ROOT_URLCONF=address):
            one = over_http.Attack(world, tally, draw=random.Random(1), cases=FEW, written={"paths": {}})
            one.doors = [door for door in one.doors if door.name == "leak-of-a-row"]
            tally.findings.clear()
            timing.Attack(one, pairs=pairs).run()
        if tally.findings:
            break
    assert [finding.kind for finding in tally.findings] == ["timing_oracle"]
    assert "dataset = " in next(iter(tally.findings)).what


def test_an_address_without_a_case_is_found(world):
    tally = Tally()
    with override_settings(ROOT_URLCONF=leaky(View)):
        over_http.Attack(world, tally, draw=random.Random(1), cases={}, written={"paths": {}})
    assert any("no case opens" in finding.what for finding in tally.findings)


@pytest.fixture
def open_table(keeper):
    """A table that nobody declared and everybody may read and write, in a schema of its own."""
    with keeper.postgres.superuser(keeper.postgres.database) as owner:
        owner.execute("CREATE SCHEMA leaky")
        owner.execute("CREATE TABLE leaky.pictures (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, name text)")
        owner.execute(f'GRANT USAGE ON SCHEMA leaky TO "{keeper.postgres.prefix}_app"')
        owner.execute(f'GRANT SELECT, UPDATE, DELETE, INSERT ON leaky.pictures TO "{keeper.postgres.prefix}_app"')
        try:
            yield owner
        finally:
            owner.execute("DROP SCHEMA leaky CASCADE")


def test_a_table_that_nobody_walled_is_found(keeper, open_table):
    class Attack(over_sql.Attack):
        def _everything(self, states):
            open_table.execute("INSERT INTO leaky.pictures VALUES (gen_random_uuid(), %s, 'theirs')", [self.victim])
            for table in self.tables:
                if table.schema == "leaky":
                    for state in states:
                        self._table(table, state)

    tally = Tally()
    Attack(keeper, tally, draw=random.Random(1)).run()
    assert {"leak", "existence_oracle"} <= kinds(tally)
    told = [finding.what for finding in tally.findings if finding.kind == "leak"]
    assert any(one.startswith("app in Mallory's scope: select ") for one in told)
    assert any(" insert into " in one for one in told)
    assert not [one for one in told if one.startswith("worker")]


def test_a_short_run_over_http_finds_nothing(world):
    """Last, as it uses rows up."""
    tally = Tally()
    one = over_http.Attack(world, tally, draw=random.Random(1), share=SHARE)
    one.run()
    timing.Attack(one, pairs=16).run()
    assert not tally.findings, "\n".join(tally.lines())
    assert tally.attempts["http"] > 500
