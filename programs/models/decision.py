"""The ledger: every decision with its inputs, append-only; and clinicians' acts."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from programs.engine.values import Outcome, Refer, Trigger
from programs.models.base import AppendOnlyModel, AppendOnlyQuerySet, choices, known
from programs.models.enrolment import Enrolment
from programs.models.packed import CriteriaField, InputsField
from programs.models.template import ProgrammeVersion

#: Letters of who saw a runner, and of what she says that she was told.
LONGEST_NAME, LONGEST_ADVICE = 120, 300


class OverrideKind(models.TextChoices):
    HOLD_UNTIL = "hold_until", "hold until a date"
    SET_STAGE = "set_stage", "set the stage"
    CLEAR_PAUSE = "clear_pause", "clear the pause"
    #: The runner's own statement, where no physiotherapist has access.
    SELF_CLEAR = "self_clear", "clear the pause by the runner's own statement"
    MOVE_VERSION = "move_version", "move to another programme or version"
    SIGN_OFF = "sign_off", "confirm that the stage may be left"


class ReasonCode(models.TextChoices):
    """Why a clinician acts, to be counted; her own words stand beside it."""

    ASSESSMENT = "assessment", _("I examined the runner")
    CONVERSATION = "conversation", _("I spoke with the runner")
    HISTORY = "history", _("Medical history")
    OTHER_CONDITION = "other_condition", _("Another illness or injury")
    LIFE = "life", _("Travel, work or family")
    EVENT = "event", _("A race or another goal")
    RULE = "rule", _("The rule does not fit this runner")
    PROGRAMME = "programme", _("Another programme fits better")
    REQUEST = "request", _("The runner asked for it")
    OTHER = "other", _("Another reason")


#: Acts that put the runner on a stage.
SETS_STAGE = (
    OverrideKind.SET_STAGE.value,
    OverrideKind.SELF_CLEAR.value,
    OverrideKind.MOVE_VERSION.value,
)
#: Acts that name one: those, and the confirmation that a stage may be left.
_WITH_STAGE = (*SETS_STAGE, OverrideKind.SIGN_OFF.value)


class Override(AppendOnlyModel):
    """A clinician's act, with the reason that she gave."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="overrides")
    kind = models.CharField(max_length=12, choices=OverrideKind.choices)
    date = models.DateField(help_text="Local date of the runner on which it acts first.")
    until = models.DateField(null=True, blank=True, help_text="Last day of a hold, inclusive.")
    stage = models.CharField(max_length=60, blank=True)
    version = models.ForeignKey(
        ProgrammeVersion,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The edition that the runner moved to.",
    )
    reason_code = models.CharField(max_length=20, choices=ReasonCode.choices, default=ReasonCode.OTHER)
    reason = models.TextField()
    review_on = models.DateField(null=True, blank=True)
    assessed_by = models.CharField(
        max_length=LONGEST_NAME, blank=True, help_text="Clinician who saw the runner."
    )
    assessed_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="overrides_made"
    )

    class Meta:
        ordering = ["enrolment", "made_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=OverrideKind.values), name="override_kind_is_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="override_has_a_reason"),
            models.CheckConstraint(
                condition=Q(reason_code__in=ReasonCode.values), name="override_reason_code_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="move_version", version__isnull=False)
                | (~Q(kind="move_version") & Q(version__isnull=True)),
                name="only_a_move_names_a_version",
            ),
            models.CheckConstraint(
                condition=Q(kind="hold_until", until__isnull=False, until__gte=F("date"))
                | (~Q(kind="hold_until") & Q(until__isnull=True)),
                name="only_a_hold_has_an_end_and_it_is_not_past",
            ),
            models.CheckConstraint(
                condition=(Q(kind__in=_WITH_STAGE) & ~Q(stage="")) | (~Q(kind__in=_WITH_STAGE) & Q(stage="")),
                name="only_a_set_stage_names_a_stage",
            ),
            models.CheckConstraint(
                condition=Q(assessed_by="", assessed_on__isnull=True)
                | (~Q(assessed_by="") & Q(assessed_on__isnull=False)),
                name="assessment_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(kind="self_clear") | ~Q(assessed_by=""), name="own_statement_says_who_assessed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.date:%Y-%m-%d}"


#: The rule that waits for a physiotherapist.
WAITS = "D8P_SIGN_OFF"
#: A day on which all stayed as it was, and nobody has to do anything about it. Selectors ask by
#: this very condition, so that the database sees that the index is for them.
PLAIN = Q(decision=Outcome.HOLD.value, refer=Refer.NONE.value) & ~Q(rule=WAITS)


class DecisionQuerySet(AppendOnlyQuerySet):
    def in_force(self) -> "DecisionQuerySet":
        """Without those that a correction has superseded.

        Asked so, PostgreSQL knows that it is nearly all of them, and reads the newest by their index.
        """
        return self.filter(~Exists(self.model.objects.filter(supersedes=OuterRef("pk"))))

    def newest_first(self) -> "DecisionQuerySet":
        return self.order_by("-date", "-pk")

    def day_closes(self, enrolments: Iterable[int], dates: Iterable[datetime.date]) -> "DecisionQuerySet":
        """Of these enrolments and dates; at most one for each of both."""
        return self.filter(trigger=Trigger.DAY_CLOSE, enrolment__in=enrolments, date__in=dates)


class Decision(AppendOnlyModel):
    """One recorded outcome. ``inputs`` reproduce it to the letter.

    A row of every runner and day: an index that no query asks for is left out.
    """

    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="decisions", db_index=False
    )
    date = models.DateField(help_text="The runner's local date that was decided.")
    trigger = models.CharField(max_length=10, choices=choices(Trigger))
    decision = models.CharField(max_length=16, choices=choices(Outcome))
    rule = models.CharField(max_length=30)
    refer = models.CharField(max_length=10, choices=choices(Refer))
    stage_before = models.CharField(max_length=60)
    stage_after = models.CharField(max_length=60)
    stage_change = models.SmallIntegerField(help_text="Position after minus position before.")
    takes_effect_on = models.DateField(help_text="First local date on which the stage after is shown.")
    has_rest_score = models.BooleanField(help_text="A pain score at rest was recorded for that date.")
    reason = models.TextField()
    criteria = CriteriaField()
    inputs = InputsField()
    inputs_hash = models.CharField(max_length=64)
    version = models.ForeignKey(ProgrammeVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    engine_version = models.CharField(max_length=20)
    time_zone = models.CharField(max_length=64, help_text="The runner's zone when the day ended.")
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions_made",
        db_index=False,
    )
    job = models.CharField(max_length=60, blank=True)
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    override = models.OneToOneField(
        Override, null=True, blank=True, on_delete=models.PROTECT, related_name="decision"
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["enrolment", "date", "pk"]
        indexes = [
            # The caseload and the runner's page read the newest decisions of an enrolment.
            models.Index(fields=["enrolment", "-date", "-id"], name="decisions_newest_first"),
            # Of a whole caseload the few that a list tells of: without it every decision is read.
            models.Index(fields=["enrolment", "date"], condition=~PLAIN, name="decisions_a_list_tells_of"),
            models.Index(
                fields=["decided_by"], condition=Q(decided_by__isnull=False), name="decisions_of_a_person"
            ),
        ]
        constraints = [
            # The key that makes running twice, late or after a crash harmless.
            models.UniqueConstraint(
                fields=["enrolment", "date"],
                condition=Q(trigger="day_close"),
                name="one_day_close_per_enrolment_and_date",
            ),
            models.UniqueConstraint(
                fields=["enrolment", "date", "refer"],
                condition=Q(trigger="red_flag"),
                name="one_red_flag_decision_per_date_and_level",
            ),
            models.CheckConstraint(condition=known("trigger", Trigger), name="decision_trigger_is_known"),
            models.CheckConstraint(condition=known("decision", Outcome), name="decision_outcome_is_known"),
            models.CheckConstraint(condition=known("refer", Refer), name="decision_refer_is_known"),
            models.CheckConstraint(
                condition=Q(decision="advance", stage_change=1)
                | Q(decision="step_back", stage_change=-1)
                | Q(decision="pause_and_refer", stage_change=0)
                | Q(decision="hold", stage_change=0)
                | Q(decision="hold", trigger__in=("clinician", "runner")),
                name="stage_moves_by_one_and_only_as_decided",
            ),
            models.CheckConstraint(
                condition=~Q(decision="advance") | Q(has_rest_score=True, refer="none"),
                name="no_advance_without_a_score_or_with_a_referral",
            ),
            models.CheckConstraint(
                condition=~Q(decision="pause_and_refer") | ~Q(refer="none"), name="a_pause_names_its_level"
            ),
            models.CheckConstraint(
                condition=(Q(decided_by__isnull=False) & Q(job=""))
                | (Q(decided_by__isnull=True) & ~Q(job="")),
                name="decision_has_one_author",
            ),
            models.CheckConstraint(
                condition=~Q(trigger__in=("clinician", "runner"))
                | Q(decided_by__isnull=False, override__isnull=False),
                name="persons_decision_names_the_act",
            ),
            models.CheckConstraint(
                condition=~Q(trigger="correction") | Q(supersedes__isnull=False),
                name="correction_supersedes_a_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.decision} ({self.rule})"
