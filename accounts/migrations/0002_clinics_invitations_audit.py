"""Clinics, invitations, hand-overs, the audit, account mails, the shared cache, erasure.

The new columns of accounts and consents come empty; they are filled and then constrained.
"""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("list", "saw you in a list"),
                            ("view", "opened your page"),
                            ("override", "acted on your programme"),
                            ("export", "took a copy of your data"),
                            ("mail", "was told by e-mail"),
                            ("admin", "opened a record in the administration"),
                            ("consent", "access changed"),
                        ],
                        max_length=8,
                    ),
                ),
                ("detail", models.CharField(help_text="Which page, file, act or mail.", max_length=120)),
                ("at", models.DateTimeField()),
                (
                    "origin",
                    models.CharField(
                        blank=True, help_text="Network address that it came from.", max_length=45
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("act__in", ["list", "view", "override", "export", "mail", "admin", "consent"])
                        ),
                        name="access_act_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("detail", ""), _negated=True), name="access_record_says_what"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="AccountMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("kind", models.CharField(help_text="Which mail: the name of its template.", max_length=60)),
                ("subject", models.CharField(max_length=200)),
                ("text", models.TextField(blank=True)),
                ("html", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "expires_at",
                    models.DateTimeField(help_text="Wrong to send after that: the code in it is dead."),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("owed", "owed"),
                            ("sent", "sent"),
                            ("expired", "expired"),
                            ("dead", "given up"),
                        ],
                        default="owed",
                        max_length=8,
                    ),
                ),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("message_id", models.CharField(max_length=320, unique=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("outcome", models.CharField(blank=True, help_text="Why it was not sent.", max_length=200)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["owed", "sent", "expired", "dead"])),
                        name="mail_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", True), ("status", "owed")),
                            models.Q(
                                models.Q(("status", "owed"), _negated=True), ("settled_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="settled_mail_says_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "owed"), models.Q(("html", ""), ("text", "")), _connector="OR"
                        ),
                        name="settled_mail_keeps_no_body",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))),
                        name="mail_expires_after_it_is_written",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="CacheEntry",
            fields=[
                ("cache_key", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("value", models.TextField()),
                ("expires", models.DateTimeField(db_index=True)),
            ],
            options={
                "verbose_name_plural": "cache entries",
                "db_table": "rehab_cache",
            },
        ),
        migrations.CreateModel(
            name="Clinic",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="clinic_has_a_name"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("all", "everything deleted"),
                            ("pseudonym", "person removed, clinical record kept"),
                            ("retention", "kept record deleted after its time"),
                            ("closed", "account of a physiotherapist or manager closed"),
                        ],
                        max_length=9,
                    ),
                ),
                ("role", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                ("counts", models.JSONField(help_text="Table -> rows that went.")),
                (
                    "kept_until",
                    models.DateField(blank=True, help_text="When what is kept will go as well.", null=True),
                ),
                (
                    "pseudonym",
                    models.UUIDField(blank=True, help_text="That of the account that is kept.", null=True),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["all", "pseudonym", "retention", "closed"])),
                        name="erasure_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "pseudonym"), _negated=True),
                            models.Q(("kept_until__isnull", False), ("pseudonym__isnull", False)),
                            _connector="OR",
                        ),
                        name="what_is_kept_has_an_end",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="HandOver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("proposed_at", models.DateTimeField()),
                (
                    "takes_effect_at",
                    models.DateTimeField(help_text="When it happens if the runner says nothing."),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("done", "done"),
                            ("refused", "refused by the runner"),
                            ("withdrawn", "withdrawn"),
                            ("lapsed", "could no longer be done"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__in", ["open", "done", "refused", "withdrawn", "lapsed"])
                        ),
                        name="hand_over_outcome_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "open"), ("settled_at__isnull", True)),
                            models.Q(
                                models.Q(("outcome", "open"), _negated=True), ("settled_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="settled_hand_over_says_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("takes_effect_at__gt", models.F("proposed_at"))),
                        name="hand_over_gives_notice",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("join", "a physiotherapist is asked to join"),
                            ("ask", "a runner is asked for access"),
                            ("offer", "a runner offers access"),
                        ],
                        max_length=5,
                    ),
                ),
                ("secret_digest", models.CharField(max_length=64, unique=True)),
                (
                    "email",
                    models.EmailField(
                        blank=True, help_text="Who is asked; an offer names nobody.", max_length=254
                    ),
                ),
                ("as_lead", models.BooleanField(default=False)),
                ("invited_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["join", "ask", "offer"])),
                        name="invitation_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["open", "accepted", "declined", "withdrawn"])),
                        name="invitation_outcome_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "open"), ("settled_at__isnull", True)),
                            models.Q(
                                models.Q(("outcome", "open"), _negated=True), ("settled_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="settled_invitation_says_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("invited_at"))),
                        name="invitation_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "offer"), ("email", "")),
                            models.Q(
                                models.Q(("kind", "offer"), _negated=True),
                                models.Q(("email", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="an_offer_names_nobody_and_the_others_an_address",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("is_lead", models.BooleanField(default=False)),
                ("joined_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="OpenErasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="consent",
            name="consent_is_revoked_after_it_is_granted",
        ),
        migrations.AddField(
            model_name="consent",
            name="covers",
            field=models.ForeignKey(
                blank=True,
                help_text="The consent that a holiday cover rests on.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="covered_by",
                to="accounts.consent",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="expires_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="consent",
            name="public_id",
            field=models.UUIDField(null=True, editable=False),
        ),
        migrations.AddField(
            model_name="consent",
            name="revoked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consents_ended",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="via",
            field=models.CharField(
                choices=[
                    ("grant", "given by the runner"),
                    ("offer", "a code of the runner"),
                    ("ask", "an invitation that the runner accepted"),
                    ("hand_over", "handed over by a colleague"),
                    ("cover", "holiday cover"),
                ],
                default="grant",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="erased_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="When the person was taken out of the account.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="public_id",
            field=models.UUIDField(null=True, editable=False),
        ),
        migrations.AlterField(
            model_name="consent",
            name="text_version",
            field=models.PositiveSmallIntegerField(default=2),
        ),
        migrations.AddField(
            model_name="accessrecord",
            name="actor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="access_records_made",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="accessrecord",
            name="runner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="access_records",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="accountmail",
            name="recipient",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty for an address without an account.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="account_mails",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="clinic",
            name="created_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="clinics_created",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="consent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="hand_overs", to="accounts.consent"
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="notice",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="hand_over",
                to="accounts.accountmail",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="hand_overs_proposed",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="to",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="hand_overs_received",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="clinic",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invitations",
                to="accounts.clinic",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="consent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invitations",
                to="accounts.consent",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="invited_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invitations_made",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="settled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invitations_settled",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="clinic",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="accounts.clinic"
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="clinician",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memberships",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="left_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memberships_ended",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="openerasure",
            name="nobody",
            field=models.ForeignKey(
                default=-1,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="accessrecord",
            index=models.Index(fields=["runner", "-at"], name="access_records_of_a_runner"),
        ),
        migrations.AddIndex(
            model_name="accountmail",
            index=models.Index(
                condition=models.Q(("status", "owed")), fields=["due_at"], name="account_mails_to_deliver"
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "open")),
                fields=("consent",),
                name="one_open_hand_over_per_consent",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome", "declined"),
                    models.Q(("outcome", "open"), ("settled_by__isnull", True)),
                    models.Q(("outcome__in", ["accepted", "withdrawn"]), ("settled_by__isnull", False)),
                    _connector="OR",
                ),
                name="settled_invitation_says_by_whom",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "join"), models.Q(("as_lead", False), ("clinic__isnull", True)), _connector="OR"
                ),
                name="only_who_joins_is_given_a_clinic",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("consent__isnull", True),
                    models.Q(models.Q(("kind", "join"), _negated=True), ("outcome", "accepted")),
                    _connector="OR",
                ),
                name="only_an_accepted_invitation_led_to_a_consent",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at__isnull", True)),
                fields=("clinician",),
                name="one_clinic_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("left_at__isnull", True), ("left_by__isnull", True)),
                    models.Q(
                        ("left_at__gte", models.F("joined_at")),
                        ("left_at__isnull", False),
                        ("left_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="ended_membership_says_when_and_by_whom",
            ),
        ),
        migrations.AddConstraint(
            model_name="openerasure",
            constraint=models.CheckConstraint(
                condition=models.Q(("nobody", -1)), name="an_open_erasure_refers_to_nobody"
            ),
        ),
    ]
