"""The verbs of leaving."""

from tenants.exit.services.asking import found, of_project, request
from tenants.exit.services.assembling import assemble, fail
from tenants.exit.services.handing import hand_over

__all__ = ["assemble", "fail", "found", "hand_over", "of_project", "request"]
