"""The registry's verbs."""

from tenants.registry.services.allowing import change_allowance, set_allowance, within_allowance
from tenants.registry.services.bases import register_base
from tenants.registry.services.deciding import decide, retire
from tenants.registry.services.evaluating import (
    Evaluating,
    evaluate_again,
    evaluation,
    fail_evaluation,
    record_evaluation,
)
from tenants.registry.services.own import habits_of, side_of
from tenants.registry.services.registering import NewAdapter, register
from tenants.registry.services.using import Usable, Use, named, purpose_for, usable, visible, words_of

__all__ = [
    "Evaluating",
    "NewAdapter",
    "Usable",
    "Use",
    "change_allowance",
    "decide",
    "evaluate_again",
    "evaluation",
    "fail_evaluation",
    "habits_of",
    "named",
    "purpose_for",
    "record_evaluation",
    "register",
    "register_base",
    "retire",
    "set_allowance",
    "side_of",
    "usable",
    "visible",
    "within_allowance",
    "words_of",
]
