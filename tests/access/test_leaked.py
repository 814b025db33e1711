"""A token that somebody found: whoever holds its value ends it, and learns nothing; who may revoke any ends it by its row."""

import json

import pytest
from django.test import Client, override_settings

from access import services as access
from access import tokens
from access.api.service_accounts import LeakedThrottle
from access.models import ApiToken
from access.roles import Role
from access.rules import TokenKind
from kernel.errors import Forbidden, NotFound, Unauthenticated
from kernel.scope import tenant_scope
from tests.access.joining import call, entries_of, join
from tests.factories.studio import found

WHERE = "/api/v1/tokens/leaked"


@pytest.fixture(scope="module")
def own(keeper):
    made = found("Leaks")
    join(made, "adam", Role.ADMIN)
    return made


def paste(value, *, address="198.51.100.7", **headers):
    sent = json.dumps({"token": value})
    return Client(headers=headers).post(WHERE, sent, content_type="application/json", REMOTE_ADDR=address)


def issued(studio, name, who="alice"):
    value = access.issue_token(studio.actor(who), name=name)
    with tenant_scope(studio.tenant, read_only=True):
        return value, ApiToken.objects.get(hash=tokens.digest(value)).pk


def is_open(value):
    try:
        access.bearer_of(value)
    except Unauthenticated:
        return False
    return True


def test_nobody_ends_a_token_that_he_found(own):
    (value, row), (kept, _) = issued(own, "lost"), issued(own, "kept")
    assert is_open(value)
    assert paste(value).status_code == 204
    assert (is_open(value), is_open(kept)) == (False, True)
    last = entries_of(own, "token.revoked")[0]
    assert (last.actor, last.facts) == ("unknown", {"token": str(row), "why": "leaked"})
    assert paste(value).status_code == 204
    assert len(entries_of(own, "token.revoked")) == 1


def test_somebody_signed_in_does_too_also_by_the_token_itself_and_from_another_studio(own, elsewhere):
    for by in (None, elsewhere.token("alice"), own.token("tina")):
        value, _ = issued(own, f"lost to {by}"[:40])
        assert paste(value, Authorization=f"Bearer {by or value}").status_code == 204
        assert not is_open(value)
        assert entries_of(own, "token.revoked")[0].actor == "unknown"


@pytest.mark.parametrize("kind", TokenKind)
def test_a_token_that_there_is_not_is_answered_alike(own, kind):
    value, _ = issued(own, f"to compare {kind}")
    known, unknown = paste(value), paste(tokens.draw(kind))
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (204, b"")
    assert known.headers.items() == unknown.headers.items()


@pytest.mark.parametrize("value", ["", "ghl_pat_", "x" * 50, "ghl_pat_" + "a" * 42, "Ω" * 20])
def test_what_never_was_a_token_is_no_token(value):
    assert paste(value).status_code in {400, 422}


def test_it_is_not_tried_without_end(own):
    value, _ = issued(own, "patient")
    rate = int(LeakedThrottle.rate.split("/")[0])
    # A header is the sender's own word: it does not buy another try.
    answers = [
        paste(tokens.draw(), address="203.0.113.9", **{"X-Forwarded-For": f"10.0.0.{number}"}).status_code
        for number in range(rate + 1)
    ]
    assert answers == [204] * rate + [429]
    refused = paste(value, address="203.0.113.9")
    assert (refused.status_code, refused.json()["code"]) == (429, "throttled")
    assert is_open(value)
    assert paste(value, address="203.0.113.10").status_code == 204
    assert not is_open(value)


def test_behind_a_trusted_proxy_each_sender_has_tries_of_her_own(own):
    rate = int(LeakedThrottle.rate.split("/")[0])
    with override_settings(TRUSTED_PROXIES=["203.0.113.20"]):
        for _ in range(rate):
            paste(tokens.draw(), address="203.0.113.20", **{"X-Forwarded-For": "198.51.100.20"})
        used_up = paste(tokens.draw(), address="203.0.113.20", **{"X-Forwarded-For": "192.0.2.1, 198.51.100.20"})
        other = paste(tokens.draw(), address="203.0.113.20", **{"X-Forwarded-For": "198.51.100.21"})
    assert (used_up.status_code, other.status_code) == (429, 204)


def test_who_may_revoke_any_sees_and_ends_anybodys(own):
    value, row = issued(own, "found in a script")
    shown = call(own, "adam", "get", f"/api/v1/studio-tokens?person={own.people['alice']}&name=script").json()["results"]
    assert [(one["id"], one["kind"], one["person_name"]) for one in shown] == [(str(row), "pat", "Alice")]
    assert value not in json.dumps(shown)
    assert tokens.digest(value) not in json.dumps(shown)
    assert call(own, "adam", "delete", f"/api/v1/studio-tokens/{row}").status_code == 204
    assert not is_open(value)
    assert entries_of(own, "token.revoked")[0].facts == {"token": str(row), "why": "by_another"}
    assert call(own, "adam", "delete", f"/api/v1/studio-tokens/{row}").status_code == 204
    assert call(own, "adam", "get", "/api/v1/studio-tokens?kind=svc").json()["results"] == []


@pytest.mark.parametrize("who", ["alice", "tina", "lena", "olive"])
def test_nobody_else_does(own, who):
    value, row = issued(own, f"not for {who}")
    assert call(own, who, "get", "/api/v1/studio-tokens").status_code == 403
    assert call(own, who, "delete", f"/api/v1/studio-tokens/{row}").status_code == 403
    with pytest.raises(Forbidden):
        access.revoke_anybodys_token(own.actor(who), token=row)
    assert is_open(value)
    access.revoke_anybodys_token(own.actor("adam", project=False), token=row)
    assert not is_open(value)


def test_another_studios_token_is_none(own, elsewhere):
    value, row = issued(elsewhere, "theirs")
    with pytest.raises(NotFound):
        access.revoke_anybodys_token(own.actor("adam", project=False), token=row)
    assert is_open(value)
