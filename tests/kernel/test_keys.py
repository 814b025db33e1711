"""The client against a keeper of a few lines that misbehaves: an answer always belongs to its question."""

import os
import socket
import threading
import time
import uuid

import pytest

from kernel.errors import KeeperRefused, KeeperUnavailable
from kernel.keys import Keeper, receive_frame, send_frame


class Peer:
    """Answers each line with a function of (line number, question); may be late, silent, or gone."""

    def __init__(self, path, answer):
        self.path, self.answer, self.lines = path, answer, 0
        self.listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listening.bind(str(path))
        self.listening.listen(16)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                line, _ = self.listening.accept()
            except OSError:
                return
            self.lines += 1
            threading.Thread(target=self.talk, args=(line, self.lines), daemon=True).start()

    def talk(self, line, number):
        try:
            receive_frame(line)
            while True:
                asked = receive_frame(line)
                answer = self.answer(number, asked)
                if answer is None:
                    line.close()
                    return
                send_frame(line, {"n": asked["n"], **answer})
        except (EOFError, OSError):
            line.close()


@pytest.fixture
def peer(tmp_path):
    made = []

    def start(answer, path=tmp_path / "k"):
        made.append(Peer(path, answer))
        return Keeper(path, b"token")

    yield start
    for one in made:
        one.listening.close()


def view():
    return uuid.uuid4()


def test_an_interrupted_question_leaves_no_answer_for_the_next(peer):
    first, second = view(), view()

    def slow_once(number, asked):
        if asked["entry"] == str(first):
            time.sleep(0.3)
        return {"objects": [asked["entry"]]}

    keeper = peer(slow_once)
    keeper.viewed(entry=second)

    line = keeper._lines.line
    line.settimeout(0.05)
    with pytest.raises(KeeperUnavailable):
        keeper.viewed(entry=first)
    assert keeper.viewed(entry=second) == [second]


def test_an_answer_to_another_question_is_never_taken(peer):
    asked_for = view()

    def muddled(number, asked):
        return {"n": asked["n"] - 1, "objects": [str(view())]} if number == 1 else {"objects": [asked["entry"]]}

    assert peer(muddled).viewed(entry=asked_for) == [asked_for]


def test_a_line_that_breaks_is_made_anew(peer):
    asked_for = view()
    keeper = peer(lambda number, asked: None if number == 1 else {"objects": [asked["entry"]]})
    assert keeper.viewed(entry=asked_for) == [asked_for]


def test_a_keeper_that_comes_back_is_waited_for(peer, tmp_path):
    asked_for = view()
    keeper = Keeper(tmp_path / "k", b"token")
    threading.Timer(0.4, lambda: peer(lambda _number, asked: {"objects": [asked["entry"]]})).start()
    assert keeper.viewed(entry=asked_for) == [asked_for]


def test_a_keeper_that_stays_away_is_unavailable(tmp_path):
    keeper = Keeper(tmp_path / "nobody", b"token")
    keeper.patience = 0.2
    with pytest.raises(KeeperUnavailable):
        keeper.viewed(entry=view())


def test_a_refusal_is_not_asked_again(peer):
    asked = []

    def refusing(number, question):
        asked.append(question)
        return {"refused": "entry.missing"}

    with pytest.raises(KeeperRefused) as refused:
        peer(refusing).viewed(entry=view())
    assert refused.value.code == "entry.missing"
    assert len(asked) == 1


def test_a_keeper_without_its_ledger_is_unavailable(peer):
    with pytest.raises(KeeperUnavailable):
        peer(lambda _number, _asked: {"unavailable": True}).viewed(entry=view())


def test_a_forked_child_makes_a_line_of_its_own(peer):
    keeper = peer(lambda _number, asked: {"objects": [asked["entry"]]})
    mine = view()
    keeper.viewed(entry=mine)
    child = os.fork()
    if child == 0:
        theirs = view()
        os._exit(0 if keeper.viewed(entry=theirs) == [theirs] else 1)
    assert keeper.viewed(entry=mine) == [mine]
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
