"""What the OpenID provider says beyond the library's own claims: groups, when and how the person signed in."""

import time

from allauth.idp.oidc.adapter import DefaultOIDCAdapter

from tests.peers.oidc import STATE


class Adapter(DefaultOIDCAdapter):
    def populate_id_token(self, id_token, *_, **__):
        id_token["auth_time"] = STATE["signed_in"].get(id_token["sub"], int(time.time()))
        id_token["amr"] = STATE["amr"]

    def get_claims(self, purpose, user, client, scopes, **more):
        claims = super().get_claims(purpose, user, client, scopes, **more)
        return {**claims, "groups": STATE["groups"].get(str(user.pk), [])}
