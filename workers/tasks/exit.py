"""A model leaves with everything: assembled, signed and sealed, without a device."""

from tenants.exit import services as leaving
from workers.tasks.errands import Errand


class Exit:
    """Exits of one model."""

    def run(self, errand: Errand) -> None:
        """Assemble the bundle; what may not leave is a recorded refusal."""
        ticket = errand.ticket
        leaving.assemble(errand.actor, exit_id=ticket.row, lease=errand.claim.lease, ticket=ticket.id)

    def record_failure(self, errand: Errand, *, code: str) -> None:
        """Record that the bundle could not be assembled."""
        ticket = errand.ticket
        leaving.fail(errand.actor, exit_id=ticket.row, code=code, lease=errand.claim.lease, ticket=ticket.id)
