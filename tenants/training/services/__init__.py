"""The verbs of training."""

from tenants.training.rules import TrainConfig
from tenants.training.services.asking import Ask, cancel, resume, start
from tenants.training.services.ending import Finished, end_stopped, fail, finish
from tenants.training.services.reading import found, of_project, sample, samples
from tenants.training.services.running import (
    Begun,
    Reached,
    Step,
    begin,
    keep_checkpoint,
    keep_sample,
    report,
    store_state,
    words_of,
)

__all__ = [
    "Ask",
    "Begun",
    "Finished",
    "Reached",
    "Step",
    "TrainConfig",
    "begin",
    "cancel",
    "end_stopped",
    "fail",
    "finish",
    "found",
    "keep_checkpoint",
    "keep_sample",
    "of_project",
    "report",
    "resume",
    "sample",
    "samples",
    "start",
    "store_state",
    "words_of",
]
