"""A membership says which provider's groups gave it; somebody may be in a group by hand and by a provider."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0014_commitments_to_words")]
    operations = [
        migrations.AddField(
            model_name="groupmember",
            name="provider",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.identityprovider"
            ),
        ),
        migrations.RemoveConstraint(model_name="groupmember", name="access_group_member_once"),
        migrations.AddConstraint(
            model_name="groupmember",
            constraint=models.UniqueConstraint(
                fields=("tenant_id", "group", "user", "provider"), name="access_group_member_once_each", nulls_distinct=False
            ),
        ),
    ]
