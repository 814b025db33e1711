"""What was asked with an idempotency key, by digests: one table for every deed."""

import uuid

import django.utils.timezone
from django.db import migrations, models

import kernel.scope


class Migration(migrations.Migration):
    dependencies = [("access", "0005_names_of_studios")]
    operations = [
        migrations.CreateModel(
            name="KeyedAsk",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("tenant_id", models.UUIDField(default=kernel.scope.tenant_of_scope, editable=False)),
                ("person_id", models.UUIDField()),
                ("key", models.CharField(max_length=64)),
                ("ask", models.CharField(max_length=64)),
                ("rows", models.JSONField()),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "db_table": "access_keyed_ask",
                "constraints": [models.UniqueConstraint(fields=("tenant_id", "person_id", "key"), name="access_keyed_ask_once")],
            },
        ),
    ]
