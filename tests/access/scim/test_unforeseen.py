"""What nobody foresaw is said in SCIM's form too, without a word of what happened."""

import logging

import pytest
from django.db import connection

from tests.access.scim.saying import is_error

SECRET = "what the database said of alice@example.com"


@pytest.fixture
def broken():
    """Let the first statement that names groups fail as no statement of ours does."""

    def fail(execute, sql, params, many, context):
        if "access_group" in sql:
            raise ArithmeticError(SECRET)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        yield


@pytest.mark.parametrize("verb", ["get", "post", "put"])
def test_it_is_a_scim_error_that_tells_nothing(shared, broken, caplog, verb):
    ask = {
        "get": lambda: shared.get("/Groups"),
        "post": lambda: shared.post("/Groups", {"displayName": "Foxes"}),
        "put": lambda: shared.ask("put", f"/Groups/{shared.studio.tenant}", {"displayName": "Foxes"}),
    }
    with caplog.at_level(logging.CRITICAL, "access.scim.errors"):
        answer = ask[verb]()
    is_error(answer, 500)
    assert answer.json()["detail"] == "Something went wrong here; it is in the service's log."
    for told in (SECRET, "ArithmeticError", "Traceback"):
        assert told.encode() not in answer.content


def test_the_log_says_what_it_was(shared, broken, caplog):
    is_error(shared.get("/Groups"), 500)
    [said] = [one for one in caplog.records if one.name == "access.scim.errors"]
    assert said.getMessage() == "scim: unforeseen ArithmeticError"
    assert SECRET in str(said.exc_info[1])
