"""One statement as one login, in a transaction that never comes to be, and how it ended."""

import hashlib
from dataclasses import dataclass, field

import psycopg


@dataclass(frozen=True)
class State:
    """A login as it finds itself: the settings that its transaction starts with."""

    name: str
    login: str
    settings: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """How a statement ended: an SQL state, or how many rows it hit."""

    state: str = ""
    rows: int = 0
    text: str = ""


def ended(line, settings, statement, *, contains=None):
    """Run a statement in a transaction that is rolled back; return how it ended."""
    begin = begun(settings)
    try:
        if statement.endswith("TO STDOUT"):
            line.execute(begin)
            return Outcome(rows=_copied(line, statement, contains))
        with line.cursor() as cursor:
            cursor.execute(f"{begin}; {statement}")
            while cursor.nextset():
                pass
            return Outcome(rows=max(cursor.rowcount, 0))
    except psycopg.Error as refused:
        return Outcome(state=refused.sqlstate or "lost")
    finally:
        line.execute("ROLLBACK; DEALLOCATE ALL" if statement.startswith("PREPARE") else "ROLLBACK")


def begun(settings):
    return "; ".join(["BEGIN", *(f"SELECT set_config('{name}', '{value}', true)" for name, value in settings.items())])


def _copied(line, statement, contains):
    """Return how many rows of a copied table say this."""
    with line.cursor() as cursor, cursor.copy(statement) as copied:
        return sum(contains is None or contains.encode() in bytes(part) for part in copied)


def insert_of(table, row):
    names = ", ".join(f'"{name}"' for name in row)
    return f"INSERT INTO {table.said} ({names}) VALUES ({', '.join(_literal(value) for value in row.values())})"


def _literal(value):
    return psycopg.sql.Literal(value if not isinstance(value, dict | list) else psycopg.types.json.Jsonb(value)).as_string()


def digest(token):
    return hashlib.sha256(token.encode()).hexdigest()
