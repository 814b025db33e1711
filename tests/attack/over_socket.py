"""Attempts at the keeper's socket: each process, each verb, its own and others' entries, tokens and frames that are none."""

import base64
import contextlib
import itertools
import json
import socket
import struct
import uuid
from pathlib import Path

from django.conf import settings

from governance.audit import services as audit
from governance.audit.events import Event
from keeper import rules
from kernel.canonical import objects_digest
from kernel.keys import LONGEST_FRAME, Keeper, KeyAsk, KeyClass, receive_frame, send_frame
from kernel.scope import tenant_scope
from kernel.sealing import Aad

PROCESSES = ("web", "command", "worker", "device", "integrator")
VERBS = ("found", "generate", "open", "secret", "index", "sign", "public", "viewed", "destroy")
# What a ticket of each kind of work is called, and which process holds it.
WORK = {"device": "generate", "worker": "exit"}
ODD = (None, "", 0, -1, 2**70, True, [], {}, [None], "x" * 5000, "' OR 1=1", "../../root", "\0", 1.5, {"tenant": 1})


class Place:
    """A tenant and a project that the keeper knows, with an object in each class and entries of each kind."""

    def __init__(self, web, postgres):
        self.tenant, self.project, self.other, self.person = (uuid.uuid4() for _ in range(4))
        self.postgres = postgres
        for project in (None, self.project, self.other):
            web.found(tenant=self.tenant, project=project)
        self.object, self.made_for = uuid.uuid4(), uuid.uuid4()
        aad = Aad(str(self.tenant), str(self.project), str(self.object), 1, "image/png").encode()
        [made] = web.generate([KeyAsk(aad, self.tenant, KeyClass.PROJECT, self.made_for, self.project)])
        self.ask = {"tenant": str(self.tenant), "project": str(self.project), "person": None, "aad": _text(aad), "class": "project",
                    "wrapped": _text(made.wrapped), "version": made.key_version}  # fmt: skip
        [hidden] = web.generate([KeyAsk(aad, self.tenant, KeyClass.SECRETS, self.made_for, None)])
        self.secret = self.ask | {
            "project": None,
            "class": "secrets",
            "wrapped": _text(hidden.wrapped),
            "version": hidden.key_version,
        }
        opens = {"opens": objects_digest([self.object])}
        self.view = self.entry("view.opened")
        self.download = self.entry("asset.downloaded", opens)
        self.intents = {process: self.entry(kind, opens) for process, kind in
                        {"device": "generation.submitted", "worker": "exit.requested"}.items()}  # fmt: skip
        self.idle = self.entry("generation.submitted", opens)
        self.elsewhere = self.entry("view.opened", project=self.other)
        self.doomed = self.entry("keys.destroy_asked", {"destroys": objects_digest([self.person])}, project=None)

    def entry(self, kind, facts=None, project="own"):
        made = uuid.uuid4()
        with tenant_scope(self.tenant):
            place = self.project if project == "own" else project
            audit.append(id=made, tenant=self.tenant, project=place, actor="x", kind=Event(kind), facts=facts or {})
        return str(made)

    def hold(self, intent, kind, project="own"):
        """Hold a ticket of an intent, as a worker that took it."""
        lease, project = uuid.uuid4(), self.project if project == "own" else project
        with self.postgres.superuser(self.postgres.database) as line:
            line.execute(
                "INSERT INTO dispatch_lease (id, tenant_id, worker, token_digest, ends) VALUES (%s, %s, 'x', %s, '2100-01-01')",
                [lease, self.tenant, lease.hex],
            )
            line.execute(
                "INSERT INTO dispatch_ticket (id, tenant_id, project_id, kind, row, intent, shape_key, needs, cost,"
                " priority, state, outcome, attempts, lease_id, taken)"
                " VALUES (%s, %s, %s, %s, %s, %s, '', '[]', 1, 0, 'taken', '', 1, %s, now())",
                [uuid.uuid4(), self.tenant, project, kind, uuid.uuid4(), intent, lease],
            )


class Attack:
    """One run at the socket."""

    def __init__(self, services, tally, *, draw, share=1.0):
        self.tally, self.draw, self.share = tally, draw, share
        self.tokens = services.tokens.drawn
        self.path = Path(settings.KEEPER_SOCKET)
        web = Keeper(self.path, bytes.fromhex(self.tokens["web"]))
        self.theirs, self.mallory = (Place(web, services.postgres) for _ in range(2))
        self.lines = {}

    def run(self):
        """Ask for everything that nobody may have, then for what each may."""
        for place in (self.theirs, self.mallory):
            for process, kind in WORK.items():
                place.hold(place.intents[process], kind)
        self.verbs()
        self.opening()
        self.signing()
        self.destroying()
        self.malformed()
        self.strangers()
        self.frames()
        self.pairs()
        self.tally.close()

    def verbs(self):
        """Each process asks for each verb that is not its own, of every tenant and of none."""
        for process, verb in itertools.product((*PROCESSES,), VERBS):
            if verb in rules.VERBS[process]:
                continue
            for place, lost in itertools.product((self.theirs, self.mallory), range(6)):
                self._refused(process, verb, self._full(verb, place, lost=lost), only={"verb.not_yours"})
        for process, verb in itertools.product(
            PROCESSES, ("_new", "__init__", "store", "_unwrapped", "_over", "", "open ", "OPEN", "ledger", "process")
        ):
            self._refused(process, verb, self._full("open", self.theirs), pair="open")

    def opening(self):
        """Keys of theirs against entries that are Mallory's, of another project, of another kind, of nobody, or not held."""
        theirs, mallory = self.theirs, self.mallory
        wrong = {
            "Mallory's view": mallory.view, "Mallory's download": mallory.download, "an idle intent": theirs.idle,
            "a view of another project": theirs.elsewhere, "an entry that destroys": theirs.doomed,
            **{f"Mallory's work {process}": entry for process, entry in mallory.intents.items()},
            **{f"a guess {number}": str(uuid.uuid4()) for number in range(20)},
        }  # fmt: skip
        asks = list(self._asks(theirs))
        for process in ("web", "command", "worker", "device"):
            others = {"their view": theirs.view, "their download": theirs.download} if process in WORK else dict(theirs.intents)
            others |= {f"their work {name}": entry for name, entry in theirs.intents.items() if process in WORK and name != process}
            for entry in (wrong | others).values():
                for ask in self._drawn(asks):
                    for of in (None, [str(theirs.object)], [str(mallory.object)], []):
                        self._refused(process, "open", {"entry": entry, "of": of, "asks": [ask]})
                self._refused(process, "open", {"entry": entry, "of": None, "asks": [theirs.ask, mallory.ask]})
        for process in ("web", "command", "worker", "device"):
            own = {"web": mallory.view, "command": mallory.view}.get(process) or mallory.intents[process]
            for ask in asks:
                for more in ([], [mallory.ask]):
                    self._refused(process, "open", {"entry": own, "of": None, "asks": [*more, ask]})
        for ask in [theirs.ask, mallory.ask, *asks]:
            self._refused("web", "secret", {"asks": [ask]}, pair="secret")
        for field, value in {
            "tenant": str(mallory.tenant),
            "wrapped": mallory.secret["wrapped"],
            "aad": mallory.secret["aad"],
        }.items():
            self._refused("web", "secret", {"asks": [theirs.secret | {field: value}]})

    def signing(self):
        """Signatures for whom they are not, on entries that carry none."""
        theirs, mallory = self.theirs, self.mallory
        entries = [
            None,
            theirs.view,
            theirs.idle,
            theirs.elsewhere,
            mallory.view,
            mallory.idle,
            *mallory.intents.values(),
            *(str(uuid.uuid4()) for _ in range(10)),
        ]
        for process in ("worker", "device", "integrator"):
            for purpose in ("checkpoint", "claim", "model", "bundle", "log", "", "CLAIM"):
                if process == "integrator" and purpose == "checkpoint":
                    continue
                for entry in entries:
                    self._refused(process, "sign", _sign(theirs, purpose, entry))
        for process, purpose in (("device", "claim"), ("worker", "bundle")):
            own = mallory.intents[process]
            self._refused(process, "sign", _sign(theirs, purpose, own))
            self._refused(process, "sign", _sign(mallory, purpose, theirs.intents[process]))

    def destroying(self):
        """Keys that no entry dooms, or one that is not held."""
        theirs, mallory = self.theirs, self.mallory
        entries = [
            theirs.doomed,
            mallory.doomed,
            theirs.view,
            theirs.idle,
            *theirs.intents.values(),
            *(str(uuid.uuid4()) for _ in range(20)),
        ]
        for entry, tenant in itertools.product(entries, (theirs.tenant, mallory.tenant, uuid.uuid4())):
            for project, person in itertools.product((None, theirs.project, theirs.other), (None, theirs.person)):
                self._refused(
                    "worker", "destroy", {"tenant": str(tenant), "entry": entry, "project": _id(project), "person": _id(person)}
                )

    def malformed(self):
        """Each field of each verb gone, or holding what it never holds."""
        for process, verb in [(one, verb) for one in PROCESSES for verb in sorted(rules.VERBS[one])]:
            full = self._full(verb, self.theirs)
            for field in full:
                less = {name: value for name, value in full.items() if name != field}
                if field != "of":
                    self._answered(process, verb, less)
                for odd in ODD:
                    self._answered(process, verb, full | {field: odd})
            for field, odd in itertools.product(full.get("asks", [{}])[0], ODD):
                self._answered(process, verb, full | {"asks": [full["asks"][0] | {field: odd}]})

    def strangers(self):
        """Lines that show no token, a wrong one, or what is nearly one: they get no answer to any verb."""
        good = self.tokens["web"]
        nearly = [
            "",
            "00",
            good[:-2],
            good + "00",
            good[::-1],
            "0" * 64,
            uuid.uuid4().hex * 2,
            good.replace(good[0], "z"),
            "Ω" * 64,
        ]
        shown = [{"token": one} for one in nearly] + [
            {},
            {"token": None},
            {"token": [good]},
            {"token": {"x": good}},
            {"Token": good},
            {"token": 1},
        ]
        for greeting, verb in itertools.product(shown, VERBS):
            self._hung_up(lambda line, one=greeting, verb=verb: self._greet(line, one, verb), f"{verb} after {list(greeting)}")

    def frames(self):
        """What is no frame: too long, too short, no JSON, no question."""
        body = json.dumps({"token": self.tokens["web"]}).encode()
        raw = [
            b"", b"\0", b"\0\0\0", struct.pack(">I", 0), struct.pack(">I", 2**32 - 1),
            struct.pack(">I", LONGEST_FRAME + 1),
            struct.pack(">I", 5000) + b"{" * 5000, struct.pack(">I", 4) + b"null",
            struct.pack(">I", 2) + b"[]", struct.pack(">I", 1) + b"1",
            struct.pack(">I", len(body) - 1) + body, struct.pack(">I", len(body)) + body[::-1], b"GET / HTTP/1.1\r\n\r\n" * 20,
            struct.pack(">I", 3) + b"\xff\xfe\xfd", struct.pack("<I", len(body)) + body,
        ]  # fmt: skip
        for number, one in enumerate(raw):
            self._hung_up(lambda line, one=one: line.sendall(one), f"frame {number} for a greeting")
            if number > 2:
                greeted = struct.pack(">I", len(body)) + body + one
                self._hung_up(lambda line, one=greeted: line.sendall(one), f"frame {number} for a question")

    def pairs(self):
        """Whoever may gets what the others asked for."""
        theirs = self.theirs
        for process in PROCESSES:
            for verb in rules.VERBS[process]:
                if verb != "destroy":
                    self._may(process, verb, self._full(verb, theirs, process=process))
        self._may("web", "open", {"entry": theirs.download, "of": None, "asks": [theirs.ask]})
        theirs.hold(theirs.doomed, "housekeeping", project=None)
        theirs_keys = {"tenant": str(theirs.tenant), "entry": theirs.doomed, "project": None, "person": str(theirs.person)}
        self._may("worker", "destroy", theirs_keys)
        if self._asked("web", "public", {"tenant": str(theirs.tenant)}).get("origin"):
            self.tally.succeeded("keeper", "greeting")

    # --- questions ---------------------------------------------------------------------------------------------------

    def _full(self, verb, place, *, process="web", lost=0):
        """Return all fields that a verb asks for; `lost` puts invented ids in more and more of them."""
        tenant = str(uuid.uuid4()) if lost & 1 else str(place.tenant)
        project = str(uuid.uuid4()) if lost & 2 else str(place.project)
        entry = str(uuid.uuid4()) if lost & 4 else place.intents.get(process, place.view)
        ask = place.ask | {"tenant": tenant, "project": project}
        purpose = {"worker": "bundle", "device": "claim"}.get(process, "checkpoint")
        return {
            "found": {"tenant": tenant, "project": project},
            "generate": {"asks": [{**ask, "entry": entry}]},
            "open": {"entry": entry, "of": None, "asks": [ask]},
            "secret": {"asks": [place.secret | {"tenant": tenant}]},
            "index": {"tenant": tenant, "project": project, "values": [_text(b"word")]},
            "sign": {
                "tenant": tenant,
                "purpose": purpose,
                "message": _text(b"x"),
                "entry": None if purpose == "checkpoint" else entry,
            },
            "public": {"tenant": tenant},
            "viewed": {"entry": place.view if lost < 4 else entry},
            "destroy": {"tenant": tenant, "entry": place.doomed, "project": None, "person": str(place.person)},
        }[verb]

    def _asks(self, place):
        """Return a wrapped key as it is, and with each field swapped for another's."""
        yield place.ask
        swapped = {
            "tenant": [str(self.mallory.tenant), str(uuid.uuid4())], "project": [str(self.mallory.project), str(place.other), None],
            "person": [str(place.person)], "class": ["subject", "people", "secrets", "root"], "version": [2, 99],
            "aad": [self.mallory.ask["aad"]], "wrapped": [self.mallory.ask["wrapped"], place.secret["wrapped"]],
        }  # fmt: skip
        for field, values in swapped.items():
            yield from (place.ask | {field: value} for value in values)

    # --- asking and judging ------------------------------------------------------------------------------------------

    def _refused(self, process, verb, fields, *, only=None, pair=None):
        """Count one question that must be refused."""
        self.tally.attempt("keeper", pair=pair or verb)
        answer = self._asked(process, verb, fields)
        code = answer.get("refused")
        self.tally.refusal(f"keeper_{code or 'answered'}")
        if code is None or (only and code not in only):
            self.tally.found("leak", "keeper", f"{process}: {verb} {_said(fields)}: {code or sorted(answer)}")
        if code == "keeper.failed":
            self.tally.found("failure", "keeper", f"{process}: {verb} {_said(fields)}: {code}")

    def _answered(self, process, verb, fields):
        """Count one question that is malformed: it may be refused or hold nothing of anybody, but nothing breaks."""
        self.tally.attempt("keeper", pair=verb)
        answer = self._asked(process, verb, fields)
        self.tally.refusal(f"keeper_{answer.get('refused') or 'answered'}")
        if answer.get("refused") == "keeper.failed" or "lost" in answer:
            self.tally.found("failure", "keeper", f"{process}: {verb} {_said(fields)}: {answer}")

    def _may(self, process, verb, fields):
        answer = self._asked(process, verb, fields)
        if "refused" in answer or "lost" in answer:
            self.tally.found("unpaired", "keeper", f"{process} may {verb}, and is answered {answer}")
        else:
            self.tally.succeeded("keeper", verb)

    def _asked(self, process, verb, fields):
        """Ask on this process's line; a line that was hung up is made anew."""
        if process not in self.lines:
            self.lines[process] = self._line()
            send_frame(self.lines[process], {"token": self.tokens[process]})
        try:
            send_frame(self.lines[process], {"verb": verb, "n": 1, **fields})
            return receive_frame(self.lines[process])
        except (OSError, EOFError):
            self.lines.pop(process).close()
            return {"lost": True}

    def _line(self):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(10)
        line.connect(str(self.path))
        return line

    def _greet(self, line, greeting, verb):
        send_frame(line, greeting)
        send_frame(line, {"verb": verb, "n": 1, **self._full(verb, self.theirs)})

    def _hung_up(self, say, what):
        """Say something on a new line: at most a refusal comes back, and then nothing."""
        self.tally.attempt("keeper", pair="greeting")
        with contextlib.closing(self._line()) as line:
            with contextlib.suppress(OSError):
                say(line)
                line.shutdown(socket.SHUT_WR)
            heard = b""
            with contextlib.suppress(OSError):
                while part := line.recv(65536):
                    heard += part
        self.tally.refusal("keeper_hung_up")
        told = heard[4:]
        if told and "refused" not in json.loads(told[: struct.unpack(">I", heard[:4])[0]]):
            self.tally.found("leak", "keeper", f"{what}: {len(told)} bytes came back")

    def _drawn(self, things):
        return things if self.share >= 1 else self.draw.sample(things, max(1, round(len(things) * self.share)))


def _sign(place, purpose, entry):
    return {"tenant": str(place.tenant), "purpose": purpose, "message": _text(b"x"), "entry": entry}


def _text(value):
    return base64.b64encode(value).decode()


def _id(value):
    return None if value is None else str(value)


def _said(fields):
    return json.dumps(fields)[:200]
