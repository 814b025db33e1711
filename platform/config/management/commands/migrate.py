"""Django's `migrate`, between two acts of ours: FORCE is lifted before and every declared wall put up after.

Under FORCE row-level security the owner sees no rows and says nothing: an added foreign key passes while an orphan
stands. Walls and grants come from the declarations on the models, so a table nobody declared is granted to nobody.
"""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.commands.migrate import Command as Migrate
from django.db import connection, transaction

from config import walls
from kernel.walls import put_up, take_force_off


class Command(Migrate):
    help = "Migrates as the owner of the tables, then puts up the walls between tenants."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            take_force_off(cursor, tables=_forced(cursor))
        try:
            super().handle(*args, **options)
        finally:
            with transaction.atomic(), connection.cursor() as cursor:
                walls.enter_database(cursor, roles=settings.DB_ROLES)
                standing = set(connection.introspection.table_names(cursor))
                tables = [model for model in apps.get_models() if model._meta.db_table in standing]
                put_up(cursor, tables=tables, roles=settings.DB_ROLES)
                walls.put_up_foreign(cursor, roles=settings.DB_ROLES)


def _forced(cursor: Any) -> list[str]:
    cursor.execute(
        "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace "
        "WHERE relforcerowsecurity AND n.nspname = 'public'"
    )
    return [row[0] for row in cursor.fetchall()]
