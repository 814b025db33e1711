"""The verbs of requests for pictures."""

from tenants.generations.rules import Order
from tenants.generations.services.ending import Outcome, cancel, complete, end_stopped, fail, withhold
from tenants.generations.services.reading import found, of_project, prompt_of
from tenants.generations.services.replaying import (
    REPLAYING,
    BegunReplay,
    fail_replay,
    find_replay,
    finish_replay,
    replay,
    start_replay,
)
from tenants.generations.services.reviewing import withheld, withheld_picture
from tenants.generations.services.starting import Begun, start
from tenants.generations.services.submit import submit

__all__ = [
    "REPLAYING",
    "Begun",
    "BegunReplay",
    "Order",
    "Outcome",
    "cancel",
    "complete",
    "end_stopped",
    "fail",
    "fail_replay",
    "find_replay",
    "finish_replay",
    "found",
    "of_project",
    "prompt_of",
    "replay",
    "start",
    "start_replay",
    "submit",
    "withheld",
    "withheld_picture",
    "withhold",
]
