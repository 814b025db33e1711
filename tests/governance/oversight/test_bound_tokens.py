"""A token that is bound to a project reads that project's entries, not the studio's."""

import pytest
from django.test import Client

from access import services as access
from tests.factories.studio import found


@pytest.fixture(scope="module")
def own(keeper):
    return found("Ledger")


def entries(token):
    answer = Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/ledger/entries?limit=200")
    return answer.status_code, answer.json().get("results", [])


@pytest.mark.parametrize("who", ["alice", "olive"])
def test_a_bound_token_reads_no_other_projects_entries(own, who):
    bound = access.issue_token(own.actor(who), name="bound", project=own.project)
    status, told = entries(bound)
    assert status == 200
    assert {one["project"] for one in told} == {str(own.project)}


def test_nor_one_by_its_id_nor_its_proof(own):
    bound = access.issue_token(own.actor("olive"), name="bound", project=own.project)
    free = access.issue_token(own.actor("olive", project=False), name="free")
    founded = next(one["id"] for one in entries(free)[1] if one["kind"] == "tenant.founded")
    made = next(one["id"] for one in entries(free)[1] if one["kind"] == "project.created")

    def ask(token, path):
        return Client(headers={"Authorization": f"Bearer {token}"}).get(f"/api/v1/ledger/{path}").status_code

    assert (ask(free, f"entries/{founded}"), ask(bound, f"entries/{founded}")) == (200, 404)
    assert (ask(free, f"entries/{made}"), ask(bound, f"entries/{made}")) == (200, 200)
    # Nothing is published here, so who may ask for a proof is told to wait.
    assert (ask(free, f"entries/{founded}/proof"), ask(bound, f"entries/{founded}/proof")) == (409, 404)
    assert (ask(free, f"entries?project={own.people['tom']}"), ask(bound, f"entries?project={own.people['tom']}")) == (
        200,
        404,
    )


def test_an_officers_free_token_reads_the_studios(own):
    status, told = entries(access.issue_token(own.actor("olive", project=False), name="free"))
    assert status == 200
    assert None in {one["project"] for one in told}
