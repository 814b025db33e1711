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
KINDS = {"claim": "generation.submitted", "model": "training.started", "bundle": "exit.requested", "checkpoint": "any"}
HOLDS = {"claim": "generate", "model": "train", "bundle": "exit", "checkpoint": "generate"}


@dataclass(frozen=True)
class Held:
    tenant: uuid.UUID
    project: uuid.UUID | None
    kind: str = "generate"


@pytest.mark.parametrize("process", ["web", "command", "worker", "device", "integrator"])
@pytest.mark.parametrize("purpose", KINDS)
def test_each_process_signs_its_purposes_and_no_other(process, purpose):
    entry = Entry(KINDS[purpose])
    held = [Held(entry.tenant, entry.project, HOLDS[purpose])]
    if purpose in SIGNERS.get(process, ()):
        rules.may_sign(process, purpose, entry, tenant=entry.tenant, held=held)
    else:
        assert code(rules.may_sign, process, purpose, entry, tenant=entry.tenant, held=held) == "purpose.not_yours"


def test_a_claim_needs_the_intent_of_a_held_ticket_of_that_tenant():
    entry = Entry()
    asked = {"tenant": entry.tenant, "held": [Held(entry.tenant, entry.project)]}
    rules.may_sign("device", "claim", entry, **asked)
    assert code(rules.may_sign, "device", "claim", None, **asked) == "entry.missing"
    assert code(rules.may_sign, "device", "claim", entry, **asked | {"tenant": uuid.uuid4()}) == "entry.missing"
    assert code(rules.may_sign, "device", "claim", replace(entry, kind="view.opened"), **asked) == "entry.other_kind"
    for held in (
        [],
        [Held(entry.tenant, uuid.uuid4())],
        [Held(uuid.uuid4(), entry.project)],
        [Held(entry.tenant, entry.project, "exit")],
    ):
        assert code(rules.may_sign, "device", "claim", entry, **asked | {"held": held}) == "entry.not_leased"


def work(entry, asked, *, process="device", of=None, held=None):
    """Ask as a worker that holds the entry's ticket, unless told otherwise."""
    tickets = [Held(entry.tenant, entry.project)] if held is None else held
    return rules.may_open_for_work(process, entry, asked, of=of, held=tickets)


def people(entry, asked, *, of=None, now=NOW):
    return rules.may_open_for_people(entry, asked, of=of, now=now)


def naming(entry, asked):
    return replace(entry, facts={"opens": objects_digest(one.object for one in asked)})


def test_an_intent_opens_exactly_what_it_names():
    entry = Entry()
    asked = keys_of(entry)
    intent = naming(entry, asked)
    work(intent, asked)
    work(intent, asked[:1], of=[one.object for one in asked])
    assert code(work, intent, asked[:1]) == "entry.opens_other_objects"
    assert code(work, entry, asked) == "entry.opens_other_objects"


def test_a_list_that_fits_the_intent_does_not_open_what_is_not_on_it():
    entry = Entry()
    named, other = keys_of(entry), keys_of(entry, 1)
    assert code(work, naming(entry, named), other, of=[one.object for one in named]) == "entry.opens_other_objects"


def test_a_key_opens_for_the_entry_it_was_generated_for():
    entry = Entry()
    work(entry, keys_of(entry, made_for=entry.id))
    assert code(work, entry, keys_of(entry)) == "entry.opens_other_objects"


def test_a_worker_opens_only_for_a_ticket_that_it_holds():
    entry = replace(Entry(), ts=NOW - timedelta(days=900))
    for asked in (keys_of(entry), keys_of(entry, made_for=entry.id)):
        intent = naming(entry, asked)
        mine = Held(entry.tenant, entry.project)
        work(intent, asked, held=[mine])
        assert code(work, intent, asked, held=[]) == "entry.not_leased"
        for other in (replace(mine, project=uuid.uuid4()), replace(mine, tenant=uuid.uuid4()), replace(mine, kind="exit")):
            assert code(work, intent, asked, held=[other]) == "entry.not_leased"


@pytest.mark.parametrize(
    ("process", "kinds"),
    [("device", {"generate", "replay", "evaluate", "train"}), ("worker", {"exit", "housekeeping"}), ("integrator", set())],
)
def test_each_worker_opens_for_its_own_kinds_of_tickets(process, kinds):
    entry = Entry()
    asked = keys_of(entry)
    for kind in ("generate", "replay", "evaluate", "train", "exit", "housekeeping"):
        held = [Held(entry.tenant, entry.project, kind)]
        if kind in kinds:
            work(naming(entry, asked), asked, process=process, held=held)
        else:
            assert code(work, naming(entry, asked), asked, process=process, held=held) == "entry.not_leased"


@pytest.mark.parametrize("kind", ["view.opened", "asset.downloaded", "exit.handed_over"])
@pytest.mark.parametrize("process", ["device", "worker"])
def test_no_worker_opens_under_what_a_person_does(process, kind):
    entry = Entry(kind)
    asked = keys_of(entry, made_for=entry.id)
    held = [Held(entry.tenant, entry.project, "generate"), Held(entry.tenant, entry.project, "exit")]
    assert code(work, naming(entry, asked), asked, process=process, held=held) == "entry.for_people"
    people(naming(entry, asked), asked)


@pytest.mark.parametrize("kind", ["view.opened", "asset.downloaded", "exit.handed_over", "generation.submitted"])
def test_an_entry_opens_nothing_of_another_project(kind):
    here = Entry(kind)
    there = replace(here, project=uuid.uuid4())
    asked = keys_of(there, made_for=here.id)
    rule = work if kind == "generation.submitted" else people
    assert code(rule, naming(here, asked), asked) == "entry.other_project"
    rule(naming(there, asked), asked)


def test_no_entry_opens_nothing_and_no_entry_opens_another_tenants():
    entry = Entry()
    foreign = keys_of(Entry(), made_for=entry.id)
    for rule, more in ((rules.may_open_for_people, {"now": NOW}), (rules.may_open_for_work, {"held": []})):
        named = ("device",) if rule is rules.may_open_for_work else ()
        assert code(rule, *named, None, keys_of(entry), of=None, **more) == "entry.missing"
        assert code(rule, *named, entry, foreign, of=None, **more) == "entry.other_tenant"


def test_those_who_serve_people_open_only_what_people_do():
    entry = Entry()
    asked = keys_of(entry, made_for=entry.id)
    for kind in ("generation.submitted", "training.started", "generation.completed"):
        assert code(people, naming(replace(entry, kind=kind), asked), asked) == "entry.not_for_people"
    for kind in ("asset.downloaded", "exit.handed_over"):
        assert people(naming(replace(entry, kind=kind), asked), asked) is False


@pytest.mark.parametrize("kind", ["asset.downloaded", "exit.handed_over"])
def test_what_was_taken_away_is_not_taken_again_under_the_same_entry(kind):
    entry = Entry(kind)
    asked = keys_of(entry)
    assert people(naming(entry, asked), asked, now=NOW + timedelta(minutes=14)) is False
    assert code(people, naming(entry, asked), asked, now=NOW + timedelta(minutes=16)) == "entry.over"


def test_a_view_opens_its_project_for_its_hour_and_is_noted():
    view = Entry("view.opened")
    asked = keys_of(view)
    late = NOW.replace(hour=11, minute=4)
    assert people(view, asked) is True
    assert people(view, asked, now=late) is True
    assert code(people, view, asked, now=late + timedelta(minutes=2)) == "view.over"
    assert code(people, view, asked, now=NOW - timedelta(hours=1)) == "view.over"


def test_a_view_is_noted_also_for_what_was_generated_for_it():
    view = Entry("view.opened")
    assert people(view, keys_of(view, made_for=view.id)) is True


def test_destroying_needs_an_entry_that_names_just_these_keys():
    project, person = uuid.uuid4(), uuid.uuid4()
    one = Entry("keys.destroy_asked", {"destroys": objects_digest([project, person])}, project=project)
    whole = replace(one, facts={"destroys": objects_digest([project])})
    held = [Held(one.tenant, project, "housekeeping")]
    asked = {"tenant": one.tenant, "project": project, "held": held}

    def refusal(entry, **other):
        return code(rules.may_destroy, "worker", entry, **asked | {"person": None} | other)

    rules.may_destroy("worker", one, **asked, person=person)
    rules.may_destroy("worker", whole, **asked, person=None)
    assert refusal(one) == "entry.destroys_other_keys"
    assert refusal(whole, person=person) == "entry.destroys_other_keys"
    assert refusal(whole, project=uuid.uuid4()) == "entry.destroys_other_keys"
    assert refusal(whole, tenant=uuid.uuid4()) == "entry.missing"
    assert refusal(replace(whole, kind="view.opened")) == "entry.other_kind"
    assert refusal(None) == "entry.missing"
    assert refusal(whole, held=[]) == "entry.not_leased"
    assert refusal(whole, held=[Held(one.tenant, project, "generate")]) == "entry.not_leased"
