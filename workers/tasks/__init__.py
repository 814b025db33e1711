"""The jobs, woken by name. A message says that there is work; which, the claim decides."""

import atexit
import functools

from celery import shared_task
from django.conf import settings

from dispatch.rules import DEVICE_KINDS, Kind
from dispatch.services import ring, waiting
from workers.device import Device, Performer
from workers.tasks import evaluate, exit, generate, housekeeping, replay, train  # noqa: A004  # the room's name
from workers.tasks.errands import Errands


@shared_task(name="workers.tasks.turn")
def turn() -> None:
    """Give this process's device one turn."""
    device().turn()


@shared_task(name="workers.tasks.errand")
def errand() -> None:
    """Do what waits for no device, one ticket after another."""
    errands().run()


@shared_task(name="workers.tasks.bells")
def bells() -> None:
    """Ring for what waits, in case a bell was lost; the device's rings always, as idle engines end in a turn."""
    ring(DEVICE_KINDS[0])
    for kind in (Kind.EXIT, Kind.HOUSEKEEPING):
        if waiting([kind]):
            ring(kind)


@functools.cache
def device() -> Device:
    """Return the device of this process; when the process goes down in peace, it puts back what is under way."""
    performers: dict[str, Performer] = {
        Kind.GENERATE: generate.Generate(),
        Kind.REPLAY: replay.Replay(),
        Kind.EVALUATE: evaluate.Evaluate(),
        Kind.TRAIN: train.Train(),
    }
    made = Device(settings.DEVICE_NAME, performers)
    atexit.register(made.close)
    return made


@functools.cache
def errands() -> Errands:
    """Return what this process does without a device."""
    return Errands({Kind.EXIT: exit.Exit(), Kind.HOUSEKEEPING: housekeeping.Housekeeping()})
