from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0013_who_suspended")]
    operations = [
        migrations.AddField(model_name="group", name="name_commitment", field=models.CharField(default="", max_length=64)),
        migrations.AddField(model_name="group", name="name_opening", field=models.TextField(default="")),
        migrations.AddField(model_name="supportconsent", name="reason_opening", field=models.TextField(default="")),
    ]
