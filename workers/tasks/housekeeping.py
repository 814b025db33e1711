"""What nobody asked for: views are closed, what has ended is swept and forgotten, stopped work is recorded as failed.

Owners are told of certificates that end. Then the ticket is put again.
"""

from datetime import timedelta
from typing import Final

from access import services as access
from dispatch import services as dispatch
from tenants.exit import services as leaving
from tenants.generations import services as generations
from tenants.training import services as training
from tenants.vault import services as vault
from workers.tasks.errands import Errand

_EVERY: Final = timedelta(hours=1)
_REMEMBERED: Final = timedelta(days=30)


class Housekeeping:
    """The standing ticket of each tenant."""

    def run(self, errand: Errand) -> None:
        """Close, sweep, forget, tell, and put the next one."""
        vault.close_views(errand.actor)
        vault.sweep(errand.actor)
        access.sweep_sessions(errand.actor)
        access.sweep_grants(errand.actor)
        generations.end_stopped(errand.actor)
        training.end_stopped(errand.actor)
        leaving.end_stopped(errand.actor)
        access.forget_keys(errand.actor)
        access.tell_of_certificates(errand.actor)
        dispatch.forget(age=_REMEMBERED)
        _put_again(errand, outcome="done")

    def record_failure(self, errand: Errand, *, code: str) -> None:
        """Try again in an hour; the log has the code."""
        del code
        _put_again(errand, outcome="failed")


def _put_again(errand: Errand, *, outcome: str) -> None:
    with errand.actor.writing():
        dispatch.settle(errand.claim.lease, ticket=errand.ticket.id, outcome=outcome)
        dispatch.put_standing(tenant=errand.claim.tenant, after=_EVERY)
