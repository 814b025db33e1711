"""Idempotency keys lie in one table of access, by digests."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("training", "0001_initial"), ("access", "0006_keyed_asks")]
    operations = [
        migrations.RemoveConstraint(model_name="trainingrun", name="training_asked_once"),
        migrations.RemoveField(model_name="trainingrun", name="asked_key"),
    ]
