"""A clinic groups physiotherapists: inside it runners are handed over and covered for."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class ClinicQuerySet(models.QuerySet):
    def led_by(self, user) -> "ClinicQuerySet":
        """All of them for a site manager, her own for a lead, none for anybody else."""
        if user.is_manager:
            return self
        return self.filter(
            memberships__clinician=user, memberships__is_lead=True, memberships__left_at__isnull=True
        )


class Clinic(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="clinics_created"
    )

    objects = ClinicQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="clinic_has_a_name")]

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
