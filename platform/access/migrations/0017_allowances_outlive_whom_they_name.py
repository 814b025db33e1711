"""No allowance goes with the person or group whom it names: a project without any is unlimited. Nothing changes in the database."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0016_memberships_that_providers_gave")]
    operations = [
        migrations.AlterField(
            model_name="allowance",
            name="group",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.group"),
        ),
        migrations.AlterField(
            model_name="allowance",
            name="user",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
    ]
