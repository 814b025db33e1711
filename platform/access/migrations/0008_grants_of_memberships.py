"""What memberships gave becomes grants; the old table goes."""

from typing import Any, Final

from django.db import migrations

TABLES: Final = ("access_membership", "access_grant")
COPY: Final = """
INSERT INTO access_grant (id, tenant_id, user_id, project_id, role, granted, source)
SELECT id, tenant_id, user_id, project_id, role, granted, 'hand' FROM access_membership ON CONFLICT DO NOTHING
"""


def fill(_apps: Any, editor: Any) -> None:
    """Copy each membership; may be repeated."""
    with editor.connection.cursor() as cursor:
        for table in TABLES:  # under FORCE the owner sees no rows, and says nothing
            cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        cursor.execute(COPY)


class Migration(migrations.Migration):
    dependencies = [("access", "0007_grants")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
