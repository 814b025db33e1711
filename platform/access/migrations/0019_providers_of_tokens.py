"""A token says which provider vouched for its person; of tokens from before nobody knows, and they rest on any that does."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0018_who_made_a_mapping")]
    operations = [migrations.AddField(model_name="apitoken", name="provider_id", field=models.UUIDField(null=True))]
