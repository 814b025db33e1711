"""An OpenID provider that is honest until it is told to lie: `control/next` names the lie of the next sign-in, or changes claims.

`control/person` says who is signed in, `control/client` who may ask, `control/recorded` what was asked. The code flow is kept
strictly otherwise: a code is good once and for its client, redirect address and PKCE verifier. Each lie of LIES is told once.
"""

import base64
import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.peers import serving
from tests.peers.serving import Answer, drawn

KID = "key-1"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC_PEM = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

# Lies in the claims of the id_token: what each makes of them.
CLAIM_LIES = {
    "wrong_aud": lambda c: {**c, "aud": "another-client"},
    "aud_missing": lambda c: _without(c, "aud"),
    "aud_list_of_two": lambda c: {**c, "aud": [c["aud"], "another-client"]},
    "azp_wrong": lambda c: {**c, "azp": "another-client"},
    "wrong_iss": lambda c: {**c, "iss": "https://other.example"},
    "iss_with_slash": lambda c: {**c, "iss": c["iss"] + "/"},
    "iss_missing": lambda c: _without(c, "iss"),
    "nonce_missing": lambda c: _without(c, "nonce"),
    "nonce_wrong": lambda c: {**c, "nonce": drawn()},
    "nonce_empty": lambda c: {**c, "nonce": ""},
    "nonce_of_before": lambda c: {**c, "nonce": STATE["last_nonce"] or "none-before"},
    "expired": lambda c: {**c, "iat": c["iat"] - 7200, "exp": c["iat"] - 3600},
    "exp_missing": lambda c: _without(c, "exp"),
    "iat_in_the_future": lambda c: {**c, "iat": c["iat"] + 3600, "exp": c["exp"] + 3600},
    "nbf_in_the_future": lambda c: {**c, "nbf": c["iat"] + 3600},
    "sub_missing": lambda c: _without(c, "sub"),
    "sub_a_number": lambda c: {**c, "sub": 1},
    "sub_differs": lambda c: {**c, "sub": c["sub"] + "-other"},
}
# Lies in how the id_token is signed.
SIGNATURE_LIES = {
    "alg_none": lambda c, _: _unsigned(c, "none"),
    "alg_none_in_capitals": lambda c, _: _unsigned(c, "nOnE"),
    "signature_stripped": lambda c, _: _signed(c).rsplit(".", 1)[0] + ".",
    "payload_changed": lambda c, _: _with_payload(_signed(c), {**c, "email": "root@studio.example"}),
    "hs256_with_the_secret": lambda c, secret: _hmac(c, secret.encode()),
    "hs256_with_the_public_key": lambda c, _: _hmac(c, PUBLIC_PEM),
    "unknown_kid": lambda c, _: _signed(c, OTHER, kid="key-2"),
    "kid_missing": lambda c, _: _signed(c, OTHER, kid=None),
    "other_key": lambda c, _: _signed(c, OTHER),
    "key_in_the_header": lambda c, _: _signed(c, OTHER, jwk=_jwk(OTHER, KID)),
    "key_by_the_header": lambda c, _: _signed(c, OTHER, jku="https://other.example/jwks"),
    "id_token_of_before": lambda c, _: STATE["last_token"] or _signed({**c, "nonce": "none-before"}),
    "no_id_token": lambda *_: None,
    "no_token_at_all": lambda *_: "not.a.token",
}
# Lies elsewhere on the way.
WAY_LIES = {
    "state_swapped", "state_missing", "error_redirect", "code_of_before", "iss_parameter_wrong", "token_error", "token_html",
    "token_redirect", "userinfo_sub_differs", "userinfo_without_sub", "userinfo_email_differs", "userinfo_error",
}  # fmt: skip
# Lies of discovery and of the key set; they last until `honest`.
DISCOVERY_LIES = {
    "issuer_of_another": {"issuer": "https://other.example"},
    "token_endpoint_private": {"token_endpoint": "https://10.0.0.1/token"},
    "token_endpoint_metadata": {"token_endpoint": "https://169.254.169.254/latest"},
    "userinfo_endpoint_plain": {"userinfo_endpoint": "http://127.0.0.1:1/userinfo"},
    "jwks_uri_file": {"jwks_uri": "file:///etc/passwd"},
    "algorithms_with_none": {"id_token_signing_alg_values_supported": ["none", "HS256", "RS256"]},
}
LIES = [*CLAIM_LIES, *SIGNATURE_LIES, *sorted(WAY_LIES)]
STATE: dict = {}


def _honest(*_):
    kept = {name: STATE.get(name, {}) for name in ("clients", "person")}
    STATE.clear()
    STATE.update(
        clients=kept["clients"],
        person=kept["person"] or {"sub": "u-1", "email": "ann@studio.example", "email_verified": True, "name": "Ann", "groups": []},
        lie=None, claims={}, codes={}, tokens={}, recorded=[], discovery={}, last_nonce=None, last_token=None, last_code=None,
    )  # fmt: skip
    return Answer(body={})


# --- tokens ----------------------------------------------------------------------------------------------------------------


def _without(claims, name):
    return {key: value for key, value in claims.items() if key != name}


def _signed(claims, key=KEY, *, kid=KID, **headers):
    payload = json.dumps(claims).encode()  # PyJWT's `encode` would mind a lie such as a number for `sub`
    return jwt.PyJWS().encode(payload, key, algorithm="RS256", headers={**({"kid": kid} if kid else {}), **headers})


def _part(value):
    return base64.urlsafe_b64encode(value if isinstance(value, bytes) else json.dumps(value).encode()).rstrip(b"=").decode()


def _unsigned(claims, algorithm):
    return f"{_part({'alg': algorithm, 'typ': 'JWT', 'kid': KID})}.{_part(claims)}."


def _with_payload(token, claims):
    head, _, signature = token.split(".")
    return f"{head}.{_part(claims)}.{signature}"


def _hmac(claims, secret):
    begun = f"{_part({'alg': 'HS256', 'typ': 'JWT', 'kid': KID})}.{_part(claims)}"
    return f"{begun}.{_part(hmac.new(secret, begun.encode(), hashlib.sha256).digest())}"


def _jwk(key, kid):
    return {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key())), "kid": kid, "use": "sig", "alg": "RS256"}


# --- the provider ------------------------------------------------------------------------------------------------------------


def configuration(asked):
    base = asked.base
    return Answer(body={
        "issuer": base, "authorization_endpoint": f"{base}/authorize", "token_endpoint": f"{base}/token",
        "userinfo_endpoint": f"{base}/userinfo", "jwks_uri": f"{base}/jwks", "end_session_endpoint": f"{base}/logout",
        "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "scopes_supported": ["openid", "email", "profile"],
        "id_token_signing_alg_values_supported": ["RS256"], "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        **STATE["discovery"],
    })  # fmt: skip


def jwks(_):
    return Answer(body={"keys": [_jwk(KEY, KID)]})


def authorize(asked):
    STATE["recorded"].append({"at": "authorize", **asked.query})
    client = STATE["clients"].get(asked.query.get("client_id"))
    to = asked.query.get("redirect_uri", "")
    if client is None or to not in client["redirect_uris"]:
        return Answer(400, {"error": "invalid_request"})
    code = drawn()
    STATE["codes"][code] = {"query": asked.query, "used": False, "at": time.time()}
    back = {"code": code, "state": asked.query.get("state", "")}
    lie = STATE["lie"]
    if lie == "state_swapped":
        back["state"] = drawn()
    elif lie == "state_missing":
        del back["state"]
    elif lie == "error_redirect":
        back = {"error": "access_denied", "error_description": "<script>alert(1)</script>", "state": back["state"]}
    elif lie == "code_of_before":
        back["code"] = STATE["last_code"] or "none-before"
    elif lie == "iss_parameter_wrong":
        back["iss"] = "https://other.example"
    if lie in {"state_swapped", "state_missing", "error_redirect", "code_of_before", "iss_parameter_wrong"}:
        STATE["lie"] = None
    return serving.redirect(f"{to}{'&' if '?' in to else '?'}{urlencode(back)}")


def _refusal(form, kept):
    """Return why a code is not taken, or None."""
    query = kept["query"] if kept else {}
    challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
    client = STATE["clients"].get(form.get("client_id"), {})
    right = (
        kept is not None and not kept["used"] and form.get("client_secret") == client.get("secret")
        and form.get("client_id") == query.get("client_id") and form.get("redirect_uri") == query.get("redirect_uri")
        and query.get("code_challenge_method") == "S256" and query.get("code_challenge") == challenge
    )  # fmt: skip
    return None if right else "invalid_grant"


def _form(asked):
    said = asked.headers.get("Authorization", "")
    if not said.startswith("Basic "):
        return asked.form
    name, _, secret = base64.b64decode(said[6:]).decode().partition(":")
    return {**asked.form, "client_id": name, "client_secret": secret}


def token(asked):
    form = _form(asked)
    STATE["recorded"].append({"at": "token", **form})
    kept = STATE["codes"].get(form.get("code"))
    refused = _refusal(form, kept)
    if refused:
        return Answer(400, {"error": refused})
    kept["used"] = True
    lie, STATE["lie"] = STATE["lie"], None
    if lie == "token_error":
        return Answer(500, {"error": "server_error", "error_description": "the-secret-of-the-answer"})
    if lie == "token_html":
        return Answer(200, "<html>the-secret-of-the-answer</html>")
    if lie == "token_redirect":
        return serving.redirect("https://127.0.0.1:1/token")
    claims = _claims(asked, kept["query"], form["client_id"])
    said = SIGNATURE_LIES[lie](claims, form["client_secret"]) if lie in SIGNATURE_LIES else _signed(_lied(claims, lie))
    access = drawn()
    STATE["tokens"][access] = lie
    STATE.update(last_nonce=kept["query"].get("nonce"), last_token=said, last_code=form["code"])
    body = {"access_token": access, "token_type": "Bearer", "expires_in": 300}
    return Answer(body=body if said is None else {**body, "id_token": said})


def _claims(asked, query, client):
    now = int(time.time())
    claims = {"iss": asked.base, "aud": client, "iat": now, "exp": now + 300, "auth_time": now, "jti": drawn(), **STATE["person"]}
    if "nonce" in query:
        claims["nonce"] = query["nonce"]
    changed = {**claims, **STATE["claims"]}
    for name in ("iat", "exp", "auth_time"):  # a negative number is so many seconds ago
        if isinstance(changed.get(name), int) and changed[name] <= 0:
            changed[name] += now
    return {name: value for name, value in changed.items() if value is not None}


def _lied(claims, lie):
    return CLAIM_LIES[lie](claims) if lie in CLAIM_LIES else claims


def userinfo(asked):
    access = asked.headers.get("Authorization", "").removeprefix("Bearer ")
    if access not in STATE["tokens"]:
        return Answer(401, {"error": "invalid_token"})
    lie = STATE["tokens"][access]
    told = {**STATE["person"], **{name: value for name, value in STATE["claims"].items() if name in STATE["person"]}}
    if lie == "userinfo_sub_differs":
        told["sub"] += "-other"
    elif lie == "userinfo_without_sub":
        del told["sub"]
    elif lie == "userinfo_email_differs":
        told["email"] = "root@studio.example"
    elif lie == "userinfo_error":
        return Answer(500, "the-secret-of-the-answer")
    return Answer(body=told)


def logout(asked):
    STATE["recorded"].append({"at": "logout", **asked.query})
    to = asked.query.get("post_logout_redirect_uri")
    return serving.redirect(to) if to else Answer(body="signed out")


# --- what the test tells ------------------------------------------------------------------------------------------------------


def control_client(asked):
    STATE["clients"][asked.json["id"]] = asked.json
    return Answer(body={})


def control_person(asked):
    STATE["person"] = asked.json
    return Answer(body={})


def control_next(asked):
    """Take `lie` (one of LIES or DISCOVERY_LIES) or `claims` (changes of the id_token's; null takes one away)."""
    lie = asked.json.get("lie")
    if lie is not None and lie not in LIES and lie not in DISCOVERY_LIES:
        return Answer(400, {"error": "no such lie"})
    STATE.update(lie=None if lie in DISCOVERY_LIES else lie, claims=asked.json.get("claims", {}))
    STATE["discovery"] = DISCOVERY_LIES.get(lie, {})
    return Answer(body={})


def control_discovery(asked):
    STATE["discovery"] = asked.json
    return Answer(body={})


def control_logout_token(asked):
    """Return a logout_token with changes of `claims` (null takes one away) and `headers`; what else is said are claims."""
    now, plain = int(time.time()), {name: one for name, one in asked.json.items() if name not in {"headers", "other_key"}}
    given = asked.json.get("claims", plain)
    event = {"http://schemas.openid.net/event/backchannel-logout": {}}
    made = {"iss": asked.base, "iat": now, "exp": now + 120, "jti": drawn(), "events": event, **given}
    claims = {name: value for name, value in made.items() if value is not None}
    key = OTHER if asked.json.get("other_key") else KEY
    return Answer(body={"token": _signed(claims, key, **{"typ": "logout+jwt", **asked.json.get("headers", {})})})


def control_recorded(_):
    return Answer(body={"asked": STATE["recorded"]})


ROUTES = {
    "GET /.well-known/openid-configuration": configuration,
    "GET /jwks": jwks,
    "GET /authorize": authorize,
    "POST /token": token,
    "GET /userinfo": userinfo,
    "GET /logout": logout,
    "POST /control/client": control_client,
    "POST /control/person": control_person,
    "POST /control/next": control_next,
    "POST /control/discovery": control_discovery,
    "POST /control/logout_token": control_logout_token,
    "POST /control/recorded": control_recorded,
    "POST /control/honest": _honest,
}


if __name__ == "__main__":
    _honest()
    serving.serve(serving.bind(serving.arguments()), serving.application(ROUTES))
