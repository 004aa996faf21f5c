import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.TextField(unique=True)),
                ("name", models.TextField()),
                ("national", models.BooleanField(default=False)),
                ("contact_desk", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.TextField(unique=True)),
                ("name", models.TextField()),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="teams", to="people.unit"
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Officer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("sign_in", models.CharField(max_length=64, unique=True)),
                ("name", models.TextField()),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("desk_officer", "Desk officer"),
                            ("supervisor", "Supervisor"),
                            ("analyst", "Analyst"),
                            ("leader", "Leader"),
                            ("inspector", "Inspector"),
                            ("auditor", "Auditor"),
                            ("administrator", "Administrator"),
                            ("data_protection", "Data-protection officer"),
                        ],
                        max_length=15,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("valid_until", models.DateTimeField(blank=True, null=True)),
                ("must_change_password", models.BooleanField(default=False)),
                ("failed_sign_ins", models.PositiveSmallIntegerField(default=0)),
                ("locked_until", models.DateTimeField(blank=True, null=True)),
                ("teams", models.ManyToManyField(blank=True, related_name="officers", to="people.team")),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="officers",
                        to="people.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["sign_in"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role", "inspector"), _negated=True),
                            ("valid_until__isnull", False),
                            _connector="OR",
                        ),
                        name="people_inspector_is_time_boxed",
                    )
                ],
            },
        ),
    ]
