"""What the runner reports of one local date, and what it said before."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from programs.engine.values import DONE_SOMETHING, Leg, SessionKind, Warmup
from programs.models.base import AppendOnlyModel, choices, known, score
from programs.models.enrolment import Enrolment

SCORES = ("morning", "rest", "during", "after")


class DiaryEntry(models.Model):
    """All scores are whole numbers 0-10 or null, and null means not recorded.

    ``session`` is null where the runner did not say; that is not the same as
    ``none`` (none was planned).
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="entries")
    date = models.DateField()
    morning = models.PositiveSmallIntegerField("pain on waking", null=True, blank=True)
    rest = models.PositiveSmallIntegerField("pain at rest", null=True, blank=True)
    session = models.CharField(max_length=14, choices=choices(SessionKind), null=True, blank=True)  # noqa: DJ001
    during = models.PositiveSmallIntegerField("worst pain in the session", null=True, blank=True)
    after = models.PositiveSmallIntegerField("worst pain within two hours after", null=True, blank=True)
    warmup = models.CharField(max_length=18, choices=choices(Warmup), default=Warmup.NONE)
    limp = models.BooleanField("pain changed the way of moving", default=False)
    leg = models.CharField(max_length=10, choices=choices(Leg), default=Leg.NONE)
    red_flags = models.JSONField(default=list, blank=True)
    stage_shown = models.CharField(
        max_length=60, help_text="Stage on the runner's page when this was recorded."
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "diary entry"
        verbose_name_plural = "diary entries"
        ordering = ["enrolment", "date"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "date"], name="one_entry_per_enrolment_and_date"),
            *(models.CheckConstraint(condition=score(name), name=f"{name}_is_a_score") for name in SCORES),
            models.CheckConstraint(
                condition=Q(session__isnull=True) | known("session", SessionKind), name="session_is_known"
            ),
            models.CheckConstraint(condition=known("warmup", Warmup), name="warmup_is_known"),
            models.CheckConstraint(condition=known("leg", Leg), name="leg_is_known"),
            # INV-21: a score on a skipped session, once cleared, could turn a
            # step back into an advance. "Not null" is said because a check
            # that comes out as NULL passes.
            models.CheckConstraint(
                condition=Q(session__isnull=False, session__in=sorted(DONE_SOMETHING))
                | Q(during__isnull=True, after__isnull=True, warmup="none", limp=False),
                name="session_scores_only_with_a_session",
            ),
        ]

    def __str__(self) -> str:
        return f"entry of {self.date:%Y-%m-%d}"


class EntryRevision(AppendOnlyModel):
    """The values that a correction replaced, with who and when."""

    entry = models.ForeignKey(DiaryEntry, on_delete=models.PROTECT, related_name="revisions")
    values = models.JSONField()
    replaced_at = models.DateTimeField()
    replaced_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    after_close = models.BooleanField(default=False, help_text="True where the day was already decided.")

    class Meta:
        verbose_name = "entry revision"
        ordering = ["entry", "replaced_at"]

    def __str__(self) -> str:
        return f"revision of entry {self.entry_id}"


class PlannedSession(models.Model):
    """A session that the runner's page planned for a date, frozen when the day began.

    A missing day with a planned session breaks the chain of comfortable
    sessions, so what was planned must be a fact and not a later guess.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="planned_sessions")
    date = models.DateField()
    stage = models.CharField(max_length=60)

    class Meta:
        verbose_name = "planned session"
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "date"], name="one_planned_session_per_date"),
        ]

    def __str__(self) -> str:
        return f"session planned for {self.date:%Y-%m-%d}"
