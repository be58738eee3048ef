"""How one physiotherapist keeps her list: what she put off, what she has seen, which views she keeps."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from programs.models.enrolment import Enrolment

LONGEST_SNOOZE_NOTE, LONGEST_VIEW_NAME, LONGEST_VIEW = 300, 40, 300
#: Needs that nobody puts off: an open red flag stays on top until it is cleared.
NEVER_SNOOZED = ("emergency", "urgent")


class Snooze(models.Model):
    """One need of one runner, put off by one physiotherapist until a date, with a note.

    It ends by itself where a more pressing need comes; ``until`` is its last
    day, in the runner's zone.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="snoozes")
    need = models.CharField(max_length=24, help_text="Code of the need that was put off.")
    until = models.DateField()
    note = models.CharField(max_length=LONGEST_SNOOZE_NOTE)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="snoozes")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Ended early, by the same person.")

    class Meta:
        ordering = ["enrolment", "made_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "made_by"],
                condition=Q(ended_at__isnull=True),
                name="one_snooze_per_runner_and_clinician",
            ),
            models.CheckConstraint(
                condition=~Q(need="") & ~Q(need__in=NEVER_SNOOZED), name="a_red_flag_is_never_snoozed"
            ),
            models.CheckConstraint(condition=~Q(note=""), name="snooze_has_a_note"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("made_at")),
                name="snooze_ends_after_it_is_made",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need} until {self.until:%Y-%m-%d}"


class CaseloadSeen(models.Model):
    """Through which instant she has seen what the engine did; set by her, never by opening the page."""

    clinician = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="caseload_seen"
    )
    seen_through = models.DateTimeField()

    class Meta:
        verbose_name = "caseload seen"
        verbose_name_plural = "caseloads seen"

    def __str__(self) -> str:
        return f"seen through {self.seen_through:%Y-%m-%d %H:%M}"


class SavedView(models.Model):
    """Filters of the caseload under a name of her own."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinician = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="saved_views"
    )
    name = models.CharField(max_length=LONGEST_VIEW_NAME)
    query = models.CharField(max_length=LONGEST_VIEW, blank=True, help_text="As in the address of the page.")
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = "saved view"
        ordering = ["clinician", "name"]
        constraints = [
            models.UniqueConstraint(fields=["clinician", "name"], name="one_saved_view_per_name"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
