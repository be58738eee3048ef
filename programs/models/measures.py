"""Outcome measures: what a runner cannot do yet in her own words, and answers to questionnaires."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from programs.measures.due import Occasion
from programs.models.base import AppendOnlyModel
from programs.models.enrolment import Enrolment

#: Stratford 1995: three to five activities of the person's own.
MOST_ACTIVITIES = 5
LONGEST_ACTIVITY = 120


class MeasureOccasion(models.TextChoices):
    INTAKE = Occasion.INTAKE.value, "at the intake"
    FORTNIGHT = Occasion.FORTNIGHT.value, "every two weeks"
    END = Occasion.END.value, "at the end"


class NamedActivity(AppendOnlyModel):
    """An activity that the runner named herself (PSFS); its words stay, or scores could not be compared."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="activities")
    position = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=LONGEST_ACTIVITY)
    named_at = models.DateTimeField()

    class Meta:
        verbose_name = "activity"
        verbose_name_plural = "activities"
        ordering = ["enrolment", "position"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "position"], name="one_activity_per_position"),
            models.CheckConstraint(
                condition=Q(position__range=(1, MOST_ACTIVITIES)), name="at_most_five_activities"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="activity_has_words"),
        ]

    def __str__(self) -> str:
        return f"activity {self.position} of enrolment {self.enrolment_id}"


class MeasureResponse(AppendOnlyModel):
    """Answers to one edition of a questionnaire, with the wordings that were shown.

    The score is kept in hundredths, and null where too few items were answered; missing items are
    null in ``answers`` and never zero.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="measure_responses")
    questionnaire = models.SlugField(max_length=60)
    edition = models.PositiveIntegerField()
    date = models.DateField(help_text="Local date.")
    occasion = models.CharField(max_length=10, choices=MeasureOccasion.choices)
    answers = models.JSONField()
    score_hundredths = models.PositiveIntegerField(null=True, blank=True)
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "questionnaire response"
        ordering = ["enrolment", "date", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "questionnaire", "date"], name="one_response_per_questionnaire_and_date"
            ),
            models.CheckConstraint(
                condition=Q(occasion__in=MeasureOccasion.values), name="measure_occasion_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire} on {self.date:%Y-%m-%d}"
