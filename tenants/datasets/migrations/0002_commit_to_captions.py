import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("vault", "0001_initial"),
        ("datasets", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="item", name="caption_commitment", field=models.CharField(default="", max_length=64),
        ),
        migrations.AddField(
            model_name="item", name="picture_opening",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.object"),
        ),
        migrations.AddField(
            model_name="item", name="caption_opening",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.object"),
        ),
        migrations.AddField(model_name="item", name="bands", field=models.JSONField(default=list)),
    ]  # fmt: skip
