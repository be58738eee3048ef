"""What is written about a runner and to her: private notes, shared messages, what was read."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from programs.models.base import AppendOnlyModel
from programs.models.enrolment import Enrolment

#: Letters of one message or note.
LONGEST_MESSAGE, LONGEST_NOTE = 2000, 5000
#: And of the end of a programme.
LONGEST_SUMMARY, LONGEST_HANDED_TO = 2000, 120


class ClinicalNote(AppendOnlyModel):
    """A note among physiotherapists who have access. The runner's pages never show it; her archive does."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="clinical_notes")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    words = models.TextField()
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "clinical note"
        ordering = ["enrolment", "written_at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(words=""), name="clinical_note_has_words")]

    def __str__(self) -> str:
        return f"note of {self.written_at:%Y-%m-%d}"


class SharedMessage(AppendOnlyModel):
    """A message between a runner and those who have access. No rule reads it.

    ``key`` comes from the form, so that a message that is sent twice is one.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="shared_messages")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    words = models.TextField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "message"
        ordering = ["enrolment", "written_at", "pk"]
        indexes = [
            # Unread ones of a whole caseload, and the newest of one runner.
            models.Index(fields=["enrolment", "-written_at"], name="messages_newest_first"),
        ]
        constraints = [models.CheckConstraint(condition=~Q(words=""), name="shared_message_has_words")]

    def __str__(self) -> str:
        return f"message of {self.written_at:%Y-%m-%d}"


class ReadMark(models.Model):
    """Through which instant one person has read the messages of one programme; it only moves on."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="read_marks")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="read_marks")
    read_through = models.DateTimeField()

    class Meta:
        verbose_name = "read mark"
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "reader"], name="one_read_mark_per_reader"),
        ]

    def __str__(self) -> str:
        return f"read through {self.read_through:%Y-%m-%d %H:%M}"


class DischargeOutcome(models.TextChoices):
    COMPLETED = "completed", "the programme was completed"
    REFERRED_ON = "referred_on", "somebody else goes on with the care"
    STOPPED = "stopped", "stopped for another reason"
    #: By the runner herself.
    LEFT = "left", "the runner left the programme"


class Discharge(AppendOnlyModel):
    """The end of a programme, with its summary; nothing is decided after it."""

    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="discharge")
    outcome = models.CharField(max_length=12, choices=DischargeOutcome.choices)
    summary = models.TextField(help_text="The runner reads it.")
    handed_to = models.CharField(
        max_length=LONGEST_HANDED_TO, blank=True, help_text="Who goes on with the care."
    )
    date = models.DateField(help_text="Local date of the runner.")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=DischargeOutcome.values), name="discharge_outcome_is_known"
            ),
            models.CheckConstraint(condition=~Q(summary=""), name="discharge_has_a_summary"),
            models.CheckConstraint(
                condition=~Q(outcome="referred_on") | ~Q(handed_to=""),
                name="who_is_referred_on_goes_to_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"discharge on {self.date:%Y-%m-%d}"


class RedFlagCase(models.Model):
    """An urgent or emergency pause with whoever looks after it, until somebody ends the pause.

    ``owner`` is null only while nobody has access. ``seen_at`` is set by a
    person's act and never by a page that was opened.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="red_flag_cases")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    level = models.CharField(max_length=10, choices=[("urgent", "urgent"), ("emergency", "emergency")])
    opened_at = models.DateTimeField(help_text="When the newest sign of it was given.")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="red_flags_owned",
    )
    owned_since = models.DateTimeField(null=True, blank=True, help_text="When it came to this owner.")
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    escalated_at = models.DateTimeField(null=True, blank=True, help_text="When the lead was told.")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "red flag"
        ordering = ["enrolment", "opened_at", "pk"]
        indexes = [
            # The watch over open ones; closed ones are the many.
            models.Index(fields=["opened_at"], condition=Q(closed_at__isnull=True), name="red_flags_open"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(closed_at__isnull=True),
                name="one_open_red_flag_per_enrolment",
            ),
            models.CheckConstraint(
                condition=Q(level__in=("urgent", "emergency")), name="red_flag_level_is_known"
            ),
            models.CheckConstraint(
                condition=Q(seen_at__isnull=True, seen_by__isnull=True)
                | Q(seen_at__isnull=False, seen_by__isnull=False),
                name="seen_red_flag_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False, closed_at__gte=F("opened_at")),
                name="closed_red_flag_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=True, owned_since__isnull=True)
                | Q(owner__isnull=False, owned_since__isnull=False),
                name="owned_red_flag_says_since_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level} of {self.opened_at:%Y-%m-%d}"

    @property
    def as_shown(self) -> str:
        """What a page showed of it, so that nobody says to have seen what came after."""
        return " ".join(
            str(at.isoformat()) if at else "-" for at in (self.opened_at, self.owned_since, self.seen_at)
        )
