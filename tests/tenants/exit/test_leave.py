"""Who may take a model away, and what may not leave."""

import uuid

import pytest
from django.test import Client

from access.roles import Permission
from governance.audit import services as audit
from kernel.errors import Conflict, Forbidden, NotFound
from tenants.exit import services as leaving
from tests.tenants.exit.conftest import without


def last(actor):
    with actor.reading():
        return audit.entries(audit.Filter(limit=1))[0]


def test_a_request_waits_as_a_recorded_intent(trained):
    lena = trained.studio.actor("lena")
    asked = leaving.request(lena, model=trained.model)
    assert asked.state == "queued" and asked.duties == ["keep the notice", "pass on the licence's text"]
    entry = last(lena)
    assert entry.kind == "exit.requested" and entry.id == asked.intent_id
    with pytest.raises(Conflict):
        leaving.hand_over(lena, exit_id=asked.pk)


@pytest.mark.parametrize("licence", ["LicenseRef-FLUX-1-dev-Non-Commercial", "LicenseRef-Stability-Community", "nobody knows"])
def test_what_its_licence_keeps_here_is_refused_and_recorded(trained, under_licence, processes, licence):
    from dispatch import services as dispatch

    under_licence(licence)
    lena = trained.studio.actor("lena")
    asked = leaving.request(lena, model=trained.model)
    assert asked.state == "refused" and asked.refusals
    assert last(lena).kind == "exit.refused" and last(lena).facts["exit"] == str(asked.pk)
    with pytest.raises(Conflict):
        leaving.hand_over(lena, exit_id=asked.pk)
    with processes.be("worker"):
        assert dispatch.claim(worker="test", kinds=["exit"]) is None


def test_what_is_not_approved_does_not_leave(trained):
    from tenants.registry import services as registry

    registry.retire(trained.studio.actor("lena"), model=trained.model)
    with pytest.raises(Conflict):
        leaving.request(trained.studio.actor("lena"), model=trained.model)


def test_a_bundle_that_cannot_be_built_is_recorded_so(trained, processes):
    from workers.tasks.exit import Exit

    lena = trained.studio.actor("lena")
    asked = leaving.request(lena, model=trained.model)
    with processes.errand("exit") as errand:
        Exit().record_failure(errand, code="worn_out")
    with lena.reading():
        row = leaving.found(lena, exit_id=asked.pk)
    assert (row.state, row.code) == ("failed", "worn_out")
    assert last(lena).kind == "exit.refused"


def test_without_the_permission_nobody_asks_looks_or_takes(trained, assembled, api):
    studio = trained.studio
    for actor in (studio.actor("alice"), without(studio.actor("lena"), Permission.EXPORT_REQUEST)):
        with pytest.raises(Forbidden):
            leaving.request(actor, model=trained.model)
        with pytest.raises(Forbidden):
            leaving.hand_over(actor, exit_id=assembled.pk)
        with actor.reading(), pytest.raises(Forbidden):
            leaving.found(actor, exit_id=assembled.pk)
    where = f"/api/v1/projects/{studio.project}/exits"
    alice = api(studio, "alice")
    assert alice.get(where).status_code == 403
    assert alice.get(f"{where}/{assembled.pk}/bundle").status_code == 403
    assert alice.post(where, {"model": str(trained.model)}, content_type="application/json").status_code == 403


def test_mallory_finds_neither_model_nor_bundle(trained, assembled, elsewhere, api):
    mallory = elsewhere.actor("lena")
    with pytest.raises(NotFound):
        leaving.request(mallory, model=trained.model)
    with pytest.raises(NotFound):
        leaving.hand_over(mallory, exit_id=assembled.pk)
    theirs = f"/api/v1/projects/{trained.studio.project}/exits/{assembled.pk}/bundle"
    own = f"/api/v1/projects/{elsewhere.project}/exits/{assembled.pk}/bundle"
    assert [api(elsewhere, "lena").get(one).status_code for one in (theirs, own)] == [404, 404]
    with pytest.raises(NotFound):
        leaving.request(trained.studio.actor("lena"), model=uuid.uuid4())


def test_it_is_handed_over_over_http_each_time_by_an_entry_of_its_own(trained, assembled, api, processes):
    studio = trained.studio
    where = f"/api/v1/projects/{studio.project}/exits/{assembled.pk}/bundle"
    with processes.be("web"):
        answers = [api(studio, "lena").get(where) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].content == answers[1].content and answers[0].headers["Guildhall-Opening"]
    with studio.actor("lena").reading():
        handed = audit.entries(audit.Filter("exit.handed_over", fact=("exit", str(assembled.pk))))
    assert len(handed) == 2 and {one.facts["assembled"] for one in handed} == {answers[0].headers["Guildhall-Entry"]}


def test_asking_for_the_headers_alone_hands_nothing_over(trained, assembled, api):
    studio, lena = trained.studio, trained.studio.actor("lena")
    asked = api(studio, "lena").head(f"/api/v1/projects/{studio.project}/exits/{assembled.pk}/bundle")
    assert asked.status_code == 405
    assert last(lena).kind != "exit.handed_over"
    with lena.reading():
        assert leaving.found(lena, exit_id=assembled.pk).state == "ready"


def test_a_link_hands_the_bundle_over_to_its_person_alone_and_each_time_is_recorded(trained, assembled, api):
    studio, lena = trained.studio, trained.studio.actor("lena")
    made = api(studio, "lena").post(f"/api/v1/projects/{studio.project}/exits/{assembled.pk}/download-link")
    url = made.json()["url"]
    assert last(lena).kind != "exit.handed_over"
    refused = [Client().get(url), api(studio, "tina").get(url), api(studio, "lena").get(f"{url}A")]
    assert {(answer.status_code, answer.content) for answer in refused} == {(404, refused[0].content)}
    assert last(lena).kind != "exit.handed_over"
    taken, plain = api(studio, "lena").get(url), leaving.hand_over(lena, exit_id=assembled.pk)
    assert (taken.status_code, taken.headers["Content-Type"], taken.content) == (200, "application/zip", plain.content)
    assert (taken.headers["Guildhall-Entry"], taken.headers["Guildhall-Opening"]) == (str(plain.assembled), plain.opening)
    with lena.reading():
        handed = audit.entries(audit.Filter(kind="exit.handed_over", fact=("exit", str(assembled.pk))))
    assert len(handed) == 2


def test_no_link_before_the_bundle_is_ready_nor_for_who_may_not_ask(trained):
    lena = trained.studio.actor("lena")
    asked = leaving.request(lena, model=trained.model)
    with pytest.raises(Conflict, match="not_ready"):
        leaving.link(lena, exit_id=asked.pk)
    with pytest.raises(Forbidden):
        leaving.link(without(lena, Permission.EXPORT_REQUEST), exit_id=asked.pk)
