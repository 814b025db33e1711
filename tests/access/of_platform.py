"""What the tests of the platform's people ask, and what then stands in a log."""

import json

from access import services as access
from access.models import Tenant
from governance.audit import services as audit
from kernel.scope import tenant_scope
from tests.factories.studio import PASSWORD

NEW = {"name": "Opened", "owner_email": "o@example.com", "owner_name": "O"}


def sent(client, verb, path, body=None):
    if verb == "get":
        return client.get(path)
    return getattr(client, verb)(path, json.dumps(body), content_type="application/json")


def entries(tenant, kind):
    with tenant_scope(tenant, read_only=True):
        return audit.entries(audit.Filter(kind=kind, limit=200))


def row(tenant):
    with tenant_scope(tenant, read_only=True):
        return Tenant.objects.get(pk=tenant)


def new(address, **changes):
    owner = access.NewPerson("o@example.com", "O", PASSWORD)
    return access.NewStudio(**{"name": "Opened", "slug": address, "owner": owner} | changes)
