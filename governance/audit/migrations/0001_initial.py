import uuid
from typing import Any

import kernel.scope
from django.db import migrations, models

APPEND_ONLY = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
"""
TABLES = ("audit_entry", "audit_leaf", "audit_tile", "audit_checkpoint")


def triggers() -> str:
    return APPEND_ONLY + "".join(
        f"""
        CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION audit_refuse();
        CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change;
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate;
        """
        for table in TABLES
    )


def row(*fields: "tuple[str, models.Field[Any, Any]]") -> "list[tuple[str, models.Field[Any, Any]]]":
    return [
        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
        ("tenant_id", models.UUIDField(default=kernel.scope.tenant_of_scope, editable=False)),
        *fields,
    ]


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=row(
                ("project_id", models.UUIDField(null=True)),
                ("ts", models.DateTimeField()),
                ("kind", models.CharField(max_length=64)),
                ("actor", models.CharField(max_length=64)),
                ("body", models.BinaryField()),
            ),
            options={
                "db_table": "audit_entry",
                "indexes": [
                    models.Index(fields=["tenant_id", "ts", "id"], name="audit_entry_by_time"),
                    models.Index(fields=["ts"], name="audit_entry_by_age"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=row(
                ("entry_id", models.UUIDField()),
                ("index", models.BigIntegerField()),
                ("hash", models.BinaryField()),
            ),
            options={
                "db_table": "audit_leaf",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant_id", "index"), name="audit_leaf_one_per_index"),
                    models.UniqueConstraint(fields=("tenant_id", "entry_id"), name="audit_leaf_one_per_entry"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tile",
            fields=row(
                ("level", models.IntegerField()),
                ("number", models.BigIntegerField()),
                ("hashes", models.BinaryField()),
                ("root", models.BinaryField()),
            ),
            options={
                "db_table": "audit_tile",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant_id", "level", "number"), name="audit_tile_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=row(
                ("size", models.BigIntegerField()),
                ("root", models.BinaryField()),
                ("note", models.TextField()),
                ("vkey", models.TextField()),
                ("ts", models.DateTimeField()),
            ),
            options={
                "db_table": "audit_checkpoint",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant_id", "size"), name="audit_checkpoint_once_per_size"),
                ],
            },
        ),
        migrations.RunSQL(triggers(), migrations.RunSQL.noop),
    ]
