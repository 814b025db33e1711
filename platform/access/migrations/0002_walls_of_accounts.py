"""allauth's tables become tenant-owned: a tenant on every row, from the scope; unique within it; references within it."""

from django.db import migrations

SQL = """
ALTER TABLE account_emailaddress
  ADD COLUMN tenant_id uuid NOT NULL DEFAULT (nullif(current_setting('app.tenant', true), '')::uuid);
ALTER TABLE account_emailconfirmation
  ADD COLUMN tenant_id uuid NOT NULL DEFAULT (nullif(current_setting('app.tenant', true), '')::uuid);
ALTER TABLE account_emailaddress ADD CONSTRAINT account_emailaddress_tenant_id_id UNIQUE (tenant_id, id);
ALTER TABLE access_user ADD CONSTRAINT access_user_tenant_id_id UNIQUE (tenant_id, id);
ALTER TABLE account_emailaddress ADD CONSTRAINT account_emailaddress_user_same_tenant
  FOREIGN KEY (tenant_id, user_id) REFERENCES access_user (tenant_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE account_emailconfirmation ADD CONSTRAINT account_emailconfirmation_same_tenant
  FOREIGN KEY (tenant_id, email_address_id) REFERENCES account_emailaddress (tenant_id, id) ON DELETE CASCADE
  DEFERRABLE INITIALLY DEFERRED;
"""
# As they were, a taken address in another studio answered 23505: an oracle. Found by what they are, not by name.
UNIQUE_PER_TENANT = """
DO $$ DECLARE found record; BEGIN
  FOR found IN
    SELECT i.indexrelid::regclass AS index, c.conname AS constraint_name
    FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype = 'u'
    WHERE i.indrelid = 'account_emailaddress'::regclass AND i.indisunique AND NOT i.indisprimary
      AND coalesce(c.conname, '') <> 'account_emailaddress_tenant_id_id'
  LOOP
    IF found.constraint_name IS NOT NULL THEN
      EXECUTE format('ALTER TABLE account_emailaddress DROP CONSTRAINT %I', found.constraint_name);
    ELSE
      EXECUTE format('DROP INDEX %s', found.index);
    END IF;
  END LOOP;
END $$;
CREATE UNIQUE INDEX account_emailaddress_once ON account_emailaddress (tenant_id, lower(email)) WHERE verified;
CREATE UNIQUE INDEX account_emailaddress_once_per_user ON account_emailaddress (tenant_id, user_id, lower(email));
CREATE UNIQUE INDEX account_emailaddress_one_primary ON account_emailaddress (tenant_id, user_id) WHERE "primary";
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("account", "0009_emailaddress_unique_primary_email")]
    operations = [
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
        migrations.RunSQL(UNIQUE_PER_TENANT, migrations.RunSQL.noop),
    ]
