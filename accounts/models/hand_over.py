"""A runner's care passes to a colleague of the same clinic, with notice, unless she refuses."""

import datetime
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models.consent import Consent
from accounts.models.mail import AccountMail


class HandOverOutcome(models.TextChoices):
    OPEN = "open", "open"
    DONE = "done", "done"
    REFUSED = "refused", "refused by the runner"
    WITHDRAWN = "withdrawn", "withdrawn"
    LAPSED = "lapsed", "could no longer be done"


class HandOverQuerySet(models.QuerySet):
    def open(self) -> "HandOverQuerySet":
        return self.filter(outcome="open")

    def due(self, now: datetime.datetime) -> "HandOverQuerySet":
        return self.open().filter(takes_effect_at__lte=now)


class HandOver(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="hand_overs")
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="hand_overs_received"
    )
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="hand_overs_proposed"
    )
    notice = models.OneToOneField(
        AccountMail, null=True, blank=True, on_delete=models.SET_NULL, related_name="hand_over"
    )
    takes_effect_at = models.DateTimeField(help_text="When it happens if the runner says nothing.")
    outcome = models.CharField(max_length=10, choices=HandOverOutcome.choices, default=HandOverOutcome.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consent"], condition=Q(outcome="open"), name="one_open_hand_over_per_consent"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=HandOverOutcome.values), name="hand_over_outcome_is_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome="open", settled_at__isnull=True)
                | (~Q(outcome="open") & Q(settled_at__isnull=False)),
                name="settled_hand_over_says_when",
            ),
            models.CheckConstraint(
                condition=Q(takes_effect_at__gt=F("proposed_at")), name="hand_over_gives_notice"
            ),
        ]

    def __str__(self) -> str:
        return f"hand-over to {self.to} ({self.outcome})"
