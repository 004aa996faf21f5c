from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from tearmann.ledger import triggers


def make_heads(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    heads = apps.get_model("ledger", "Head").objects.using(editor.connection.alias)
    for chain in ("history", "processing"):
        heads.create(chain=chain, seq=0, hash="0" * 64)


def create_triggers(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    triggers.create(editor.connection)


def drop_triggers(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    triggers.drop(editor.connection)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Head",
            fields=[
                (
                    "chain",
                    models.CharField(
                        choices=[("history", "Case history"), ("processing", "Processing log")],
                        max_length=10,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("seq", models.PositiveBigIntegerField()),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "chain",
                    models.CharField(
                        choices=[("history", "Case history"), ("processing", "Processing log")], max_length=10
                    ),
                ),
                ("seq", models.PositiveBigIntegerField()),
                ("at", models.DateTimeField()),
                ("happened_at", models.DateTimeField(null=True)),
                ("verb", models.TextField()),
                ("actor_kind", models.TextField()),
                ("actor_ref", models.TextField()),
                ("subject_kind", models.TextField()),
                ("subject_ref", models.TextField()),
                ("body", models.TextField()),
                ("prev", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject_kind", "subject_ref", "chain", "seq"], name="ledger_entry_subject"),
                    models.Index(fields=["actor_kind", "actor_ref", "chain", "seq"], name="ledger_entry_actor"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("chain", "seq"), name="ledger_entry_once"),
                    models.CheckConstraint(
                        condition=models.Q(("chain__in", ["history", "processing"])), name="ledger_entry_chain"
                    ),
                    models.CheckConstraint(condition=models.Q(("seq__gte", 1)), name="ledger_entry_from_one"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Text",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.TextField(db_index=True)),
                ("salt", models.BinaryField(max_length=16, null=True)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("body", models.TextField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("body__isnull", True), ("salt__isnull", True)),
                            models.Q(("body__isnull", False), ("salt__isnull", False)),
                            _connector="OR",
                        ),
                        name="ledger_text_erased_with_its_salt",
                    )
                ],
            },
        ),
        migrations.RunPython(make_heads, migrations.RunPython.noop),
        migrations.RunPython(create_triggers, drop_triggers),
    ]
