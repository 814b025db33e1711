"""Walls and grants of the tables that other people's packages bring, and entry into the database for each login."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from kernel.walls import LOGINS, OF_APP

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

# Tables of libraries that every login of ours may read; they hold names of models and migrations, nothing of a tenant.
GLOBAL: Final = {
    "django_migrations": "which migrations ran",
    "django_content_type": "names of models; Django reads them",
    "auth_permission": "names of Django's own permissions, unused",
    "auth_group": "unused, Django's own",
    "auth_group_permissions": "unused, Django's own",
}
# Tables of allauth: tenant-owned by a column that `access` adds in its migration.
OF_TENANTS: Final = (
    "account_emailaddress", "account_emailconfirmation", "mfa_authenticator", "socialaccount_socialapp",
    "socialaccount_socialaccount", "socialaccount_socialtoken",
)  # fmt: skip


def enter_database(cursor: "CursorWrapper", *, roles: Mapping[str, str]) -> None:
    """Let our logins into the database and its schema, and nobody else; nobody but the owner makes objects."""
    cursor.execute("SELECT current_database()")
    name = cursor.fetchone()[0]
    cursor.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
    cursor.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    for login in LOGINS:
        cursor.execute(f'GRANT CONNECT ON DATABASE "{name}" TO "{roles[login]}"')
        cursor.execute(f'GRANT USAGE ON SCHEMA public TO "{roles[login]}"')


def put_up_foreign(cursor: "CursorWrapper", *, roles: Mapping[str, str]) -> None:
    """Grant the global tables to read, and wall the tenants' ones; may be repeated."""
    cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
    standing = {row[0] for row in cursor.fetchall()}
    for table in standing & GLOBAL.keys():
        for login in LOGINS:
            cursor.execute(f'GRANT SELECT ON "{table}" TO "{roles[login]}"')
    cursor.execute("SELECT table_name FROM information_schema.columns WHERE column_name = 'tenant_id'")
    owned = {row[0] for row in cursor.fetchall()}  # without the column a table stays ungranted
    for table in sorted(owned & set(OF_TENANTS)):
        _wall(cursor, table=table, app=roles["app"])


def _wall(cursor: "CursorWrapper", *, table: str, app: str) -> None:
    cursor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    cursor.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
    cursor.execute(f'DROP POLICY IF EXISTS app_all ON "{table}"')
    cursor.execute(f'CREATE POLICY app_all ON "{table}" TO "{app}" USING ({OF_APP}) WITH CHECK ({OF_APP})')
    cursor.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO "{app}"')
    cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
    sequence = cursor.fetchone()[0]
    if sequence:
        cursor.execute(f'GRANT USAGE ON SEQUENCE {sequence} TO "{app}"')
