"""What a person answered before she was given a programme."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from programs.models.base import AppendOnlyModel
from programs.models.enrolment import Enrolment


class IntakeOutcome(models.TextChoices):
    ACCEPTED = "accepted", "accepted"
    REFERRED = "referred", "referred, no programme"


class Intake(AppendOnlyModel):
    """One completed intake; a refusal is a record too."""

    runner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="intakes")
    enrolment = models.OneToOneField(
        Enrolment, null=True, blank=True, on_delete=models.PROTECT, related_name="intake"
    )
    answered_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=IntakeOutcome.choices)
    answers = models.JSONField(help_text="Question key -> answer, with the library numbers that were shown.")
    reasons = models.JSONField(default=list, help_text="Keys of the answers that led to a referral.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=IntakeOutcome.values), name="intake_outcome_is_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome="accepted", enrolment__isnull=False)
                | Q(outcome="referred", enrolment__isnull=True),
                name="accepted_intake_has_an_enrolment",
            ),
        ]

    def __str__(self) -> str:
        return f"intake {self.pk} ({self.outcome})"
