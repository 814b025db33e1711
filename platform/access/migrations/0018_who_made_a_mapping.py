"""A mapping knows who made it, to whom it gives nothing; those from before know nobody."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0017_allowances_outlive_whom_they_name")]
    operations = [migrations.AddField(model_name="rolemapping", name="made_by", field=models.UUIDField(null=True))]
