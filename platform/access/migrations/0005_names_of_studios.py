"""Every studio that stands gets its name's row."""

from typing import Any, Final

from django.db import migrations

from access.rules import folded

TABLES: Final = ("access_tenant", "access_studio_address", "access_studio_name")


def fill(_apps: Any, editor: Any) -> None:
    """Write down each studio's name; may be repeated."""
    with editor.connection.cursor() as cursor:
        _force(cursor, "NO FORCE")  # under FORCE the owner sees no rows, and says nothing
        cursor.execute("SELECT a.slug, t.name, t.id::text FROM access_studio_address a JOIN access_tenant t ON t.id = a.tenant_id")
        rows = [(slug, folded(name), tenant) for slug, name, tenant in cursor.fetchall()]
        cursor.executemany(
            "INSERT INTO access_studio_name (slug, folded, tenant_id) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", rows
        )
        _force(cursor, "FORCE")


def _force(cursor: Any, words: str) -> None:
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} {words} ROW LEVEL SECURITY")


class Migration(migrations.Migration):
    dependencies = [("access", "0004_studio_name")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
