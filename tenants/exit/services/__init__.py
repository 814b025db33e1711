"""The verbs of leaving."""

from tenants.exit.services.asking import found, of_project, request
from tenants.exit.services.assembling import assemble, end_stopped, fail
from tenants.exit.services.handing import HandedOver, hand_over, link

__all__ = ["HandedOver", "assemble", "end_stopped", "fail", "found", "hand_over", "link", "of_project", "request"]
