from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0011_confirmation_keys_of_tenants")]
    operations = [
        migrations.AddField(model_name="identityprovider", name="redescribed", field=models.DateTimeField(null=True)),
    ]
