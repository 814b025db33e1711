"""allauth's tables of second factors and of identities at providers become tenant-owned, as its e-mail addresses are."""

from typing import Final

from django.db import migrations

TABLES: Final = ("mfa_authenticator", "socialaccount_socialapp", "socialaccount_socialaccount", "socialaccount_socialtoken")
OF_SCOPE: Final = "uuid NOT NULL DEFAULT (nullif(current_setting('app.tenant', true), '')::uuid)"
COLUMNS: Final = "\n".join(
    f"ALTER TABLE {table} ADD COLUMN tenant_id {OF_SCOPE};\n"
    f"ALTER TABLE {table} ADD CONSTRAINT {table}_tenant_id_id UNIQUE (tenant_id, id);"
    for table in TABLES
)
KEYS: Final = "\n".join(
    f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_same_tenant FOREIGN KEY (tenant_id, {column}) "
    f"REFERENCES {target} (tenant_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;"
    for table, column, target in (
        ("mfa_authenticator", "user_id", "access_user"),
        ("socialaccount_socialaccount", "user_id", "access_user"),
        ("socialaccount_socialtoken", "account_id", "socialaccount_socialaccount"),
        ("socialaccount_socialtoken", "app_id", "socialaccount_socialapp"),
    )
)
# As they were, an identity that another studio knows answered 23505: an oracle. Found by what they are, not by name.
UNIQUE_PER_TENANT: Final = """
DO $$ DECLARE found record; BEGIN
  FOR found IN
    SELECT i.indexrelid::regclass AS index, i.indrelid::regclass AS "table", c.conname AS constraint_name
    FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype = 'u'
    WHERE i.indrelid IN ('mfa_authenticator'::regclass, 'socialaccount_socialaccount'::regclass,
                         'socialaccount_socialtoken'::regclass)
      AND i.indisunique AND NOT i.indisprimary AND coalesce(c.conname, '') NOT LIKE '%_tenant_id_id'
  LOOP
    IF found.constraint_name IS NOT NULL THEN
      EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found."table", found.constraint_name);
    ELSE
      EXECUTE format('DROP INDEX %s', found.index);
    END IF;
  END LOOP;
END $$;
CREATE UNIQUE INDEX mfa_authenticator_once ON mfa_authenticator (tenant_id, user_id, type)
  WHERE type IN ('totp', 'recovery_codes');
CREATE UNIQUE INDEX socialaccount_socialaccount_once ON socialaccount_socialaccount (tenant_id, provider, uid);
CREATE UNIQUE INDEX socialaccount_socialtoken_once ON socialaccount_socialtoken (tenant_id, app_id, account_id);
"""
# The longest secret that is sealed is longer than allauth's column.
LONGER: Final = "ALTER TABLE socialaccount_socialapp ALTER COLUMN secret TYPE text;"


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0009_no_memberships"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]
    operations = [
        migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
        migrations.RunSQL(KEYS, migrations.RunSQL.noop),
        migrations.RunSQL(UNIQUE_PER_TENANT, migrations.RunSQL.noop),
        migrations.RunSQL(LONGER, migrations.RunSQL.noop),
    ]
