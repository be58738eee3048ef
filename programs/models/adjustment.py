"""What a physiotherapist changes of the exercises for one runner; the programme itself stays."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from programs.models.base import AppendOnlyModel
from programs.models.decision import ReasonCode
from programs.models.enrolment import Enrolment


class AdjustmentKind(models.TextChoices):
    DOSE = "dose", "another dose"
    SWAP = "swap", "another exercise in its place"
    ENABLE = "enable", "turned on for this runner"
    LEAVE_OUT = "leave_out", "left out for this runner"
    RESTORE = "restore", "as the programme says again"


_WITH_DOSE = (AdjustmentKind.DOSE.value, AdjustmentKind.SWAP.value, AdjustmentKind.ENABLE.value)
LEVELS = ("A", "B", "C")


class Adjustment(AppendOnlyModel):
    """The newest for an exercise counts; ``restore`` takes it back."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="adjustments")
    exercise = models.CharField(max_length=60, help_text="Key in the library.")
    kind = models.CharField(max_length=10, choices=AdjustmentKind.choices)
    level = models.CharField(max_length=1, blank=True, help_text="Dose of the library.")
    instead = models.CharField(max_length=60, blank=True, help_text="Key of the exercise in its place.")
    date = models.DateField(help_text="Local date of the runner from which it counts.")
    reason_code = models.CharField(max_length=20, choices=ReasonCode.choices)
    reason = models.TextField()
    review_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["enrolment", "made_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=AdjustmentKind.values), name="adjustment_kind_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & Q(reason_code__in=ReasonCode.values), name="adjustment_has_a_reason"
            ),
            models.CheckConstraint(condition=~Q(exercise=""), name="adjustment_names_an_exercise"),
            models.CheckConstraint(
                condition=Q(kind__in=_WITH_DOSE, level__in=LEVELS) | (~Q(kind__in=_WITH_DOSE) & Q(level="")),
                name="only_a_dose_names_a_level",
            ),
            models.CheckConstraint(
                condition=(Q(kind="swap") & ~Q(instead="") & ~Q(instead=F("exercise")))
                | (~Q(kind="swap") & Q(instead="")),
                name="only_a_swap_names_another_exercise",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.exercise}"
