"""Durable appends by eight writers through `audit.append`, against a plain INSERT and COMMIT in the same run."""

import threading
import time
import uuid

from tests.bench.stage import median, stage

WRITERS = 8
SECONDS = 4.0
ROUNDS = 3


def main() -> None:
    """Print entries a second, and the ratio pair by pair."""
    with stage() as services:
        from tests.factories.studio import found

        studio = found("Bench")
        _twin(services)
        pairs = [(_rate(_append, studio), _rate(_plain, studio)) for _ in range(ROUNDS)]
        print(f"audit.append_per_s: {median([ours for ours, _ in pairs]):.0f}")
        print(f"audit.bare_insert_per_s: {median([plain for _, plain in pairs]):.0f}")
        print(f"audit.append_vs_bare_insert: {median([ours / plain for ours, plain in pairs]):.3f}")


def _rate(write, studio):
    counts, until = [0] * WRITERS, time.monotonic() + SECONDS

    def work(number):
        from django.db import connection

        while time.monotonic() < until:
            write(studio)
            counts[number] += 1
        connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(WRITERS)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.monotonic() - began)


def _append(studio):
    from governance.audit import services as audit
    from governance.audit.events import Event
    from kernel.scope import tenant_scope

    with tenant_scope(studio.tenant):
        audit.append(id=uuid.uuid4(), tenant=studio.tenant, project=None, actor="bench", kind=Event.TOKEN_ISSUED, facts={"n": 1})


def _plain(studio):
    """The peer: an equal row by a plain INSERT and its COMMIT, into a table of the same columns and indices, without a wall."""
    from django.db import connection, transaction
    from django.utils import timezone

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_entry (id, tenant_id, project_id, ts, kind, actor, body) VALUES (%s, %s, NULL, %s, 'x', 'x', %s)",
            [uuid.uuid4(), studio.tenant, timezone.now(), b"x" * 350],
        )


def _twin(services):
    import psycopg

    with psycopg.connect(services.postgres.url("owner")) as owner:
        owner.execute("CREATE TABLE bench_entry (LIKE audit_entry INCLUDING ALL)")
        owner.execute("GRANT INSERT ON bench_entry TO PUBLIC")
