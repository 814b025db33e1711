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
    with stage():
        from tests.factories.studio import found

        studio = found("Bench")
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
    """The peer: the same row by a plain INSERT in a transaction that sets the scope its policy asks for."""
    from django.db import connection, transaction
    from django.utils import timezone

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant', %s, true)", [str(studio.tenant)])
        cursor.execute(
            "INSERT INTO audit_entry (id, tenant_id, project_id, ts, kind, actor, body) VALUES (%s, %s, NULL, %s, 'x', 'x', %s)",
            [uuid.uuid4(), studio.tenant, timezone.now(), b"x" * 350],
        )
