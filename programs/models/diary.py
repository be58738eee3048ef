"""What the runner reports of one local date, and what it said before."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from programs.engine.values import DONE_SOMETHING, Leg, Occasion, SessionKind, Site, Warmup
from programs.models.base import AppendOnlyModel, choices, known, score
from programs.models.enrolment import Enrolment

#: Minutes; more in one session is a slip of the thumb.
LONGEST_RUN = 600
#: Letters of an extra note.
MOST_WORDS = 200
_DONE = sorted(kind.value for kind in DONE_SOMETHING)
SCORES = ("morning", "rest", "during", "after")


class DiaryEntry(models.Model):
    """All scores are whole numbers 0-10 or null, and null means not recorded.

    ``session`` is null where the runner did not say; that is not the same as
    ``none`` (none was planned).
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="entries", db_index=False)
    date = models.DateField()
    morning = models.PositiveSmallIntegerField("pain on waking", null=True, blank=True)
    rest = models.PositiveSmallIntegerField("pain at rest", null=True, blank=True)
    session = models.CharField(max_length=14, choices=choices(SessionKind), null=True, blank=True)  # noqa: DJ001
    during = models.PositiveSmallIntegerField("worst pain in the session", null=True, blank=True)
    after = models.PositiveSmallIntegerField("worst pain within two hours after", null=True, blank=True)
    warmup = models.CharField(max_length=18, choices=choices(Warmup), default=Warmup.NONE)
    limp = models.BooleanField("pain changed the way of moving", default=False)
    leg = models.CharField(max_length=10, choices=choices(Leg), default=Leg.NONE)
    sites = models.JSONField(
        default=list, blank=True, help_text="Places that hurt; the leg is the furthest of them."
    )
    run_minutes = models.PositiveSmallIntegerField(
        "minutes run",
        null=True,
        blank=True,
        help_text="Running only, without the walks; null is not recorded.",
    )
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
            models.CheckConstraint(
                condition=Q(run_minutes__isnull=True)
                | Q(session__isnull=False, session__in=_DONE, run_minutes__lte=LONGEST_RUN),
                name="minutes_run_only_with_a_session",
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


class PainNote(AppendOnlyModel):
    """One score beside the check-in: after a run, in a flare. What a day makes of them: engine/daily.py.

    ``key`` comes from the form, so that a note that is sent twice is one. A
    note is never changed: a later one replaces it, or withdraws it.
    """

    entry = models.ForeignKey(DiaryEntry, on_delete=models.PROTECT, related_name="notes")
    key = models.UUIDField(unique=True)
    noted_at = models.DateTimeField(help_text="When it hurt, as the runner says.")
    occasion = models.CharField(max_length=10, choices=choices(Occasion))
    site = models.CharField(max_length=10, choices=choices(Site))
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    words = models.CharField(max_length=MOST_WORDS, blank=True)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "pain note"
        ordering = ["entry", "noted_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=known("occasion", Occasion), name="note_occasion_is_known"),
            models.CheckConstraint(condition=known("site", Site), name="note_site_is_known"),
            # Without a score it withdraws another one; by itself it would say nothing.
            models.CheckConstraint(
                condition=Q(score__isnull=False, score__range=(0, 10))
                | Q(score__isnull=True, replaces__isnull=False),
                name="note_has_a_score_or_withdraws_one",
            ),
        ]

    def __str__(self) -> str:
        return f"note of entry {self.entry_id}"


class PlannedSession(models.Model):
    """A session that the runner's page planned for a date, frozen when the day began.

    A missing day with a planned session breaks the chain of comfortable
    sessions, so what was planned must be a fact and not a later guess.
    """

    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="planned_sessions", db_index=False
    )
    date = models.DateField()
    stage = models.CharField(max_length=60)

    class Meta:
        verbose_name = "planned session"
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "date"], name="one_planned_session_per_date"),
        ]

    def __str__(self) -> str:
        return f"session planned for {self.date:%Y-%m-%d}"


class DayChoice(models.Model):
    """The runner's wish for one date, against her usual days; it never allows what the plan does not."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="day_choices")
    date = models.DateField()
    wants_session = models.BooleanField()
    chosen_at = models.DateTimeField()

    class Meta:
        verbose_name = "choice of a day"
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "date"], name="one_choice_per_date"),
        ]

    def __str__(self) -> str:
        return f"choice for {self.date:%Y-%m-%d}"
