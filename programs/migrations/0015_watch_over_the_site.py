"""Jobs say what their runs came to, alarms are kept, decisions are counted, mails name what owed them."""

from django.conf import settings
from django.db import migrations, models

import accounts.correlation


class Migration(migrations.Migration):
    dependencies = [
        ("programs", "0014_mails_by_what_became_of_them"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Alarm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        choices=[
                            ("days", "days are due and none is closed"),
                            ("mails", "mails are due and none is sent"),
                            ("flags", "nobody watches red flags"),
                        ],
                        max_length=10,
                    ),
                ),
                ("began_at", models.DateTimeField(help_text="Since when it is so, as far as it is known.")),
                (
                    "seen_at",
                    models.DateTimeField(help_text="When it was first looked at; it is told a little later."),
                ),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("end_told_at", models.DateTimeField(blank=True, null=True)),
                (
                    "leased_until",
                    models.DateTimeField(
                        blank=True, help_text="One process at a time tells of it.", null=True
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("name",),
                        name="one_open_alarm_of_a_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name__in", ["days", "mails", "flags"])),
                        name="alarm_name_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            ("ended_at__gte", models.F("seen_at")),
                            _connector="OR",
                        ),
                        name="alarm_ends_after_it_is_seen",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("end_told_at__isnull", True),
                            models.Q(("ended_at__isnull", False), ("told_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="only_what_was_told_and_is_over_is_told_to_be_over",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="CountMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("counted_through", models.BigIntegerField()),
                ("settled_through", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="there_is_one_mark"),
                    models.CheckConstraint(
                        condition=models.Q(("settled_through__gte", models.F("counted_through"))),
                        name="mark_does_not_go_back",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="DecisionCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("decision", models.CharField(max_length=16)),
                ("rule", models.CharField(max_length=30)),
                ("total", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("decision", "rule"), name="one_count_of_a_rule"),
                ]
            },
        ),
        migrations.AddField(
            model_name="jobheartbeat",
            name="failed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="jobheartbeat",
            name="failures",
            field=models.BigIntegerField(blank=True, help_text="Of these, ended by an error.", null=True),
        ),
        migrations.AddField(
            model_name="jobheartbeat",
            name="last_error",
            field=models.CharField(
                blank=True,
                help_text="The kind of the last error, never its words.",
                max_length=100,
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="jobheartbeat",
            name="last_seconds",
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="jobheartbeat",
            name="runs",
            field=models.BigIntegerField(blank=True, help_text="Runs that ended, well or not.", null=True),
        ),
        migrations.AddField(
            model_name="jobheartbeat",
            name="seconds",
            field=models.FloatField(blank=True, help_text="What all runs took together.", null=True),
        ),
        migrations.AddField(
            model_name="messageowed",
            name="correlation_id",
            field=models.CharField(
                blank=True,
                default=accounts.correlation.current,
                help_text="Of the request or the job that owed it.",
                max_length=16,
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="jobheartbeat",
            name="beat_at",
            field=models.DateTimeField(help_text="Empty while no run has come to its end.", null=True),
        ),
        migrations.AddIndex(
            model_name="messageowed",
            index=models.Index(fields=["correlation_id"], name="messages_by_origin"),
        ),
    ]
