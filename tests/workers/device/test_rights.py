"""Rights that end while work waits or is under way: grants, groups and roles really go, a device with clockwork engines notices."""

import importlib.util
import sys
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone

from access import services as access
from access.models import Grant
from access.roles import Permission, Reach, Role
from access.services import Post, RoleDraft, To
from kernel.scope import tenant_scope
from tests.access.joining import join
from tests.factories.studio import found

HERE = Path(__file__).parent
_SPEC = importlib.util.spec_from_file_location("stage", HERE / "stage.py")
_STAGE = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_STAGE)
GENERATES = frozenset({Permission.GENERATION_CREATE, Permission.PROJECT_READ})


@pytest.fixture(scope="module")
def studio(keeper):
    return found("Rights")


@pytest.fixture
def stage(tmp_path):
    return _STAGE.Stage(tmp_path)


@pytest.fixture
def device(stage):
    from workers.device import Device
    from workers.device.engines import Engines

    engines = Engines(command=(sys.executable, str(HERE / "clockwork.py")))
    made = Device("test", dict.fromkeys(("generate", "replay", "evaluate", "train"), stage), engines)
    yield made
    made.close()


@pytest.fixture
def order(stage, put, studio):
    """Put a request of a person; it computes for many seconds unless it is stopped."""

    def one(person, *, steps=1000):
        row = uuid4()
        stage.order(row, steps=steps)
        put(studio.tenant, row=row, kind="generate", person=person, project=studio.project)
        return row

    return one


class Holder:
    """A person who generates by one way, and the deed that ends it."""

    def __init__(self, studio, way):
        self.studio, self.way, self.owner = studio, way, studio.actor("tom", project=False)
        self.person = join(studio, f"p{uuid4().hex[:12]}")
        getattr(self, f"give_{way}")()

    def lose(self):
        getattr(self, f"take_{self.way}")()

    def give_grant(self):
        access.grant(self.owner, person=self.person, role=Role.ARTIST, project=self.studio.project)

    def take_grant(self):
        access.revoke(self.owner, person=self.person, role=Role.ARTIST, project=self.studio.project)

    def give_end(self):
        self.give_grant()

    def take_end(self):
        with tenant_scope(self.studio.tenant):
            Grant.objects.filter(user_id=self.person).update(expires=timezone.now() - timedelta(seconds=1))

    def give_group(self):
        self.group = access.make_group(self.owner, name=f"Group {self.person}").pk
        access.grant_to(self.owner, to=To(group=self.group), post=Post(Role.ARTIST, self.studio.project))
        access.add_member(self.owner, group=self.group, person=self.person)

    def take_group(self):
        access.remove_member(self.owner, group=self.group, person=self.person)

    def give_role(self):
        self.role = access.define_role(self.owner, draft=RoleDraft(f"R {self.person}", Reach.PROJECT, GENERATES)).pk
        access.grant(self.owner, person=self.person, role=self.role, project=self.studio.project)

    def take_role(self):
        access.change_role(self.owner, role=self.role, permissions=[Permission.PROJECT_READ])


WAYS = {"grant": "project.unknown", "end": "project.unknown", "group": "project.unknown", "role": "permission.missing"}


def state_of(owner, row):
    return owner.execute("SELECT state, outcome FROM dispatch_ticket WHERE row = %s", [row]).fetchone()


@pytest.mark.parametrize("way", WAYS)
def test_what_waits_is_not_begun_for_who_may_no_longer(studio, device, stage, order, owner, as_login, way):
    holder, other = Holder(studio, way), Holder(studio, way)
    row, kept = order(holder.person, steps=2), order(other.person, steps=2)
    holder.lose()
    with as_login("worker"):
        device.turn()
    assert stage.words(row) == [f"failed {WAYS[way]}"]
    assert state_of(owner, row) == ("settled", "failed")
    assert stage.words(kept)[-1] == "done"
    assert state_of(owner, kept) == ("settled", "done")


@pytest.mark.parametrize("way", WAYS)
def test_what_is_under_way_stops_within_seconds(studio, device, stage, order, owner, as_login, way):
    """Twenty seconds of computing, of which the right to it lasts one."""
    holder = Holder(studio, way)
    row = order(holder.person)
    with as_login("worker"):
        device.leases.begin()
        device.engines.warm()
        device._claim()
        assert stage.words(row)[0].startswith("began")
    holder.lose()
    lost = time.monotonic()
    with as_login("worker"):
        device.turn()
    assert time.monotonic() - lost < 10
    assert stage.words(row)[1:] == [f"failed {WAYS[way]}"]
    assert state_of(owner, row) == ("settled", "failed")
    assert device.works == {}
