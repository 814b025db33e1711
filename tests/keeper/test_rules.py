"""Each refusal stands beside the same ask by one who may."""

import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from keeper import rules
from keeper.rules import Wanted
from kernel.canonical import objects_digest
from kernel.errors import KeeperRefused

NOW = datetime(2026, 3, 1, 10, 20, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    kind: str = "generation.submitted"
    facts: dict[str, Any] = field(default_factory=dict)
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    tenant: uuid.UUID = field(default_factory=uuid.uuid4)
    project: uuid.UUID | None = field(default_factory=uuid.uuid4)
    ts: datetime = NOW


def keys_of(entry, count=2, made_for=None):
    return [Wanted(uuid.uuid4(), entry.tenant, entry.project, made_for or uuid.uuid4()) for _ in range(count)]


def code(rule, *args, **kwargs):
    with pytest.raises(KeeperRefused) as refused:
        rule(*args, **kwargs)
    return refused.value.code


VERBS = ("found", "generate", "index", "open", "secret", "sign", "viewed", "destroy", "public")
ALLOWED = {
    "web": {"found", "generate", "index", "open", "secret", "public"},
    "command": {"found", "generate", "index", "open", "public"},
    "worker": {"generate", "index", "open", "sign", "destroy", "viewed", "public"},
    "device": {"generate", "index", "open", "sign", "public"},
    "integrator": {"sign", "public"},
    "keeper": set(),
    "engine": set(),
}


@pytest.mark.parametrize("process", ALLOWED)
@pytest.mark.parametrize("verb", VERBS)
def test_each_process_has_its_verbs_and_no_other(process, verb):
    if verb in ALLOWED[process]:
        rules.may_ask(process, verb)
    else:
        assert code(rules.may_ask, process, verb) == "verb.not_yours"


SIGNERS = {"worker": {"bundle"}, "device": {"claim", "model"}, "integrator": {"checkpoint"}}
KINDS = {"claim": "generation.submitted", "model": "training.finished", "bundle": "exit.requested", "checkpoint": "any"}


@pytest.mark.parametrize("process", ["web", "command", "worker", "device", "integrator"])
@pytest.mark.parametrize("purpose", KINDS)
def test_each_process_signs_its_purposes_and_no_other(process, purpose):
    entry = Entry(KINDS[purpose])
    if purpose in SIGNERS.get(process, ()):
        rules.may_sign(process, purpose, entry, tenant=entry.tenant)
    else:
        assert code(rules.may_sign, process, purpose, entry, tenant=entry.tenant) == "purpose.not_yours"


def test_a_claim_needs_an_entry_of_that_tenant_and_kind():
    entry = Entry()
    rules.may_sign("device", "claim", entry, tenant=entry.tenant)
    assert code(rules.may_sign, "device", "claim", None, tenant=entry.tenant) == "entry.missing"
    assert code(rules.may_sign, "device", "claim", entry, tenant=uuid.uuid4()) == "entry.missing"
    assert code(rules.may_sign, "device", "claim", replace(entry, kind="view.opened"), tenant=entry.tenant) == "entry.other_kind"


def test_an_intent_opens_exactly_what_it_names():
    entry = Entry()
    asked = keys_of(entry)
    intent = replace(entry, facts={"opens": objects_digest(one.object for one in asked)})
    assert rules.may_open("device", intent, asked, of=None, now=NOW) is False
    assert rules.may_open("device", intent, asked[:1], of=[one.object for one in asked], now=NOW) is False
    assert code(rules.may_open, "device", intent, asked[:1], of=None, now=NOW) == "entry.opens_other_objects"
    assert code(rules.may_open, "device", entry, asked, of=None, now=NOW) == "entry.opens_other_objects"


def test_a_list_that_fits_the_intent_does_not_open_what_is_not_on_it():
    entry = Entry()
    named, other = keys_of(entry), keys_of(entry, 1)
    intent = replace(entry, facts={"opens": objects_digest(one.object for one in named)})
    refused = code(rules.may_open, "device", intent, other, of=[one.object for one in named], now=NOW)
    assert refused == "entry.opens_other_objects"


def test_a_key_opens_for_the_entry_it_was_generated_for():
    entry = Entry()
    assert rules.may_open("device", entry, keys_of(entry, made_for=entry.id), of=None, now=NOW) is False
    assert code(rules.may_open, "device", entry, keys_of(entry), of=None, now=NOW)


def test_no_entry_opens_nothing_and_no_entry_opens_another_tenants():
    entry = Entry()
    foreign = keys_of(Entry(), made_for=entry.id)
    assert code(rules.may_open, "device", None, keys_of(entry), of=None, now=NOW) == "entry.missing"
    assert code(rules.may_open, "device", entry, foreign, of=None, now=NOW) == "entry.other_tenant"


@pytest.mark.parametrize("process", ["web", "command"])
def test_those_who_serve_people_open_only_what_people_do(process):
    entry = Entry()
    asked = keys_of(entry, made_for=entry.id)
    opens = {"opens": objects_digest(one.object for one in asked)}
    for kind in ("generation.submitted", "training.started", "generation.completed"):
        assert (
            code(rules.may_open, process, replace(entry, kind=kind, facts=opens), asked, of=None, now=NOW) == "entry.not_for_people"
        )
    for kind in ("asset.downloaded", "exit.handed_over"):
        assert rules.may_open(process, replace(entry, kind=kind, facts=opens), asked, of=None, now=NOW) is False


def test_a_view_opens_its_project_for_its_hour_and_is_noted():
    view = Entry("view.opened")
    asked = keys_of(view)
    late = NOW.replace(hour=11, minute=4)
    assert rules.may_open("web", view, asked, of=None, now=NOW) is True
    assert rules.may_open("web", view, asked, of=None, now=late) is True
    assert code(rules.may_open, "web", view, asked, of=None, now=late + timedelta(minutes=2)) == "view.over"
    assert code(rules.may_open, "web", view, asked, of=None, now=NOW - timedelta(hours=1)) == "view.over"
    other = replace(view, project=uuid.uuid4())
    assert code(rules.may_open, "web", other, asked, of=None, now=NOW) == "view.other_project"


def test_a_view_is_noted_also_for_what_was_generated_for_it():
    view = Entry("view.opened")
    assert rules.may_open("web", view, keys_of(view, made_for=view.id), of=None, now=NOW) is True


def test_destroying_needs_an_entry_that_names_just_these_keys():
    project, person = uuid.uuid4(), uuid.uuid4()
    one = Entry("keys.destroy_asked", {"destroys": objects_digest([project, person])}, project=project)
    whole = replace(one, facts={"destroys": objects_digest([project])})
    rules.may_destroy(one, tenant=one.tenant, project=project, person=person)
    rules.may_destroy(whole, tenant=one.tenant, project=project, person=None)
    asked = {"tenant": one.tenant, "project": project}
    assert code(rules.may_destroy, one, **asked, person=None) == "entry.destroys_other_keys"
    assert code(rules.may_destroy, whole, **asked, person=person) == "entry.destroys_other_keys"
    assert code(rules.may_destroy, whole, tenant=one.tenant, project=uuid.uuid4(), person=None) == "entry.destroys_other_keys"
    assert code(rules.may_destroy, whole, tenant=uuid.uuid4(), project=project, person=None) == "entry.missing"
    assert code(rules.may_destroy, replace(whole, kind="view.opened"), **asked, person=None) == "entry.other_kind"
    assert code(rules.may_destroy, None, **asked, person=None) == "entry.missing"
