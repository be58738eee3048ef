"""Invitations: somebody is asked for something, once, and the answer needs the secret.

Three kinds. *join*: a site manager or a clinic's lead asks a physiotherapist
to join. *ask*: a physiotherapist asks a runner, by e-mail, to let her in.
*offer*: a runner gives a code to her physiotherapist. The secret is in the
link or is the code; the row keeps its digest only.
"""

import datetime
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models.clinic import Clinic
from accounts.models.consent import Consent


class InvitationKind(models.TextChoices):
    JOIN = "join", "a physiotherapist is asked to join"
    ASK = "ask", "a runner is asked for access"
    OFFER = "offer", "a runner offers access"


class InvitationOutcome(models.TextChoices):
    OPEN = "open", "open"
    ACCEPTED = "accepted", "accepted"
    DECLINED = "declined", "declined"
    WITHDRAWN = "withdrawn", "withdrawn"


class InvitationQuerySet(models.QuerySet):
    def open(self, now: datetime.datetime) -> "InvitationQuerySet":
        return self.filter(outcome="open", expires_at__gt=now)


class Invitation(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=5, choices=InvitationKind.choices)
    secret_digest = models.CharField(max_length=64, unique=True)
    email = models.EmailField(max_length=254, blank=True, help_text="Who is asked; an offer names nobody.")
    clinic = models.ForeignKey(
        Clinic, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations"
    )
    as_lead = models.BooleanField(default=False)
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="invitations_made"
    )
    expires_at = models.DateTimeField()
    outcome = models.CharField(
        max_length=10, choices=InvitationOutcome.choices, default=InvitationOutcome.OPEN
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="invitations_settled",
    )
    consent = models.ForeignKey(
        Consent, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=InvitationKind.values), name="invitation_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=InvitationOutcome.values), name="invitation_outcome_is_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome="open", settled_at__isnull=True)
                | (~Q(outcome="open") & Q(settled_at__isnull=False)),
                name="settled_invitation_says_when",
            ),
            # Somebody who declines by the link alone has not signed in, and is nobody here.
            models.CheckConstraint(
                condition=Q(outcome="declined")
                | Q(outcome="open", settled_by__isnull=True)
                | Q(outcome__in=["accepted", "withdrawn"], settled_by__isnull=False),
                name="settled_invitation_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("invited_at")), name="invitation_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=(Q(kind="offer") & Q(email="")) | (~Q(kind="offer") & ~Q(email="")),
                name="an_offer_names_nobody_and_the_others_an_address",
            ),
            models.CheckConstraint(
                condition=Q(kind="join") | Q(clinic__isnull=True, as_lead=False),
                name="only_who_joins_is_given_a_clinic",
            ),
            models.CheckConstraint(
                condition=Q(consent__isnull=True) | (~Q(kind="join") & Q(outcome="accepted")),
                name="only_an_accepted_invitation_led_to_a_consent",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation to {self.kind} ({self.outcome})"
