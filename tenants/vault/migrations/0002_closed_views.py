"""A view that is over is closed: by which entry, and where the sealed list of what was seen lies."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial")]
    operations = [
        migrations.AddField(model_name="view", name="closed_id", field=models.UUIDField(null=True)),
        migrations.AddField(
            model_name="view",
            name="seen",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.object"),
        ),
        migrations.AddIndex(
            model_name="view",
            index=models.Index(fields=["tenant_id", "hour"], condition=models.Q(closed_id__isnull=True), name="vault_view_open"),
        ),
    ]
