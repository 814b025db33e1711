from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("access", "0008_grants_of_memberships")]
    operations = [migrations.DeleteModel(name="Membership")]
