"""Identity providers, mappings and domains of a studio, set up by its owner without asking anybody on the network."""

import json

ISSUER = "https://idp.example.com"
DISCOVERY = {
    "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/authorize", "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/jwks", "id_token_signing_alg_values_supported": ["RS256"],
}  # fmt: skip


def federated(studio):
    """Return two of each: one deed uses one up."""
    from django.utils import timezone

    from access.models import CapturedDomain
    from access.roles import Role
    from access.rules import Protocol
    from access.services import identity
    from kernel.scope import tenant_scope

    tom = studio.actor("tom", project=False)

    def provider(name):
        wanted = identity.Wanted(
            name=name, protocol=Protocol.OIDC, metadata=json.dumps(DISCOVERY), client_id="guildhall", client_secret="s"
        )
        return identity.add_provider(tom, wanted=wanted).pk

    things = {name: provider(name.replace("_", " ")) for name in ("provider", "spare_provider")}
    identity.link_identity(tom, person=studio.people["tina"], provider=things["provider"], uid=f"tina of {studio.slug}")
    for name in ("mapping", "spare_mapping"):
        given = identity.Given(claimed=name, role=Role.VIEWER, project=studio.project)
        things[name] = identity.add_mapping(tom, provider=things["provider"], given=given).pk
    for name in ("domain", "spare_domain"):
        claimed = identity.claim_domain(tom, domain=f"{name.replace('_', '-')}.{studio.slug}.example", provider=things["provider"])
        things[name] = claimed.pk
    with tenant_scope(studio.tenant):
        CapturedDomain.objects.filter(pk=things["domain"]).update(proved=timezone.now())
    return things
