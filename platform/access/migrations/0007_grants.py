"""Grants to people and groups, roles of a studio's own, policies, providers, reviews, support: the tables of who may act."""

import django.db.models.deletion
import django.utils.timezone
import kernel.scope
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0006_keyed_asks"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessReview",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("tenant_id", models.UUIDField(default=kernel.scope.tenant_of_scope, editable=False)),
                ("opened_by", models.UUIDField()),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("due", models.DateTimeField()),
                ("closed", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "access_review",
            },
        ),
        migrations.CreateModel(
            name="Allowance",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("tenant_id", models.UUIDField(default=kernel.scope.tenant_of_scope, editable=False)),
                ("bases", models.JSONField(null=True)),
                ("adapters", models.JSONField(null=True)),
                ("features", models.JSONField(null=True)),
                ("pictures_a_day", models.PositiveIntegerField(null=True)),
                ("device_seconds_a_day", models.PositiveIntegerField(null=True)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "db_table": "access_allowance",
            },
        ),
        migrations.CreateModel(
            name="CapturedDomain",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("tenant_id", models.UUIDField(default=kernel.scope.tenant_of_scope, editable=False)),
                ("domain", models.CharField(max_length=253)),
                ("challenge", models.CharField(max_length=64)),
                ("proved", models.DateTimeField(null=True)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "db_table": "access_captured_domain",
            },
        ),
        migrations.CreateModel(
            name="CustomRole",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("tenant_id", models.UUIDField(default=kernel.scope.tenant_of_scope, editable=False)),
                ("name", models.CharField(max_length=60)),
                ("text", models.CharField(default="", max_length=240)),
                ("reach", models.CharField(choices=[("studio", "studio"), ("project", "project")], max_length=16)),
                ("permissions", models.JSONField(default=list)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("changed", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "db_table": "access_custom_role",
            },
        ),
        migrations.CreateModel(
            name="DomainAddress",
            fields=[
                ("domain", models.CharField(max_length=253, primary_key=True, serialize=False)),
                ("slug", models.SlugField(max_length=63)),
                ("tenant_id", models.UUIDField()),
            ],
            options={
                "db_table": "access_domain_address",
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("tenant_id", models.UUIDField(default=kernel.scope.tenant_of_scope, editable=False)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "owner"),
                            ("admin", "admin"),
                            ("officer", "officer"),
                            ("auditor", "auditor"),
                            ("lead", "lead"),
                            ("trainer", "trainer"),
                            ("artist", "artist"),
                            ("reviewer", "reviewer"),
                            ("exporter", "exporter"),
                            ("viewer", "viewer"),
                            ("guest_trainer", "guest_trainer"),
                            ("guest_artist", "guest_artist"),
                            ("operator", "operator"),
                            ("support", "support"),
                            ("system", "system"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("expires", models.DateTimeField(null=True)),
                ("granted", models.DateTimeField(default=django.utils.timezone.now)),
                ("granted_by", models.UUIDField(null=True)),
                (
                    "source",
                    models.CharField(
                        choices=[("hand", "Hand"), ("provider", "Provider"), ("support", "Support")], default="hand", max_length=16
                    ),
                ),
                ("provider_id", models.UUIDField(null=True)),
            ],
            options={
                "db_table": "access_grant",
            },
        ),
        migrations.CreateModel(
            name="Group",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("tenant_id", models.UUIDField(default=kernel.scope.tenant_of_scope, editable=False)),
                ("name", models.CharField(max_length=120)),
                ("external_id", models.CharField(default="", max_length=255)),
                ("is_provisioned", models.BooleanField(default=False)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("changed", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "db_table": "access_group",
            },
        ),
        migrations.CreateModel(
            name="GroupMember",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("tenant_id", models.UUIDField(default=kernel.scope.tenant_of_scope, editable=False)),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "db_table": "access_group_member",
            },
        ),
        migrations.CreateModel(
            name="IdentityProvider",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("tenant_id", models.UUIDField(default=kernel.scope.tenant_of_scope, editable=False)),
                ("slug", models.SlugField(max_length=63)),
                ("protocol", models.CharField(choices=[("oidc", "oidc"), ("saml", "saml")], max_length=16)),
                ("name", models.CharField(max_length=120)),
                ("is_enabled", models.BooleanField(default=False)),
                ("issuer", models.CharField(max_length=1024)),
                ("metadata_url", models.CharField(default="", max_length=1024)),
                ("client_id", models.CharField(default="", max_length=255)),
                ("sealed_secret", models.TextField(default="")),
                ("endpoints", models.JSONField(default=dict)),
                ("certificates", models.JSONField(default=list)),
                ("certificate_ends", models.DateTimeField(null=True)),
                ("email_claim", models.CharField(default="email", max_length=255)),
                ("name_claim", models.CharField(default="name", max_length=255)),
                ("groups_claim", models.CharField(default="groups", max_length=255)),
                ("is_joining", models.BooleanField(default=False)),
                ("tested", models.DateTimeField(null=True)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("changed", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "db_table": "access_identity_provider",
            },
        ),
        migrations.CreateModel(
            name="ReviewItem",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("tenant_id", models.UUIDField(default=kernel.scope.tenant_of_scope, editable=False)),
                ("grant_id", models.UUIDField()),
                ("holder", models.CharField(max_length=120)),
                ("holder_id", models.UUIDField()),
                ("is_group", models.BooleanField(default=False)),
                ("role", models.CharField(max_length=60)),
                ("project_id", models.UUIDField(null=True)),
                ("expires", models.DateTimeField(null=True)),
                ("decision", models.CharField(default="", max_length=16)),
                ("decided_by", models.UUIDField(null=True)),
                ("decided", models.DateTimeField(null=True)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "db_table": "access_review_item",
            },
        ),
        migrations.CreateModel(
            name="RoleMapping",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("tenant_id", models.UUIDField(default=kernel.scope.tenant_of_scope, editable=False)),
                ("claimed", models.CharField(max_length=255)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "owner"),
                            ("admin", "admin"),
                            ("officer", "officer"),
                            ("auditor", "auditor"),
                            ("lead", "lead"),
                            ("trainer", "trainer"),
                            ("artist", "artist"),
                            ("reviewer", "reviewer"),
                            ("exporter", "exporter"),
                            ("viewer", "viewer"),
                            ("guest_trainer", "guest_trainer"),
                            ("guest_artist", "guest_artist"),
                            ("operator", "operator"),
                            ("support", "support"),
                            ("system", "system"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "db_table": "access_role_mapping",
            },
        ),
        migrations.CreateModel(
            name="SecurityPolicy",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("tenant_id", models.UUIDField(default=kernel.scope.tenant_of_scope, editable=False)),
                ("sso_only", models.BooleanField(default=False)),
                ("second_factor", models.BooleanField(default=False)),
                ("provider_step_up", models.BooleanField(default=False)),
                ("session_hours", models.PositiveIntegerField(default=168)),
                ("idle_minutes", models.PositiveIntegerField(default=720)),
                ("networks", models.JSONField(default=list)),
                ("changed", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "db_table": "access_security_policy",
            },
        ),
        migrations.CreateModel(
            name="Studio",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("tenant_id", models.UUIDField(default=kernel.scope.tenant_of_scope, editable=False)),
                ("studio_id", models.UUIDField()),
                ("name", models.CharField(max_length=120)),
                ("slug", models.SlugField(max_length=63)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "db_table": "access_studio",
            },
        ),
        migrations.CreateModel(
            name="SupportConsent",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("tenant_id", models.UUIDField(default=kernel.scope.tenant_of_scope, editable=False)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "owner"),
                            ("admin", "admin"),
                            ("officer", "officer"),
                            ("auditor", "auditor"),
                            ("lead", "lead"),
                            ("trainer", "trainer"),
                            ("artist", "artist"),
                            ("reviewer", "reviewer"),
                            ("exporter", "exporter"),
                            ("viewer", "viewer"),
                            ("guest_trainer", "guest_trainer"),
                            ("guest_artist", "guest_artist"),
                            ("operator", "operator"),
                            ("support", "support"),
                            ("system", "system"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason", models.CharField(default="", max_length=240)),
                ("given_by", models.UUIDField()),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("until", models.DateTimeField()),
                ("ended", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "access_support_consent",
            },
        ),
        migrations.CreateModel(
            name="Usage",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("tenant_id", models.UUIDField(default=kernel.scope.tenant_of_scope, editable=False)),
                ("project_id", models.UUIDField()),
                ("person_id", models.UUIDField()),
                ("day", models.DateField()),
                ("pictures", models.PositiveIntegerField(default=0)),
                ("device_milliseconds", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "db_table": "access_usage",
            },
        ),
        migrations.AddField(
            model_name="apitoken",
            name="by_provider",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="apitoken",
            name="kind",
            field=models.CharField(
                choices=[("pat", "pat"), ("svc", "svc"), ("scim", "scim"), ("sup", "sup")], default="pat", max_length=16
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="address",
            field=models.GenericIPAddressField(null=True),
        ),
        migrations.AddField(
            model_name="session",
            name="agent",
            field=models.CharField(default="", max_length=160),
        ),
        migrations.AddField(
            model_name="session",
            name="provider_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="session",
            name="provider_session",
            field=models.CharField(default="", max_length=64),
        ),
        migrations.AddField(
            model_name="tenant",
            name="device_seconds_a_day",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="tenant",
            name="pictures_a_day",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="tenant",
            name="suspended",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="changed",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddField(
            model_name="user",
            name="external_id",
            field=models.CharField(default="", max_length=255),
        ),
        migrations.AddField(
            model_name="user",
            name="family_name",
            field=models.CharField(default="", max_length=120),
        ),
        migrations.AddField(
            model_name="user",
            name="given_name",
            field=models.CharField(default="", max_length=120),
        ),
        migrations.AddField(
            model_name="user",
            name="is_break_glass",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="user",
            name="keeper_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="kind",
            field=models.CharField(
                choices=[("person", "person"), ("service", "service"), ("provisioning", "provisioning"), ("support", "support")],
                default="person",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="user_name",
            field=models.CharField(max_length=255, null=True),
        ),
        migrations.AlterField(
            model_name="user",
            name="email",
            field=models.EmailField(max_length=254, null=True),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(fields=("tenant_id", "user_name"), name="access_user_name_once"),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("kind", "person"), _negated=True), ("email__isnull", False), _connector="OR"),
                name="access_user_person_has_email",
            ),
        ),
        migrations.AddField(
            model_name="accessreview",
            name="project",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.project"),
        ),
        migrations.AddField(
            model_name="allowance",
            name="project",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.project"),
        ),
        migrations.AddField(
            model_name="allowance",
            name="user",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="customrole",
            constraint=models.UniqueConstraint(fields=("tenant_id", "name"), name="access_custom_role_name_once"),
        ),
        migrations.AddField(
            model_name="grant",
            name="custom",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.customrole"
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="project",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.project"),
        ),
        migrations.AddField(
            model_name="grant",
            name="user",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.UniqueConstraint(fields=("tenant_id", "name"), name="access_group_name_once"),
        ),
        migrations.AddField(
            model_name="grant",
            name="group",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.group"),
        ),
        migrations.AddField(
            model_name="allowance",
            name="group",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.group"),
        ),
        migrations.AddField(
            model_name="groupmember",
            name="group",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.group"),
        ),
        migrations.AddField(
            model_name="groupmember",
            name="user",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name="identityprovider",
            constraint=models.UniqueConstraint(fields=("tenant_id", "slug"), name="access_provider_slug_once"),
        ),
        migrations.AddField(
            model_name="captureddomain",
            name="provider",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.identityprovider"
            ),
        ),
        migrations.AddField(
            model_name="reviewitem",
            name="review",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.accessreview"),
        ),
        migrations.AddField(
            model_name="rolemapping",
            name="custom",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.customrole"
            ),
        ),
        migrations.AddField(
            model_name="rolemapping",
            name="group",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.group"),
        ),
        migrations.AddField(
            model_name="rolemapping",
            name="project",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.project"),
        ),
        migrations.AddField(
            model_name="rolemapping",
            name="provider",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.identityprovider"),
        ),
        migrations.AddConstraint(
            model_name="securitypolicy",
            constraint=models.UniqueConstraint(fields=("tenant_id",), name="access_security_policy_once"),
        ),
        migrations.AddConstraint(
            model_name="studio",
            constraint=models.UniqueConstraint(fields=("tenant_id", "studio_id"), name="access_studio_once"),
        ),
        migrations.AddField(
            model_name="supportconsent",
            name="project",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.project"),
        ),
        migrations.AddField(
            model_name="supportconsent",
            name="user",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="usage",
            constraint=models.UniqueConstraint(fields=("tenant_id", "day", "project_id", "person_id"), name="access_usage_once"),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                fields=("tenant_id", "user", "group", "project", "role", "custom", "source", "provider_id"),
                name="access_grant_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("group__isnull", False), ("user__isnull", True)),
                    models.Q(("group__isnull", True), ("user__isnull", False)),
                    _connector="OR",
                ),
                name="access_grant_to_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("custom__isnull", True), ("role", ""), _connector="XOR"), name="access_grant_of_one_role"
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("role", ""),
                    models.Q(("project__isnull", True), ("role__in", ["owner", "admin", "officer", "auditor"])),
                    models.Q(
                        ("project__isnull", False),
                        (
                            "role__in",
                            ["lead", "trainer", "artist", "reviewer", "exporter", "viewer", "guest_trainer", "guest_artist"],
                        ),
                    ),
                    models.Q(
                        ("project__isnull", True),
                        ("role__in", ["operator", "support"]),
                        ("tenant_id", uuid.UUID("00000000-0000-4000-8000-000000000001")),
                    ),
                    _connector="OR",
                ),
                name="access_grant_reach",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role__in", ["guest_trainer", "guest_artist"]), _negated=True),
                    ("expires__isnull", False),
                    _connector="OR",
                ),
                name="access_grant_guests_leave",
            ),
        ),
        migrations.AddConstraint(
            model_name="allowance",
            constraint=models.UniqueConstraint(
                fields=("tenant_id", "project", "user", "group"), name="access_allowance_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="allowance",
            constraint=models.CheckConstraint(
                condition=models.Q(("user__isnull", True), ("group__isnull", True), _connector="OR"), name="access_allowance_of_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="groupmember",
            constraint=models.UniqueConstraint(fields=("tenant_id", "group", "user"), name="access_group_member_once"),
        ),
        migrations.AddConstraint(
            model_name="captureddomain",
            constraint=models.UniqueConstraint(fields=("tenant_id", "domain"), name="access_domain_once"),
        ),
        migrations.AddConstraint(
            model_name="reviewitem",
            constraint=models.UniqueConstraint(fields=("tenant_id", "review", "grant_id"), name="access_review_item_once"),
        ),
    ]
