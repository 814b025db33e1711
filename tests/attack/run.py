"""One run: makes the world that is attacked, and sends each family at it."""

import logging
import random
import time

from django.test import override_settings

SHARE = 0.02  # of a short run
PAIRS = 60  # of known and unknown, at each place of an id


def run(services, tally, *, seed, only=None, is_short=False):
    """Try everything, or one family; findings and counts go into the tally."""
    from tests.attack import actors, over_http, over_socket, over_sql, timing

    # What is refused is counted here; the service's own lines about it would fill the screen.
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    logging.getLogger("django.security").setLevel(logging.CRITICAL)
    wanted = {only} if only else {"http", "sql", "keeper", "timing"}
    draw, share = random.Random(seed), SHARE if is_short else 1.0
    if "sql" in wanted:
        began = time.monotonic()
        over_sql.Attack(services, tally, draw=draw, share=share).run()
        tally.note("sql", time.monotonic() - began)
    with override_settings(KEEPER_TOKEN=bytes.fromhex(services.tokens.drawn["web"])):
        if "keeper" in wanted:
            began = time.monotonic()
            over_socket.Attack(services, tally, draw=draw, share=share).run()
            tally.note("keeper", time.monotonic() - began)
        if wanted & {"http", "timing"}:
            world = actors.world_of(services, as_login(services))
            attack = over_http.Attack(world, tally, draw=draw, share=share)
            if "http" in wanted:
                attack.run()
            if "timing" in wanted:
                began = time.monotonic()
                timing.Attack(attack, pairs=PAIRS).run()
                tally.note("timing", time.monotonic() - began)


def as_login(services):
    """Return what runs a block as another login, as the tests do."""
    from tests import conftest

    return conftest.as_login.__wrapped__(services)
