"""A studio is found by its name, too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0003_token_scope_and_reach")]
    operations = [
        migrations.CreateModel(
            name="StudioName",
            fields=[
                ("slug", models.SlugField(max_length=63, primary_key=True, serialize=False)),
                ("folded", models.TextField(db_index=True)),
                ("tenant_id", models.UUIDField()),
            ],
            options={"db_table": "access_studio_name"},
        ),
    ]
