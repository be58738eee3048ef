"""Messages owed: one e-mail due to one person for one reason, and its sending."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts import correlation
from programs.engine.values import Refer
from programs.models.base import known
from programs.models.decision import Decision
from programs.models.enrolment import Enrolment


class MessageKind(models.TextChoices):
    REMINDER = "reminder", "daily reminder"
    MORNING_AFTER = "morning_after", "the morning after a session"
    NUDGE = "nudge", "a second question on the same day"
    AGAIN = "again", "asked again, as she wished"
    WEEKLY = "weekly", "summary of the week"
    SILENT = "silent", "shall we pause?"
    WRITTEN = "written", "your physiotherapist wrote or changed something"
    ADVANCE = "advance", "you moved on"
    STEP_BACK = "step_back", "one step back"
    PAUSE = "pause", "programme paused"
    CLINICIAN_PAUSE = "clinician_pause", "a runner is paused (to the physiotherapist)"
    FLAG_UNSEEN = "flag_unseen", "a red flag that nobody has seen (to the lead)"
    DIGEST = "digest", "who needs you today (to the physiotherapist)"
    REVIEWS = "reviews", "acts to be looked at again (to the physiotherapist)"


#: Sent by the clock: one of a kind for one person and local date, whatever happens to her programmes.
BY_THE_CLOCK = (
    MessageKind.REMINDER,
    MessageKind.MORNING_AFTER,
    MessageKind.NUDGE,
    MessageKind.AGAIN,
    MessageKind.WEEKLY,
    MessageKind.SILENT,
    MessageKind.DIGEST,
    MessageKind.REVIEWS,
)
#: About a list and not about one runner.
OF_A_LIST = (MessageKind.DIGEST, MessageKind.REVIEWS)
#: What somebody may turn off, and on again; all others are about safety.
CHOSEN = (
    MessageKind.REMINDER,
    MessageKind.MORNING_AFTER,
    MessageKind.NUDGE,
    MessageKind.WEEKLY,
    MessageKind.SILENT,
    MessageKind.ADVANCE,
    MessageKind.STEP_BACK,
    MessageKind.WRITTEN,
    MessageKind.DIGEST,
    MessageKind.REVIEWS,
)


class MessageStatus(models.TextChoices):
    OWED = "owed", "owed"
    SENT = "sent", "sent"
    UNCERTAIN = "uncertain", "perhaps sent"
    SKIPPED = "skipped", "skipped"
    DEAD = "dead", "given up"


class MessageQuerySet(models.QuerySet):
    def due(self, now: datetime.datetime) -> "MessageQuerySet":
        return self.filter(
            Q(leased_until__isnull=True) | Q(leased_until__lte=now), status="owed", due_at__lte=now
        )


class MessageOwed(models.Model):
    """The queue of mails is this table; a broker that forgets loses nothing."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages_owed"
    )
    enrolment = models.ForeignKey(
        Enrolment,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="messages_owed",
        help_text="Empty for a mail about a whole list.",
    )
    kind = models.CharField(max_length=16, choices=MessageKind.choices)
    local_date = models.DateField(
        help_text="Local date that it is about: of the runner, or of the recipient."
    )
    level = models.CharField(
        max_length=10, blank=True, help_text="Refer level of a pause: each is told once a day."
    )
    decision = models.ForeignKey(
        Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="messages"
    )
    created_at = models.DateTimeField()
    wanted_at = models.DateTimeField(
        help_text="When it was to go out: moved by quiet hours and by her wish, never by a failed try."
    )
    due_at = models.DateTimeField(help_text="When it is tried next.")
    expires_at = models.DateTimeField(null=True, blank=True, help_text="Wrong to send after that.")
    status = models.CharField(max_length=9, choices=MessageStatus.choices, default=MessageStatus.OWED)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    uncertain = models.PositiveSmallIntegerField(
        default=0, help_text="How often the connection was lost after the whole mail had gone out."
    )
    message_id = models.CharField(max_length=120, unique=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=200, blank=True, help_text="Why it was skipped or given up.")
    answered_at = models.DateTimeField(
        null=True, blank=True, help_text="When a score was given by a link in it; it takes one."
    )
    correlation_id = models.CharField(  # noqa: DJ001 - null: of before there were any
        max_length=correlation.LENGTH,
        null=True,
        blank=True,
        default=correlation.current,
        help_text="Of the request or the job that owed it.",
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message owed"
        verbose_name_plural = "messages owed"
        indexes = [
            # The delivery sweep; settled rows are the many and never come up again.
            models.Index(fields=["due_at"], condition=Q(status="owed"), name="messages_to_deliver"),
            # What was settled within a day, or on a date: the numbers and the log; retention as well.
            models.Index(fields=["settled_at"], name="messages_by_when_settled"),
            # The few that went wrong, out of everything that was ever sent.
            models.Index(
                fields=["status", "id"],
                condition=Q(status__in=["uncertain", "dead"]),
                name="messages_that_went_wrong",
            ),
            # What came of one request or one run of a job.
            models.Index(fields=["correlation_id"], name="messages_by_origin"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "enrolment", "kind", "local_date", "level"],
                name="one_message_per_person_kind_and_date",
            ),
            # Whatever became of her programmes in between, and also where there is none.
            models.UniqueConstraint(
                fields=["recipient", "kind", "local_date"],
                condition=Q(kind__in=[str(kind) for kind in BY_THE_CLOCK]),
                name="one_mail_by_the_clock_per_date",
            ),
            models.CheckConstraint(
                condition=Q(enrolment__isnull=True, kind__in=[str(kind) for kind in OF_A_LIST])
                | (Q(enrolment__isnull=False) & ~Q(kind__in=[str(kind) for kind in OF_A_LIST])),
                name="message_names_its_programme_or_is_of_a_list",
            ),
            models.CheckConstraint(condition=Q(kind__in=MessageKind.values), name="message_kind_is_known"),
            models.CheckConstraint(
                condition=Q(level="") | known("level", Refer), name="message_level_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=MessageStatus.values), name="message_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status="owed", settled_at__isnull=True)
                | (~Q(status="owed") & Q(settled_at__isnull=False)),
                name="settled_message_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["skipped", "dead", "uncertain"]) | ~Q(outcome=""),
                name="unsent_message_says_why",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("due_at")),
                name="message_expires_after_it_is_due",
            ),
        ]

    def __str__(self) -> str:
        # Pages of the administration have it as their title: the kind may tell of a pause.
        return f"message {self.pk}"
