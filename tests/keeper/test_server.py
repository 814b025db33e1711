"""The real process on its real socket: who is let in, who may ask what, against entries that stand in the ledger."""

import hashlib
import json
import os
import signal
import socket
import stat
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from kernel.canonical import objects_digest
from kernel.errors import KeeperUnavailable
from kernel.keys import Keeper, KeyAsk, KeyClass, OpenAsk, receive_frame, send_frame
from kernel.sealing import Aad
from tests.keeper.asking import refused, sealed


def test_the_socket_is_for_this_user_alone(keeper):
    from django.conf import settings

    assert stat.S_IMODE(settings.KEEPER_SOCKET.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.KEEPER_SOCKET.parent.stat().st_mode) & 0o077 == 0


def test_an_unknown_token_is_not_let_in(keeper, place):
    from django.conf import settings

    assert refused(lambda: Keeper(settings.KEEPER_SOCKET, os.urandom(32)).public(tenant=place[0])) == "token.unknown"
    assert refused(lambda: Keeper(settings.KEEPER_SOCKET, b"").public(tenant=place[0])) == "token.unknown"


def test_the_tokens_file_holds_no_token(keeper):
    from django.conf import settings

    text = settings.KEEPER_TOKENS_FILE.read_text()
    assert all(token not in text for token in keeper.tokens.drawn.values())
    assert json.loads(text)["web"] == hashlib.sha256(bytes.fromhex(keeper.tokens.drawn["web"])).hexdigest()


@pytest.mark.parametrize(
    "greeting",
    [b"\xff\xff\xff\xff", b"\x00\x00\x00\x02[]", b"\x00\x00\x00\x04oops", b"\x00\x00\x00\x0d" + b'{"token":"x"}'],
)
def test_what_is_no_frame_ends_the_line_and_nothing_else(keeper, line, place, greeting):
    from django.conf import settings

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stranger:
        stranger.settimeout(5)
        stranger.connect(str(settings.KEEPER_SOCKET))
        stranger.sendall(greeting)
        assert stranger.recv(100) == b""
    assert line("web").public(tenant=place[0]).origin


@pytest.mark.parametrize(
    "asked",
    [
        {"verb": "open"}, {"verb": "generate", "asks": [{}]}, {"verb": "generate", "asks": 3}, {"verb": "__init__"},
        {"verb": None}, {},
        {"verb": "open", "entry": "no", "asks": []}, {"verb": "index", "tenant": [], "project": "", "values": []},
        {"verb": "public", "tenant": "../../ca"}, {"verb": "_new"},
    ],
)  # fmt: skip
def test_a_malformed_ask_is_refused_and_the_line_lives(keeper, place, asked):
    from django.conf import settings

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.connect(str(settings.KEEPER_SOCKET))
        send_frame(line, {"token": keeper.tokens.drawn["web"]})
        send_frame(line, asked)
        assert receive_frame(line)["refused"] in {"request.malformed", "verb.not_yours"}
        send_frame(line, {"verb": "public", "tenant": str(place[0])})
        assert "origin" in receive_frame(line)


def test_each_verb_is_refused_to_a_process_that_has_no_use_for_it(line, place):
    tenant, project = place
    mine = {
        "found": (lambda of: of.found(tenant=tenant), {"web", "command"}),
        "generate": (lambda of: of.generate([]), {"web", "command", "worker", "device"}),
        "index": (
            lambda of: of.index(tenant=tenant, project=project, values=[b"x"]),
            {"web", "command", "worker", "device"},
        ),
        "secret": (lambda of: of.secret([]), {"web"}),
        "viewed": (lambda of: of.viewed(entry=uuid.uuid4()), {"worker"}),
        "public": (lambda of: of.public(tenant=tenant), {"web", "command", "worker", "device", "integrator"}),
    }
    for verb, (ask, allowed) in mine.items():
        for process in ("web", "command", "worker", "device", "integrator"):
            if process in allowed:
                ask(line(process))
            else:
                assert refused(lambda ask=ask, process=process: ask(line(process))) == "verb.not_yours", (verb, process)


def test_an_intent_opens_what_it_names_for_the_device(line, place, record, hold):
    made, keys, opens = sealed(line, place, 3)
    intent = record(place, "generation.submitted", {"opens": objects_digest(made)})
    hold(place, intent)
    assert line("device").open(intent, opens) == keys
    assert line("device").open(intent, opens[1:], of=made) == keys[1:]
    assert refused(lambda: line("device").open(intent, opens[1:])) == "entry.opens_other_objects"
    assert refused(lambda: line("web").open(intent, opens)) == "entry.not_for_people"


def test_an_intent_opens_only_while_its_ticket_is_held(line, place, record, hold, as_login):
    from django.db import connection

    made, keys, opens = sealed(line, place)
    intent = record(place, "generation.submitted", {"opens": objects_digest(made)})
    assert refused(lambda: line("device").open(intent, opens)) == "entry.not_leased"
    hold(place, intent, seconds=-1)
    hold(place, intent, "exit")
    hold((place[0], uuid.uuid4()), intent)
    assert refused(lambda: line("device").open(intent, opens)) == "entry.not_leased"
    _lease, ticket = hold(place, intent)
    assert line("device").open(intent, opens) == keys
    for state in ("settled", "stopped", "waiting"):
        with as_login("owner"), connection.cursor() as cursor:
            cursor.execute("UPDATE dispatch_ticket SET state = %s WHERE id = %s", [state, ticket])
        assert refused(lambda: line("device").open(intent, opens)) == "entry.not_leased", state


def test_the_keeper_alone_asks_who_holds_and_sees_no_lease(as_login):
    from django.db import ProgrammingError, connection

    asked = "SELECT * FROM dispatch_held(gen_random_uuid())"
    with as_login("keeper"), connection.cursor() as cursor:
        cursor.execute(asked)
        assert cursor.fetchall() == []
        with pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute("SELECT * FROM dispatch_lease")
    for login in ("app", "worker", "integrator"):
        with as_login(login), connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute(asked)


def test_no_worker_opens_under_a_persons_view(line, place, record, hold):
    _made, keys, opens = sealed(line, place)
    view = record(place, "view.opened")
    hold(place, view)
    hold(place, view, "exit")
    for process in ("device", "worker"):
        assert refused(lambda process=process: line(process).open(view, opens)) == "entry.for_people"
    assert line("web").open(view, opens) == keys


def test_an_intent_of_another_project_opens_nothing_here(line, place, record, hold):
    made, keys, opens = sealed(line, place)
    other = place[0], uuid.uuid4()
    line("web").found(tenant=other[0], project=other[1])
    facts = {"opens": objects_digest(made)}
    theirs, mine = record(other, "generation.submitted", facts), record(place, "generation.submitted", facts)
    hold(other, theirs)
    hold(place, mine)
    assert refused(lambda: line("device").open(theirs, opens)) == "entry.other_project"
    assert line("device").open(mine, opens) == keys


def test_an_entry_that_is_not_committed_opens_nothing(line, place, hold):
    from governance.audit import services as audit
    from governance.audit.events import Event
    from kernel.scope import tenant_scope

    made, keys, opens = sealed(line, place)
    entry = uuid.uuid4()
    hold(place, entry)
    with tenant_scope(place[0]):
        audit.append(
            id=entry,
            tenant=place[0],
            project=place[1],
            actor="a",
            kind=Event.GENERATION_SUBMITTED,
            facts={"opens": objects_digest(made)},
        )
        assert refused(lambda: line("device").open(entry, opens)) == "entry.missing"
    assert line("device").open(entry, opens) == keys


def test_mallorys_entry_opens_nothing_of_another_tenant(line, place, record, hold):
    made, keys, opens = sealed(line, place)
    theirs = uuid.uuid4(), uuid.uuid4()
    line("web").found(tenant=theirs[0])
    line("web").found(tenant=theirs[0], project=theirs[1])
    facts = {"opens": objects_digest(made)}
    foreign, mine = record(theirs, "generation.submitted", facts), record(place, "generation.submitted", facts)
    hold(theirs, foreign)
    hold(place, mine)
    assert refused(lambda: line("device").open(foreign, opens)) == "entry.other_tenant"
    assert line("device").open(mine, opens) == keys


def test_a_key_opens_for_its_own_object_only(line, place, record, hold):
    made, keys, opens = sealed(line, place, 2)
    entry = record(place, "generation.submitted", {"opens": objects_digest(made)})
    hold(place, entry)
    swapped = [OpenAsk(opens[0].aad, opens[1].wrapped, place[0], KeyClass.PROJECT, place[1])]
    assert refused(lambda: line("device").open(entry, swapped, of=made)) == "key.other_object"
    other_class = [OpenAsk(opens[0].aad, opens[0].wrapped, place[0], KeyClass.SUBJECT, place[1], uuid.uuid4())]
    assert refused(lambda: line("device").open(entry, other_class, of=made)) == "key.does_not_open"
    assert line("device").open(entry, opens) == keys


def test_a_view_opens_the_project_and_its_objects_are_noted(line, place, record):
    made, keys, opens = sealed(line, place, 4)
    view = record(place, "view.opened")
    assert line("web").open(view, opens[:3]) == keys[:3]
    assert line("web").open(view, opens[2:]) == keys[2:]
    assert sorted(line("worker").viewed(entry=view)) == sorted(made)


def test_a_refused_view_notes_nothing(line, place, record):
    _made, _keys, opens = sealed(line, place)
    other = place[0], uuid.uuid4()
    line("web").found(tenant=other[0], project=other[1])
    view = record(other, "view.opened")
    assert refused(lambda: line("web").open(view, opens)) == "entry.other_project"
    assert line("worker").viewed(entry=view) == []


def test_machine_secrets_open_for_web_without_an_entry_and_by_no_entry(line, place, record):
    entry = record(place, "view.opened")
    made, aad = uuid.uuid4(), None
    aad = Aad(str(place[0]), "", str(made), 1, "text/plain").encode()
    key = line("web").generate([KeyAsk(aad, place[0], KeyClass.SECRETS, entry)])[0]
    opens = [OpenAsk(aad, key.wrapped, place[0], KeyClass.SECRETS)]
    assert line("web").secret(opens) == [key.key]
    for process in ("web", "device", "worker"):
        assert refused(lambda process=process: line(process).open(entry, opens)) == "class.secrets"
    _made, _keys, of_project = sealed(line, place)
    assert refused(lambda: line("web").secret(of_project)) == "class.not_secrets"


def test_the_index_is_the_projects_own(line, place):
    other = uuid.uuid4()
    line("web").found(tenant=place[0], project=other)
    here = line("web").index(tenant=place[0], project=place[1], values=[b"fox", b"owl", b"fox"])
    assert here[0] == here[2] != here[1]
    assert line("device").index(tenant=place[0], project=place[1], values=[b"fox"]) == here[:1]
    assert line("web").index(tenant=place[0], project=other, values=[b"fox"]) != here[:1]


def test_many_threads_are_answered_each_its_own(line, place):
    of, wrong = line("web"), []

    def ask(value):
        for number in range(20):
            mine = f"{value}-{number}".encode()
            if of.index(tenant=place[0], project=place[1], values=[mine]) != expected[mine]:
                wrong.append(mine)

    names = [f"{value}-{number}".encode() for value in range(24) for number in range(20)]
    digests = of.index(tenant=place[0], project=place[1], values=names)
    expected = {name: [digest] for name, digest in zip(names, digests, strict=True)}
    threads = [threading.Thread(target=ask, args=(value,)) for value in range(24)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert wrong == []


def test_a_killed_keeper_is_back_with_the_same_keys(keeper, line, place, record, hold):
    made, keys, opens = sealed(line, place)
    intent = record(place, "generation.submitted", {"opens": objects_digest(made)})
    hold(place, intent)
    of = line("device")
    assert of.open(intent, opens) == keys
    keeper.keeper.send_signal(signal.SIGKILL)
    keeper.keeper.wait()
    with ThreadPoolExecutor(1) as asking:
        opened = asking.submit(patiently, lambda: of.open(intent, opens))
        keeper.start_keeper()
        assert opened.result() == keys


def patiently(ask):
    """Ask as a device worker does, which tries again while the keeper is away, as a slow machine starts it late."""
    for _ in range(10):
        try:
            return ask()
        except KeeperUnavailable:
            time.sleep(0.2)
    return ask()


def test_a_lost_database_connection_heals(line, place, record, as_login, hold):
    made, keys, opens = sealed(line, place)
    intent = record(place, "generation.submitted", {"opens": objects_digest(made)})
    hold(place, intent)
    assert line("device").open(intent, opens) == keys
    with as_login("keeper"):
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename LIKE %s AND pid <> pg_backend_pid()",
                ["%keeper"],
            )
    assert line("device").open(intent, opens) == keys
