"""The keeper signs and destroys for what is recorded and held, over its socket."""

import uuid

from kernel.canonical import objects_digest
from kernel.keys import KeyClass, SignPurpose
from tests.keeper.asking import refused, sealed


def test_a_destroyed_project_stays_destroyed(line, place, record, hold):
    made, keys, opens = sealed(line, place)
    entry = record(place, "keys.destroy_asked", {"destroys": objects_digest([place[1]])})
    intent = record(place, "generation.submitted", {"opens": objects_digest(made)})
    hold(place, intent)
    assert line("device").open(intent, opens) == keys
    assert refused(lambda: line("worker").destroy(tenant=place[0], entry=intent, project=place[1])) == "entry.other_kind"
    assert refused(lambda: line("web").destroy(tenant=place[0], entry=entry, project=place[1])) == "verb.not_yours"
    hold(place, entry, "exit")
    certificate = line("worker").destroy(tenant=place[0], entry=entry, project=place[1])
    assert certificate["keys"] == line("worker").destroy(tenant=place[0], entry=entry, project=place[1])["keys"]
    assert refused(lambda: line("device").open(intent, opens)) == "key.destroyed"
    assert refused(lambda: sealed(line, place)) == "key.destroyed"
    assert refused(lambda: line("web").found(tenant=place[0], project=place[1])) == "key.destroyed"


def test_an_entry_for_one_person_does_not_destroy_the_project(line, place, record, hold):
    person = uuid.uuid4()
    made, _keys, opens = sealed(line, place, key_class=KeyClass.SUBJECT, person=person)
    kept, keys, others = sealed(line, place)
    entry = record(place, "keys.destroy_asked", {"destroys": objects_digest([place[1], person])})
    assert refused(lambda: line("worker").destroy(tenant=place[0], entry=entry, project=place[1])) == "entry.destroys_other_keys"
    hold(place, entry, "exit")
    line("worker").destroy(tenant=place[0], entry=entry, project=place[1], person=person)
    intent = record(place, "generation.submitted", {"opens": objects_digest([*made, *kept])})
    hold(place, intent)
    assert refused(lambda: line("device").open(intent, opens, of=[*made, *kept])) == "key.destroyed"
    assert line("device").open(intent, others, of=[*made, *kept]) == keys


def test_the_integrator_signs_checkpoints_and_nobody_else_does(line, place):
    assert len(line("integrator").sign(tenant=place[0], purpose=SignPurpose.CHECKPOINT, message=b"text")) == 64
    for process in ("worker", "device"):
        asked = {"tenant": place[0], "purpose": SignPurpose.CHECKPOINT, "message": b"text"}
        assert refused(lambda process=process, asked=asked: line(process).sign(**asked)) == "purpose.not_yours"
    assert refused(lambda: line("web").sign(tenant=place[0], purpose=SignPurpose.CHECKPOINT, message=b"t")) == "verb.not_yours"


def test_a_worker_signs_only_for_a_ticket_that_it_holds(line, place, record, hold):
    intent = record(place, "exit.requested")
    asked = {"tenant": place[0], "purpose": SignPurpose.BUNDLE, "message": b"manifest", "entry": intent}
    assert refused(lambda: line("worker").sign(**asked)) == "entry.not_leased"
    hold(place, intent, "exit", seconds=-1)
    assert refused(lambda: line("worker").sign(**asked)) == "entry.not_leased"
    hold(place, intent, "exit")
    assert line("worker").sign(**asked)


def test_a_worker_destroys_only_for_a_ticket_that_it_holds(line, place, record, hold):
    asked = {"tenant": place[0], "project": place[1], "person": None}
    entry = record(place, "keys.destroy_asked", {"destroys": objects_digest([place[1]])})
    assert refused(lambda: line("worker").destroy(entry=entry, **asked)) == "entry.not_leased"
    hold(place, entry, "exit")
    assert line("worker").destroy(entry=entry, **asked)
