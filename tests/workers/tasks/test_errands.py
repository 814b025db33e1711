"""An errand whose failure cannot be recorded ends all the same, and never the loop."""

from uuid import uuid4

import pytest
from django.db import DataError, ProgrammingError

from kernel.errors import Conflict, KeeperUnavailable
from workers.tasks.errands import Errands


class Runner:
    """Fails on the rows that are named, and refuses to record it; settles any other."""

    def __init__(self, *, fails, again):
        self.fails, self.again, self.done = fails, again, []

    def run(self, errand):
        from dispatch import services as dispatch
        from kernel.scope import lease_scope

        if errand.ticket.row in self.fails:
            raise Conflict("foreseen")
        with lease_scope(errand.claim.lease, tenant=errand.claim.tenant):
            dispatch.settle(errand.claim.lease, ticket=errand.ticket.id, outcome="done")
        self.done.append(errand.ticket.row)

    def record_failure(self, _errand, **_code):
        if isinstance(self.again, type):
            raise self.again("no such thing")
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT this is no question")


@pytest.mark.parametrize("again", [DataError, ProgrammingError, KeyError, ValueError, KeeperUnavailable, "a real one"])
def test_a_failure_that_cannot_be_recorded_ends_the_ticket_and_not_the_loop(put, owner, as_login, again):
    tenant, bad, good = uuid4(), uuid4(), uuid4()
    put(tenant, row=bad, kind="exit", person=None)
    put(tenant, row=good, kind="exit", person=None)
    runner = Runner(fails={bad}, again=again)
    with as_login("worker"):
        Errands({"exit": runner}).run()
    said = dict(owner.execute("SELECT row, state || ' ' || outcome FROM dispatch_ticket").fetchall())
    assert said == {bad: "settled failed", good: "settled done"}
    assert runner.done == [good]
