import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A bundle's commitment can be opened: the entry that holds it, and the sealed opening."""

    dependencies = [("exit", "0001_initial"), ("vault", "0001_initial")]

    operations = [
        migrations.AddField("exit", "assembled_id", models.UUIDField(null=True)),
        migrations.AddField(
            "exit",
            "openings",
            models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.object"),
        ),
    ]
