"""Opening keys through the real keeper: 200 in one call under an intent, and under a view (noted on its disk)."""

import statistics
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.stage import stage

COUNT, ROUNDS = 200, 31


def main() -> None:
    """Print the medians, in milliseconds."""
    with stage() as services:
        of, opens, made = _sealed(services)
        tenant, project = opens[0].tenant, opens[0].project
        from kernel.canonical import objects_digest

        intent = _recorded(tenant, project, "generation.submitted", {"opens": objects_digest(made)})
        _hold(services, tenant, project, intent)
        views = [_recorded(tenant, project, "view.opened", {}) for _ in range(ROUNDS)]
        fresh = statistics.median(_timed(lambda view=view: of("web").open(view, opens)) for view in views)
        again = _median(lambda: of("web").open(views[0], opens))
        named = _median(lambda: of("device").open(intent, opens))
        one = _median(lambda: of("device").open(intent, opens[:1], of=made))
    print(f"keeper.open_200_keys_ms: {named:.2f}")
    print(f"keeper.open_200_keys_new_view_ms: {fresh:.2f}")
    print(f"keeper.open_200_keys_known_view_ms: {again:.2f}")
    print(f"keeper.open_one_key_ms: {one:.2f}")


def _sealed(services: Any) -> tuple[Callable[[str], Any], list[Any], list[uuid.UUID]]:
    """Return the keeper's lines by process, and 200 wrapped keys of a fresh project."""
    from django.conf import settings

    from kernel.keys import Keeper, KeyAsk, KeyClass, OpenAsk
    from kernel.sealing import Aad

    lines = {name: Keeper(Path(settings.KEEPER_SOCKET), bytes.fromhex(services.tokens.drawn[name])) for name in ("web", "device")}
    tenant, project = uuid.uuid4(), uuid.uuid4()
    lines["web"].found(tenant=tenant)
    lines["web"].found(tenant=tenant, project=project)
    made = [uuid.uuid4() for _ in range(COUNT)]
    aads = [Aad(str(tenant), str(project), str(one), 1, "image/png").encode() for one in made]
    keys = lines["web"].generate([KeyAsk(aad, tenant, KeyClass.PROJECT, uuid.uuid4(), project) for aad in aads])
    opens = [OpenAsk(aad, key.wrapped, tenant, KeyClass.PROJECT, project) for aad, key in zip(aads, keys, strict=True)]
    return lines.__getitem__, opens, made


def _recorded(tenant: uuid.UUID, project: uuid.UUID, kind: str, facts: dict[str, Any]) -> uuid.UUID:
    from governance.audit import services as audit
    from governance.audit.events import Event
    from kernel.scope import tenant_scope

    entry = uuid.uuid4()
    with tenant_scope(tenant):
        audit.append(id=entry, tenant=tenant, project=project, actor="bench", kind=Event(kind), facts=facts)
    return entry


def _hold(services: Any, tenant: uuid.UUID, project: uuid.UUID, intent: uuid.UUID) -> None:
    """Hold a ticket of the intent for an hour, as a device worker that took it."""
    import psycopg

    lease = uuid.uuid4()
    with psycopg.connect(services.postgres.url("owner")) as owner:
        owner.execute(
            "INSERT INTO dispatch_lease (id, tenant_id, worker, token_digest, ends) VALUES (%s, %s, 'bench', %s,"
            " clock_timestamp() + interval '1 hour')",
            [lease, tenant, lease.hex],
        )
        owner.execute(
            "INSERT INTO dispatch_ticket (id, tenant_id, project_id, kind, row, intent, shape_key, needs, cost, priority, state,"
            " outcome, attempts, lease_id, taken) VALUES (%s, %s, %s, 'generate', %s, %s, '', '[]', 1, 0, 'taken', '', 1, %s,"
            " clock_timestamp())",
            [uuid.uuid4(), tenant, project, uuid.uuid4(), intent, lease],
        )


def _median(ask: Callable[[], Any]) -> float:
    ask()
    return statistics.median(_timed(ask) for _ in range(ROUNDS))


def _timed(ask: Callable[[], Any]) -> float:
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
