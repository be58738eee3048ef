"""One runner on one pinned version: where she stands and when her day closes."""

import datetime
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Consent
from programs.engine.values import Refer
from programs.models.base import choices, known, score
from programs.models.template import ProgrammeVersion


class EnrolmentStatus(models.TextChoices):
    ACTIVE = "active", "active"
    COMPLETED = "completed", "completed"
    WITHDRAWN = "withdrawn", "withdrawn"


#: Closed days that may still be corrected; older ones are read-only.
CORRECTION_DAYS = 7


class PainPattern(models.TextChoices):
    """Answers to the two direction questions; they filter exercises only."""

    NEITHER = "neither", _("neither movement is clearly worse")
    FLEXION_INTOLERANT = "flexion_intolerant", _("bending forward makes it worse")
    EXTENSION_INTOLERANT = "extension_intolerant", _("arching back makes it worse")
    BOTH = "both", _("both make it worse")


class EnrolmentQuerySet(models.QuerySet):
    def active(self) -> "EnrolmentQuerySet":
        return self.filter(status=EnrolmentStatus.ACTIVE)

    def on_a_list(self) -> "EnrolmentQuerySet":
        """Active ones, and those that a runner left with a red flag that nobody has seen."""
        unseen = Q(red_flag_cases__closed_at__isnull=True, red_flag_cases__seen_at__isnull=True)
        left = self.model.objects.filter(unseen, red_flag_cases__isnull=False).values("pk")
        return self.filter(Q(status=EnrolmentStatus.ACTIVE) | Q(pk__in=left))

    def due_for_close(self, now: datetime.datetime) -> "EnrolmentQuerySet":
        """Active ones whose local day is over, without those set aside for later."""
        return self.active().filter(Q(retry_at__isnull=True) | Q(retry_at__lte=now), closes_at__lte=now)

    def locked(self, pk: int) -> "Enrolment":
        """The enrolment with its runner, locked until the transaction ends."""
        return self.select_for_update(of=("self",)).select_related("runner").get(pk=pk)

    def visible_to(self, user, now: datetime.datetime) -> "EnrolmentQuerySet":
        """A runner's own; a clinician's with consent in force; nobody else's."""
        if user.is_runner:
            return self.filter(runner=user)
        if user.is_clinician:
            return self.on_caseload_of(user, now)
        return self.none()

    def on_caseload_of(self, clinician, now: datetime.datetime) -> "EnrolmentQuerySet":
        consents = Consent.objects.in_force(now).filter(clinician=clinician).values("runner")
        return self.filter(runner__in=consents)


class Enrolment(models.Model):
    """The state that the engine works on, plus the due instants of the jobs.

    ``decided_through`` is the last closed local date; ``closes_at`` (UTC) is
    when the day after it closes. Both move together, in the transaction that
    writes the decision.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    runner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolments")
    version = models.ForeignKey(ProgrammeVersion, on_delete=models.PROTECT, related_name="enrolments")
    family = models.SlugField(max_length=60, db_index=False)
    status = models.CharField(max_length=10, choices=EnrolmentStatus.choices, default=EnrolmentStatus.ACTIVE)
    pattern = models.CharField(max_length=24, choices=PainPattern.choices, default=PainPattern.NEITHER)
    started_on = models.DateField(help_text="Local date of programme day 1.")
    created_at = models.DateTimeField()

    stage = models.CharField(max_length=60, help_text="Key of the current stage.")
    stage_entered_on = models.DateField(
        help_text="Local date of stage-day 1: when it was first really shown."
    )
    baseline_morning = models.PositiveSmallIntegerField(null=True, blank=True)
    intake_pain = models.PositiveSmallIntegerField(null=True, blank=True)
    refer = models.CharField(max_length=10, choices=choices(Refer), default=Refer.NONE)
    paused_at = models.DateTimeField(null=True, blank=True)
    cooldown_until = models.DateField(null=True, blank=True)
    step_backs = models.JSONField(default=list, help_text="ISO dates of automatic step-backs.")
    hold_until = models.DateField(null=True, blank=True, help_text="Last day of a clinician's hold.")

    decided_through = models.DateField(help_text="Last closed local date.")
    closes_at = models.DateTimeField(help_text="When the next local day closes.")
    claimed_until = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True, help_text="Set aside until then after an error.")
    last_error = models.TextField(blank=True)

    run_days = models.JSONField(
        default=list, blank=True, help_text="ISO weekdays on which she likes to run; empty means any."
    )

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        indexes = [
            # The dispatcher's only query: which active days are over. Small,
            # because ended enrolments never come up again.
            models.Index(fields=["closes_at"], condition=Q(status="active"), name="enrolment_due_for_close"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["runner", "family"],
                condition=Q(status="active"),
                name="one_active_enrolment_per_runner_and_family",
            ),
            models.CheckConstraint(
                condition=Q(status__in=EnrolmentStatus.values), name="enrolment_status_is_known"
            ),
            models.CheckConstraint(condition=Q(pattern__in=PainPattern.values), name="pain_pattern_is_known"),
            models.CheckConstraint(condition=known("refer", Refer), name="enrolment_refer_is_known"),
            models.CheckConstraint(condition=score("baseline_morning"), name="baseline_morning_is_a_score"),
            models.CheckConstraint(condition=score("intake_pain"), name="intake_pain_is_a_score"),
            models.CheckConstraint(
                condition=Q(refer="none", paused_at__isnull=True)
                | (~Q(refer="none") & Q(paused_at__isnull=False)),
                name="paused_enrolment_says_since_when",
            ),
            models.CheckConstraint(
                condition=Q(stage_entered_on__gte=F("started_on")), name="stage_is_entered_after_the_start"
            ),
        ]

    def __str__(self) -> str:
        return f"enrolment {self.pk}"

    @property
    def is_active(self) -> bool:
        return self.status == EnrolmentStatus.ACTIVE

    @property
    def is_paused(self) -> bool:
        return self.refer != Refer.NONE

    @property
    def open_date(self) -> datetime.date:
        """The first local date that is not closed."""
        return self.decided_through + datetime.timedelta(days=1)

    @property
    def oldest_correctable(self) -> datetime.date:
        """The earliest date whose entry may still be written: open, or closed a week ago at most."""
        return max(self.started_on, self.decided_through - datetime.timedelta(days=CORRECTION_DAYS - 1))
