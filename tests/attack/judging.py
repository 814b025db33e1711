"""Asks one question over HTTP, and finds what is wrong with its answer, by itself and beside another."""

import contextlib
import json
import re

from tests.attack import actors
from tests.attack.answers import told


class Judge:
    """What every family of attempts over HTTP does with an answer; `world`, `tally` and `secrets` are its attack's."""

    def _ask(self, door, caller, where, body, key=None):
        with contextlib.suppress(AttributeError):
            caller.client.exc_info = None
        return told(caller.ask(door.verb, where, body=body, form=door.case.form, key=key))

    def _refused(self, door, caller, answer, named, *, may_be_empty=False, pair=None, as_role=None, shows_own=False):
        """Count one attempt, and find what is wrong with its answer by itself."""
        self.tally.attempt("http", pair=pair or str(door))
        who = f"{caller.name} as {as_role}" if as_role else caller.name
        said = f"{door} by {who} naming {[str(one) for one in named][:2]} is answered {answer.status}"
        if answer.status >= 500:
            self.tally.found("failure", "http", said)
        elif answer.is_success and not may_be_empty and door.verb != "options":
            self.tally.found("leak", "http", said)
        else:
            self.tally.refusal(answer.status)
        is_foreign = not shows_own and as_role is None and not self._is_of_both(caller)
        if is_foreign and (shown := (answer.ids() & self.secrets) - {str(one).lower() for one in named}):
            self.tally.found("leak", "http", f"{said} and shows {sorted(shown)[:3]}")

    def _is_of_both(self, caller):
        return any(caller is known for (slug, _, _), known in self._callers.items() if slug == self.world.theirs.studio.slug)

    def _same(self, door, caller, real, none, what):
        """Compare two answers, each with the ids that its request named."""
        (one, named), (other, invented) = real, none
        if one.shape(*map(str, named)) != other.shape(*map(str, invented)):
            told_apart = f"{one.status} for known, {other.status} for unknown"
            self.tally.found("existence_oracle", "http", f"{door} by {caller.name} with {what}: {told_apart}")


def missing(answer):
    """Return the permission that an answer says is missing, or None."""
    if answer.status != 403 or not answer.body.startswith(b"{"):
        return None
    return json.loads(answer.body).get("facts", {}).get("permission")


def named_rows(door):
    in_body = re.findall(r"\{(\w+)\}", json.dumps(door.case.body))
    return [
        *(door.row(slot) for slot in door.slots if slot != "project"),
        *(row for row in in_body if row not in {"new", "project"}),
    ]


def value_at(body, path):
    """Return what a body has in a field, or None."""
    with contextlib.suppress(KeyError, IndexError, TypeError):
        for step in path:
            body = body[step]
        return body
    return None


def narrowed_to(door, own, field, value):
    return door.where(own, query=f"?{field}={actors.in_query(value)}")
