from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0012_when_providers_changed")]
    operations = [
        migrations.AddField(
            model_name="user", name="is_suspended_by_hand", field=models.BooleanField(default=False, db_default=False)
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(is_active=False) | models.Q(is_suspended_by_hand=False), name="access_user_suspended_is_out"
            ),
        ),
    ]
