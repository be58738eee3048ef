"""A clinic groups physiotherapists: inside it runners are handed over and covered for."""

import datetime
import re
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.user import validate_time_zone

#: As the setting of the whole site allows.
LATEST_CLOSE_HOUR = 12
MOST_SILENT_DAYS = 14
LONGEST_NUMBER = 30
#: The number is a button on a phone: digits, kept without what people write between them. No brackets:
#: a zero in them is dialled from here and not from elsewhere.
_DIALLED = re.compile(r"\+?[0-9]{2,}")
_BETWEEN = re.compile(r"[ ./-]")


class ClinicQuerySet(models.QuerySet):
    def led_by(self, user) -> "ClinicQuerySet":
        """All of them for a site manager, her own for a lead, none for anybody else."""
        if user.is_manager:
            return self
        return self.filter(
            memberships__clinician=user, memberships__is_lead=True, memberships__left_at__isnull=True
        )


class TellsOf(models.TextChoices):
    """Who is told at once of a red flag; nobody with access is ever left out."""

    EVERYBODY = "everybody", _("everybody who has access to the runner")
    LEAD_TOO = "lead_too", _("the lead as well, without the runner’s name")


def bare_number(written: str) -> str:
    """A number as it is kept: without what people write between its digits."""
    return _BETWEEN.sub("", written)


def can_be_dialled(number: str) -> bool:
    return len(number) <= LONGEST_NUMBER and _DIALLED.fullmatch(number) is not None


def weekdays() -> list[int]:
    """Monday to Friday, as ISO numbers."""
    return [1, 2, 3, 4, 5]


class Clinic(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="clinics_created"
    )
    # --- what holds for its runners; empty means as the site is set ---
    close_hour = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Local hour at which a runner's day closes."
    )
    emergency_number = models.CharField(max_length=30, blank=True)
    urgent_service = models.CharField(max_length=120, blank=True)
    tells_of_red_flags = models.CharField(max_length=10, choices=TellsOf.choices, default=TellsOf.EVERYBODY)
    red_flags_at_night = models.BooleanField(
        default=True, help_text="Mails of red flags do not wait for the end of somebody's quiet hours."
    )
    mails_name_runners = models.BooleanField(
        default=False, help_text="Digests name runners, with the reason; else initials only."
    )
    silent_from_days = models.PositiveSmallIntegerField(default=3)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    opens_at = models.TimeField(default=datetime.time(9), help_text="Working hours, local time.")
    shuts_at = models.TimeField(default=datetime.time(17))
    working_days = models.JSONField(default=weekdays, help_text="ISO weekdays.")
    settings_changed_at = models.DateTimeField(null=True, blank=True)
    settings_changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ClinicQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="clinic_has_a_name"),
            models.CheckConstraint(
                condition=Q(close_hour__isnull=True) | Q(close_hour__range=(0, LATEST_CLOSE_HOUR)),
                name="clinic_closes_days_in_the_night",
            ),
            models.CheckConstraint(
                condition=Q(tells_of_red_flags__in=TellsOf.values), name="clinic_tells_somebody_of_red_flags"
            ),
            models.CheckConstraint(
                condition=Q(silent_from_days__range=(1, MOST_SILENT_DAYS)), name="clinic_waits_for_some_days"
            ),
            models.CheckConstraint(
                condition=Q(shuts_at__gt=F("opens_at")), name="clinic_shuts_after_it_opens"
            ),
            models.CheckConstraint(
                condition=Q(settings_changed_at__isnull=True, settings_changed_by__isnull=True)
                | Q(settings_changed_at__isnull=False, settings_changed_by__isnull=False),
                name="changed_clinic_says_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet):
    def current(self) -> "MembershipQuerySet":
        return self.filter(left_at__isnull=True)


class Membership(models.Model):
    """A physiotherapist of a clinic, from–to; its lead invites colleagues."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="memberships")
    clinician = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    is_lead = models.BooleanField(default=False)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    left_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="memberships_ended",
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinician"], condition=Q(left_at__isnull=True), name="one_clinic_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True, left_by__isnull=True)
                | Q(left_at__isnull=False, left_by__isnull=False, left_at__gte=F("joined_at")),
                name="ended_membership_says_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clinician} at {self.clinic}"
