"""Attempts over HTTP: every address, verb and kind of id, by everybody who may not, and beside them who may."""

import json
import re
import time
import uuid

from access.roles import Role
from tests.attack import actors, ids, schema
from tests.attack.answers import told
from tests.attack.judging import Judge, missing, named_rows, narrowed_to, value_at
from tests.house.doors import CASES, FILTERS
from tests.house.test_doors import OF_THE_STUDIO

FEW_ROLES = 4  # of each person in a short run
FAMILIES = ("nobodies", "strangers", "unserved", "insiders", "mistyped", "bodies", "filters", "keys", "tokens", "roles", "pairs")


class Attack(Judge):
    """One run over HTTP against a world; `share` is the part of the attempts that is drawn."""

    def __init__(self, world, tally, *, draw, share=1.0, cases=CASES, written=None):
        self.world, self.tally, self.draw, self.share = world, tally, draw, share
        postgres = world.services.postgres
        self.theirs, self.own = (ids.known(postgres, side.studio.tenant) for side in (world.theirs, world.mallory))
        self.secrets = self._secrets()
        self.doors, closed = schema.served(schema.read() if written is None else written, cases, world.theirs.ids)
        for one in closed:
            tally.found("failure", "http", f"no case opens {one}")
        self._callers, self.used = {}, set()

    def run(self, families=FAMILIES):
        """Try them all; a world cannot be used twice, as the last requests use rows up."""
        for family in families:
            began = time.monotonic()
            getattr(self, family)()
            self.tally.note(f"http {family}", time.monotonic() - began)
        self.tally.close()

    def pairs(self):
        """Whoever may does what the others tried; and Mallory what she may, and sees nothing of theirs."""
        for door in self.doors:
            if self.share < 1 and ("http", str(door)) not in self.tally.wanted:
                continue
            if self.rightfully(self.world.theirs, door).is_success:
                self.tally.succeeded("http", str(door))
            own = self.rightfully(self.world.mallory, door)
            self.tally.wanted["http", f"{door} in Mallory's own studio"] = 1
            if own.is_success:
                self.tally.succeeded("http", f"{door} in Mallory's own studio")
            if shown := own.ids() & self.secrets:
                self.tally.found("leak", "http", f"{door} shows Mallory among her own {sorted(shown)[:3]}")

    def nobodies(self):
        """Those who show nothing good: told to sign in, whatever they name."""
        callers, theirs = actors.nobodies(self.world), self.world.theirs
        for door in self.drawn([*self.doors, *schema.unserved(self.doors)]):
            slots = {slot: ids.invented() for slot in door.slots}
            if not door.is_served:
                self._pair(door, theirs)
            for caller in callers if door.is_served else callers[::4]:
                real = self._ask(door, caller, door.where(theirs.ids), self.body(door, theirs.ids))
                none = self._ask(door, caller, door.where(theirs.ids, slots), self.body(door, theirs.ids))
                named = [theirs.ids[door.row(slot)] for slot in door.slots]
                self._refused(door, caller, real, named)
                self._refused(door, caller, none, list(slots.values()))
                self._same(door, caller, (real, named), (none, list(slots.values())), "its ids")
                if real.status not in ({401} if door.is_served else {401, 405}):
                    self.tally.found("leak", "http", f"{door} answers {real.status} to {caller.name}")

    def strangers(self):
        """Mallory names theirs in her own project, and theirs in theirs."""
        for door in self.drawn(self.doors):
            for number, caller in enumerate(self._mallories(door)):
                for place in self._places(door):
                    self._slots(
                        door, caller, self.world.mallory.ids | place, taken=self.everything() if number == 0 else self.samples()
                    )
                    if number == 0:
                        self._spelt(door, caller, self.world.mallory.ids | place)

    def unserved(self):
        """Verbs that an address does not serve tell nothing of what is there."""
        for door in self.drawn(schema.unserved(self.doors)):
            caller = self.caller(self.world.mallory.studio, door.case)
            for place in self._places(door):
                own = self.world.mallory.ids | place
                for slot in door.slots:
                    self._pair(door, self.world.theirs)
                    self._compare(door, caller, own, slot, [self.world.theirs.ids[door.row(slot)]])

    def insiders(self):
        """Members of another project of the studio: those of that one alone, and those of both."""
        for door in self.drawn([door for door in self.doors if door.has_project]):
            theirs = self.world.theirs
            twin = self.caller(theirs.studio, door.case, f"other-{door.case.who}")
            self._compare(door, twin, theirs.ids, "project", [theirs.ids["project"]], ids.IN_PATH)
            slots = [slot for slot in door.slots if slot != "project" and door.row(slot) not in OF_THE_STUDIO]
            for caller in (twin, self.caller(theirs.studio, door.case)):
                for slot in slots:
                    row = theirs.ids[door.row(slot)]
                    self._compare(door, caller, theirs.ids | {"project": self.world.other}, slot, [row], ids.IN_PATH)

    def mistyped(self):
        """Whoever may names a row of her own project that is of another kind."""
        for door in self.drawn(self.doors):
            theirs = self.world.theirs
            caller = self.caller(theirs.studio, door.case)
            for slot in door.slots:
                others = self._of_other_kinds(theirs.ids[door.row(slot)])
                self._compare(door, caller, theirs.ids, slot, others)
                bad = [form for name, form in ids.IN_PATH.items() if name not in {"as it is", "percent-encoded"}]
                for one in (form(other) for form in self.drawn(bad) for other in self.drawn(others)[:3]):
                    answer = self._ask(door, caller, door.where(theirs.ids, {slot: one}), self.body(door, theirs.ids))
                    self._refused(door, caller, answer, [one], shows_own=True)

    def bodies(self):
        """Ids of others in every field of a body that holds one."""
        for door in self.drawn(self.doors):
            for path in door.fields:
                self._stolen_in_body(door, path)
                self._mistyped_in_body(door, path)

    def filters(self):
        """Lists narrowed to rows of others are as empty as lists narrowed to nothing."""
        for door in self.drawn([door for door in self.doors if door.filters]):
            for field in door.filters:
                self._narrowed_pair(door, field)
                for caller, own in self._askers(door):
                    self._narrowed(door, caller, own, field)
        for door in self.drawn([door for door in self.doors if door.case.shows]):
            self._foreign_cursor(door)

    def keys(self):
        """A key that somebody used opens what she ordered to nobody else."""
        for door in self.drawn([door for door in self.doors if door.is_keyed]):
            theirs, key = self.world.theirs, uuid.uuid4().hex
            rightful = self.caller(theirs.studio, door.case)
            if self._ask(door, rightful, door.where(theirs.ids), self.body(door, theirs.ids), key=key).is_success:
                self.tally.succeeded("http", str(door))
                self.used.add(door)
            for caller in self._mallories(door):
                for place in self._places(door):
                    own = self.world.mallory.ids | place
                    rows = [theirs.ids[row] for row in named_rows(door)]
                    named = {row: theirs.ids[row] for row in named_rows(door)}
                    lost = {row: ids.invented() for row in named}
                    if not named and not place:
                        continue
                    real = self._ask(door, caller, door.where(own | named), self.body(door, own | named), key=key)
                    none = self._ask(door, caller, door.where(own | lost), self.body(door, own | lost), key=key)
                    self._refused(door, caller, real, rows)
                    self._same(door, caller, (real, rows), (none, lost.values()), "a used key")

    def tokens(self):
        """The right person's tokens that carry less than the deed asks for, or reach another project alone."""
        theirs = self.world.theirs
        limits = {}
        for door in self.drawn([door for door in self.doors if not door.case.by_session]):
            if door.case.who not in limits:
                limits[door.case.who] = actors.limited(theirs.studio, door.case, self.world.other)
            for caller, carried, place in limits[door.case.who]:
                if place is None and (door.needed is None or not carried.isdisjoint(door.needed)):
                    continue
                if place is not None and not door.has_project:
                    continue
                answer = self._ask(door, caller, door.where(theirs.ids), self.body(door, theirs.ids))
                self._refused(door, caller, answer, list(theirs.ids.values()), shows_own=True)

    def roles(self):
        """Each role alone: who lacks the permission is refused, and who has it succeeds."""
        theirs = self.world.theirs.studio
        for who in sorted({door.case.who for door in self.doors}):
            own = [door for door in self.doors if door.case.who == who]
            for role in Role if self.share >= 1 else self.draw.sample(list(Role), FEW_ROLES):
                with actors.alone_as(theirs, who, role) as is_possible:
                    if is_possible:
                        for door in self.drawn(self.draw.sample(own, len(own))):
                            self._as_role(door, who, role)

    # --- one kind of attempt -----------------------------------------------------------------------------------------

    def _slots(self, door, caller, own, *, taken):
        """Name what is theirs in each place of the address: each kind of id, and all that belong together."""
        rows = self.world.theirs.ids
        is_at_home = own["project"] == self.world.mallory.ids["project"]
        for slot in door.slots:
            named = [rows[door.row(slot)], *(taken if is_at_home else ())]
            self._compare(door, caller, own, slot, self.drawn(dict.fromkeys(named)))
        slots = [slot for slot in door.slots if slot != "project"]
        real = {slot: rows[door.row(slot)] for slot in slots}
        none = {slot: ids.invented() for slot in slots}
        if len(slots) > 1:
            answers = [self._ask(door, caller, door.where(own, one), self.body(door, own)) for one in (real, none)]
            self._refused(door, caller, answers[0], list(real.values()))
            self._refused(door, caller, answers[1], list(none.values()))
            self._same(door, caller, (answers[0], real.values()), (answers[1], none.values()), "all its ids")

    def samples(self):
        """Return an id of each table of theirs."""
        return list(self.theirs.samples().values())

    def everything(self):
        """Return an id of each row of theirs that has a name, and of each table."""
        return dict.fromkeys([*self.world.theirs.ids.values(), *self.theirs.samples().values()])

    def _spelt(self, door, caller, own):
        """Write theirs in every way."""
        for slot in door.slots:
            self._compare(door, caller, own, slot, [self.world.theirs.ids[door.row(slot)]], ids.IN_PATH)

    def _compare(self, door, caller, own, slot, taken, forms=None):
        """Name taken ids and an invented one; the answers are the same, and refusals."""
        for name, form in self.drawn((forms or {"as it is": str}).items()):
            lost = ids.invented()
            none = self._ask(door, caller, door.where(own, {slot: form(lost)}), self.body(door, own))
            self._refused(door, caller, none, [lost, form(lost)])
            for one in taken:
                real = self._ask(door, caller, door.where(own, {slot: form(one)}), self.body(door, own))
                self._refused(door, caller, real, [one, form(one)])
                self._same(door, caller, (real, [one, form(one)]), (none, [lost, form(lost)]), f"{slot} {name} = {one}")

    def _stolen_in_body(self, door, path):
        theirs = self.world.theirs.ids
        taken = [*theirs.values(), *self.theirs.samples().values()]
        likely = value_at(self.body(door, theirs), path)
        for caller, own in self._askers(door):
            outside = own["project"] != self.world.other
            values = self.drawn(taken) if outside else [one for one in self.drawn(taken) if not self._is_of_studio(one)]
            self._compare_body(door, caller, own, path, values)
            if likely in self.theirs.table_of and (outside or not self._is_of_studio(likely)):
                self._compare_body(door, caller, own, path, [likely], ids.IN_BODY)

    def _mistyped_in_body(self, door, path):
        theirs = self.world.theirs
        likely = value_at(self.body(door, theirs.ids), path)
        if likely not in self.theirs.table_of:
            return
        caller = self.caller(theirs.studio, door.case)
        self._compare_body(door, caller, theirs.ids, path, self._of_other_kinds(likely))

    def _compare_body(self, door, caller, own, path, taken, forms=None):
        body = self.body(door, own)
        for name, form in self.drawn((forms or {"as it is": str}).items()):
            lost = ids.invented()
            none = self._ask(door, caller, door.where(own), schema.with_field(body, path, form(lost)))
            self._refused(door, caller, none, [lost, str(form(lost))])
            for one in taken:
                real = self._ask(door, caller, door.where(own), schema.with_field(body, path, form(one)))
                self._refused(door, caller, real, [one, str(form(one))])
                field = ".".join(map(str, path))
                self._same(door, caller, (real, [one, str(form(one))]), (none, [lost, str(form(lost))]), f"{field} {name} = {one}")

    def _narrowed(self, door, caller, own, field):
        theirs = self.world.theirs.ids
        taken = [*theirs.values(), *self.theirs.samples().values()]
        written = [theirs[FILTERS.get((door.name, field), "project")]]
        if own["project"] == self.world.other:
            taken, written = ([one for one in named if not self._is_of_studio(one)] for named in (taken, written))
        forms = {"as it is": self.drawn(taken)} | {name: written for name in ids.IN_QUERY if name != "as it is"}
        for name, values in self.drawn(forms.items()):
            form, lost = ids.IN_QUERY[name], ids.invented()
            none = self._ask(door, caller, narrowed_to(door, own, field, form(lost)), None)
            self._refused(door, caller, none, [lost], may_be_empty=True, pair=f"{door} by {field}")
            for one in values:
                real = self._ask(door, caller, narrowed_to(door, own, field, form(one)), None)
                self._refused(door, caller, real, [one], may_be_empty=True, pair=f"{door} by {field}")
                named = (real, [one, form(one), actors.in_query(form(one))])
                unknown = (none, [lost, form(lost), actors.in_query(form(lost))])
                self._same(door, caller, named, unknown, f"?{field} {name} = {one}")

    def _narrowed_pair(self, door, field):
        row = self.world.theirs.ids[FILTERS[door.name, field]]
        caller = self.caller(self.world.theirs.studio, door.case)
        answer = told(caller.ask("get", narrowed_to(door, self.world.theirs.ids, field, row)))
        if answer.status == 200 and json.loads(answer.body)["results"]:
            self.tally.succeeded("http", f"{door} by {field}")

    def _foreign_cursor(self, door):
        """Take the next page of a list of theirs: it holds only Mallory's."""
        query = (door.case.query + "&" if door.case.query else "?") + "limit=1"
        rightful = self.caller(self.world.theirs.studio, door.case)
        first = told(rightful.ask("get", door.where(self.world.theirs.ids, query=query)))
        page = json.loads(first.body) if first.status == 200 and first.body.startswith(b"{") else {}
        cursor = re.search(r"cursor=([^&]+)", page.get("next") or "")
        if cursor is None:
            return
        self.tally.succeeded("http", f"{door} by cursor")
        for caller in self._mallories(door):
            where = door.where(self.world.mallory.ids, query=f"{query}&cursor={cursor[1]}")
            self._refused(door, caller, told(caller.ask("get", where)), [], may_be_empty=True, pair=f"{door} by cursor")

    def _as_role(self, door, who, role):
        theirs = self.world.theirs
        held = actors.held(role, in_project=door.has_project, by_session=door.case.by_session)
        may = door.needed is None or not held.isdisjoint(door.needed)
        if door.has_project and not actors.held(role, in_project=True, by_session=True):
            may = False
        caller = self.caller(theirs.studio, door.case)
        if may:
            answer = self.rightfully(theirs, door)
            is_used = answer.status == 409 and door in self.used
            if answer.is_success:
                self.tally.succeeded("http", f"{door} as {role}")
                self.tally.succeeded("http", str(door))
            elif door.needed is None and missing(answer) is not None and missing(answer) not in held:
                # The view says nothing of what it needs, but its service does.
                self._refused(door, caller, answer, list(theirs.ids.values()), as_role=role)
            elif not is_used:
                self.tally.found("unpaired", "http", f"{door}: {who} as {role} may, and is answered {answer.status}")
            return
        answer = self._ask(door, caller, door.where(theirs.ids), self.body(door, theirs.ids))
        self._refused(door, caller, answer, list(theirs.ids.values()), as_role=role)
        if answer.status not in {403, 404}:
            self.tally.found("leak", "http", f"{door}: {who} as {role} lacks {door.needed}, and is answered {answer.status}")

    # --- who, where, what --------------------------------------------------------------------------------------------

    def rightfully(self, side, door):
        """Ask as whoever may, so that it does not come to be; for good where keys are opened, for an entry that is committed."""
        caller = self.caller(side.studio, door.case)
        caller.freshen()
        self.world.show_again()
        with actors.undone():
            answer = self._ask(door, caller, door.where(side.ids), self.body(door, side.ids))
        if answer.is_success:
            return answer
        answer = self._ask(door, caller, door.where(side.ids), self.body(door, side.ids))
        if answer.is_success and side is self.world.theirs:
            self.used.add(door)
        return answer

    def _pair(self, door, side):
        """Whoever may is told of a verb that is not served that it is not, and so sees that the row is there."""
        if ("http", str(door)) not in self.tally.paired:
            self.world.show_again()
            query = CASES[door.name, "get"].query if (door.name, "get") in CASES else None
            answer = self._ask(door, self.caller(side.studio, door.case), door.where(side.ids, query=query), None)
            if answer.status == 405 or (answer.is_success and door.verb in actors.SAFE):
                self.tally.succeeded("http", str(door))

    def caller(self, studio, case, who=None):
        key = (studio.slug, who or case.who, case.by_session)
        if key not in self._callers:
            self._callers[key] = actors.rightful(studio, case, who)
        return self._callers[key]

    def _mallories(self, door):
        """Return who has the same role in the other studio, and those who may most there."""
        names = dict.fromkeys([door.case.who, "tom", "olive"])
        return [self.caller(self.world.mallory.studio, door.case, who) for who in names]

    def _askers(self, door):
        """Return Mallory with what is hers, and a member of both projects who asks in the other one."""
        asking = [(self.caller(self.world.mallory.studio, door.case), self.world.mallory.ids)]
        if door.has_project:
            asking.append((self.caller(self.world.theirs.studio, door.case), self.world.theirs.ids | {"project": self.world.other}))
        return asking

    def _places(self, door):
        theirs = [{"project": self.world.theirs.ids["project"]}, {"project": self.world.other}]
        return [{}, *theirs] if door.has_project else [{}]

    def _of_other_kinds(self, one):
        """Return ids of their studio that are of another table than this one."""
        table = self.theirs.table_of[one]
        rows = [*self.world.theirs.ids.values(), *self.theirs.samples().values()]
        return [other for other in dict.fromkeys(rows) if self.theirs.table_of.get(other) != table]

    def _is_of_studio(self, one):
        rows = {row for row, value in self.world.theirs.ids.items() if value == one}
        return not rows or bool(rows & (OF_THE_STUDIO | {"project"}))

    def _secrets(self):
        studio = self.world.theirs.studio
        return {*self.theirs.table_of, str(studio.tenant), *map(str, studio.people.values()), self.world.other} - {
            *self.own.table_of
        }

    def drawn(self, things):
        """Return all of them, or the first and a share of the others that is drawn."""
        first, *others = list(things) or [None]
        if first is None or self.share >= 1:
            return [] if first is None else [first, *others]
        return [first, *self.draw.sample(others, round(len(others) * self.share))]

    def body(self, door, values):
        """Return a body with these rows and names that are new."""
        if door.case.body is None:
            return {} if door.case.form else None
        values = values | {"new": uuid.uuid4().hex}
        return json.loads(re.sub(r"\{(\w+)\}", lambda one: values[one.group(1)], json.dumps(door.case.body)))
