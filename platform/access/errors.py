"""Why somebody is not signed in."""

from django.core.exceptions import PermissionDenied

from kernel.errors import GuildhallError


class SignInRefused(GuildhallError, PermissionDenied):
    """What an identity provider said does not let this person in; the code says why, and nothing of what was said.

    It is Django's refusal too, so that the sign-in library takes it for what it is.
    """

    default_code = "sso.refused"
