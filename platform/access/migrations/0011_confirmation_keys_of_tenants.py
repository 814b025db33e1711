"""A key of an e-mail's confirmation is unique in its tenant: as it was, one that another studio holds answered 23505."""

from django.db import migrations

# Found by what it is, not by the name that Django gave it.
UNIQUE_PER_TENANT = """
DO $$ DECLARE found record; BEGIN
  FOR found IN
    SELECT c.conname AS name FROM pg_constraint c
    WHERE c.conrelid = 'account_emailconfirmation'::regclass AND c.contype = 'u'
  LOOP
    EXECUTE format('ALTER TABLE account_emailconfirmation DROP CONSTRAINT %I', found.name);
  END LOOP;
END $$;
CREATE UNIQUE INDEX account_emailconfirmation_once ON account_emailconfirmation (tenant_id, key);
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0010_walls_of_factors"), ("account", "0009_emailaddress_unique_primary_email")]
    operations = [migrations.RunSQL(UNIQUE_PER_TENANT, migrations.RunSQL.noop)]
