"""Memberships of mapped groups become the provider's: until now its word alone decided who stayed in them."""

from typing import Final

from django.db import migrations

# What is read: `migrate` has lifted FORCE, under which the owner sees no rows.
TABLES: Final = (
    "access_group_member", "access_role_mapping", "access_identity_provider", "socialaccount_socialaccount", "access_group",
)  # fmt: skip
GIVE = """
UPDATE access_group_member m SET provider_id = p.id
FROM access_role_mapping r
JOIN access_identity_provider p ON p.tenant_id = r.tenant_id AND p.id = r.provider_id
JOIN socialaccount_socialaccount s ON s.tenant_id = p.tenant_id AND s.provider = p.slug
JOIN access_group g ON g.tenant_id = r.tenant_id AND g.id = r.group_id AND NOT g.is_provisioned
WHERE m.provider_id IS NULL AND m.tenant_id = r.tenant_id AND m.group_id = r.group_id AND m.user_id = s.user_id
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0015_memberships_of_providers"), ("socialaccount", "0006_alter_socialaccount_extra_data")]
    operations = [migrations.RunSQL(GIVE, migrations.RunSQL.noop)]
