"""The functions through which a worker's login takes, renews and settles, and the policies of both tables."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import migrations

SQL = Path(__file__).with_name("functions.sql")
POLICIES = Path(__file__).with_name("policies.sql")


def _run(path: Path, editor: Any) -> None:
    text = path.read_text(encoding="utf-8")
    for login, role in settings.DB_ROLES.items():
        text = text.replace(f"@{login}@", f'"{role}"').replace(f"@{login}_name@", f"'{role}'")
    with editor.connection.cursor() as cursor:
        cursor.execute(text)


def put_up(_apps: Any, editor: Any) -> None:
    _run(SQL, editor)
    _run(POLICIES, editor)


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0001_initial")]
    operations = [migrations.RunPython(put_up, migrations.RunPython.noop)]
