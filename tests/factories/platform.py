"""The platform's own people: opal (operator) and sam (support), made once per run as a person would make them."""

import functools

from tests.factories.studio import PASSWORD, Studio


@functools.cache
def platform():
    """Return the platform's tenant with its people; it has no project."""
    from django.conf import settings

    from access import services as access
    from access.models import PLATFORM
    from access.roles import Role

    opal = access.name_operator(email="opal@example.com", name="Opal", password=PASSWORD)
    operator = access.actor_for(opal, tenant=PLATFORM, is_stepped_up=True)
    sam = access.add_person(operator, email="sam@example.com", name="Sam", password=PASSWORD).pk
    access.grant(operator, person=sam, role=Role.SUPPORT)
    return Studio(PLATFORM, settings.PLATFORM_ADDRESS, None, {"opal": opal, "sam": sam})
