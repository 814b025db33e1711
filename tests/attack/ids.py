"""Ids as an attacker writes them: each real one of a studio by its table, invented ones, and every way to spell one."""

import base64
import uuid
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Known:
    """What stands in the database of one studio: table → some ids, and id → table."""

    by_table: dict
    table_of: dict

    def samples(self):
        """Return one id of each table."""
        return {table: ids[0] for table, ids in self.by_table.items()}


def known(postgres, tenant):
    """Read every table that has rows of this tenant, as the superuser."""
    by_table = {}
    with postgres.superuser(postgres.database) as connection:
        tables = connection.execute(
            "SELECT c.table_name FROM information_schema.columns c"
            " JOIN information_schema.columns i USING (table_schema, table_name)"
            " WHERE c.table_schema = 'public' AND c.column_name = 'tenant_id' AND i.column_name = 'id' AND i.data_type = 'uuid'"
        ).fetchall()
        for (table,) in sorted(tables):
            ids = connection.execute(f'SELECT id FROM "{table}" WHERE tenant_id = %s ORDER BY id', [tenant]).fetchall()
            if ids:
                by_table[table] = [str(one) for (one,) in ids]
    return Known(by_table, {one: table for table, ids in by_table.items() for one in ids})


# How an id is written in an address.
IN_PATH = {
    "as it is": str,
    "in capitals": str.upper,
    "without hyphens": lambda one: one.replace("-", ""),
    "in braces": lambda one: quote(f"{{{one}}}"),
    "as a URN": lambda one: f"urn:uuid:{one}",
    "percent-encoded": lambda one: "".join(f"%{ord(letter):02x}" for letter in one),
    "twice encoded": lambda one: "".join(f"%25{ord(letter):02x}" for letter in one),
    "with a space": lambda one: one + "%20",
    "with a line's end": lambda one: one + "%0a",
    "with a null": lambda one: one + "%00",
    "with a dot": lambda one: "./" + one,
    "with a way up": lambda one: one + "/../" + one,
    "with a semicolon": lambda one: one + ";v=1",
    "as a number": lambda one: str(uuid.UUID(one).int),
    "in base64": lambda one: base64.urlsafe_b64encode(uuid.UUID(one).bytes).decode().rstrip("="),
    "in wide figures": lambda one: quote("".join(chr(ord(letter) + 0xFEE0) if letter.isdigit() else letter for letter in one)),
}
# How it is written in a filter; the text is encoded afterwards.
IN_QUERY = {
    "as it is": str,
    "in capitals": str.upper,
    "without hyphens": lambda one: one.replace("-", ""),
    "in braces": lambda one: f"{{{one}}}",
    "as a URN": lambda one: f"urn:uuid:{one}",
    "with spaces": lambda one: f" {one} ",
    "with a line's end": lambda one: one + "\n",
    "with a null": lambda one: one + "\0",
    "as a number": lambda one: str(uuid.UUID(one).int),
    "as a list": lambda one: f"[{one}]",
    "with a quote": lambda one: one + "' OR '1'='1",
}
# How it is written in a body.
IN_BODY = {
    **IN_QUERY,
    "as a JSON number": lambda one: uuid.UUID(one).int,
    "in a list": lambda one: [one],
    "in an object": lambda one: {"id": one},
}


def invented():
    """Return an id of nothing."""
    return str(uuid.uuid4())
