"""Works without a device: claimed one at a time, done in one go, their lease renewed by a thread meanwhile."""

import logging
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from django.db import Error

from access import services as access
from access.actor import Actor
from access.roles import Permission
from dispatch import services as dispatch
from dispatch.rules import CPU_KINDS, MOST_ATTEMPTS, Kind, is_worn_out
from kernel.errors import GuildhallError
from kernel.scope import lease_scope
from workers.device.leases import Leases, heal_connection
from workers.device.trouble import Verdict, judge

# What a person must still be allowed when work of hers begins.
_NEEDED: Final = {Kind.EXIT: Permission.EXPORT_REQUEST}
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Errand:
    """One claimed ticket, and as whom it is done."""

    claim: dispatch.Claim
    ticket: dispatch.Claimed
    actor: Actor


class Runner(Protocol):
    """What a module of this room offers for one kind of ticket."""

    def run(self, errand: Errand) -> None:
        """Do it, and settle."""

    def record_failure(self, errand: Errand, *, code: str) -> None:
        """Record that it failed for good, and settle."""


@dataclass
class Errands:
    """The light worker's loop."""

    runners: Mapping[str, Runner]
    worker: str = field(default_factory=lambda: f"cpu:{os.getpid()}:{secrets.token_hex(4)}")

    def run(self) -> None:
        """Take and do what waits, until nothing does."""
        while True:
            heal_connection()
            claim = dispatch.claim(worker=self.worker, kinds=CPU_KINDS)
            if claim is None:
                return
            leases = Leases(self.worker)
            leases.hold(claim.lease)
            leases.begin()
            try:
                for ticket in claim.tickets:
                    self._do(claim, ticket)
            finally:
                leases.end()

    def _do(self, claim: dispatch.Claim, ticket: dispatch.Claimed) -> None:
        system = replace(access.system_actor(claim.tenant, claim.lease), project=ticket.project)
        stand_in = Errand(claim, ticket, system)
        try:
            if is_worn_out(ticket.attempts):
                self.runners[ticket.kind].record_failure(stand_in, code="worn_out")
            else:
                self.runners[ticket.kind].run(self._as_asked(stand_in))
        except Exception as trouble:  # noqa: BLE001  # one ticket's trouble, whatever it is, never stops the others'
            self._end_in_trouble(stand_in, trouble)

    def _as_asked(self, errand: Errand) -> Errand:
        claim, ticket = errand.claim, errand.ticket
        if ticket.person is None:
            return errand
        actor = access.actor_for(ticket.person, tenant=claim.tenant, project=ticket.project, lease=claim.lease)
        if (needed := _NEEDED.get(Kind(ticket.kind))) is not None:
            actor.require(needed)
        return Errand(claim, ticket, actor)

    def _end_in_trouble(self, errand: Errand, trouble: Exception) -> None:
        heal_connection()
        lease, ticket = errand.claim.lease, errand.ticket
        judged = judge(trouble, attempts=min(ticket.attempts, MOST_ATTEMPTS), is_leased=True)
        logger.warning("errand: %s %s: %s (%s)", ticket.kind, ticket.id, judged.verdict, judged.code)
        try:
            if judged.verdict is Verdict.FAILED:
                self._fail(errand, code=judged.code)
            elif judged.verdict is not Verdict.LOST:
                dispatch.put_back(lease, ticket=ticket.id, attempts=ticket.attempts)
        except (GuildhallError, Error) as again:
            logger.warning("errand: %s lapses (%s)", ticket.id, type(again).__name__)

    def _fail(self, errand: Errand, *, code: str) -> None:
        try:
            self.runners[errand.ticket.kind].record_failure(errand, code=code)
        except Exception as trouble:  # noqa: BLE001  # whatever it is, the ticket has to end, or it is taken again for ever
            logger.warning("errand: the failure of %s is not recorded (%s)", errand.ticket.id, type(trouble).__name__)
            heal_connection()
            with lease_scope(errand.claim.lease, tenant=errand.claim.tenant):
                dispatch.settle(errand.claim.lease, ticket=errand.ticket.id, outcome="failed")
