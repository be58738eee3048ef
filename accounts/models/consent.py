"""A runner's grant that a clinician may see and act, revocable at any time."""

import datetime
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

#: Number of the wording that the runner agreed to; raise it when the text changes.
CONSENT_TEXT_VERSION = 4
#: Since this wording it says that a colleague may cover for a holiday.
COVERED_SINCE_TEXT = 2
#: Before this wording it said that nobody reads the private notes of another physiotherapist.
NOTES_SHARED_SINCE_TEXT = 4
#: A holiday; whoever is away for longer hands over. The wording above says so too.
MOST_DAYS_OF_A_COVER = 28


class ConsentVia(models.TextChoices):
    """How it came about. A cover rests on another consent and ends with it."""

    GRANT = "grant", "given by the runner"
    OFFER = "offer", "a code of the runner"
    ASK = "ask", "an invitation that the runner accepted"
    HAND_OVER = "hand_over", "handed over by a colleague"
    COVER = "cover", "holiday cover"


class ConsentQuerySet(models.QuerySet):
    def in_force(self, now: datetime.datetime) -> "ConsentQuerySet":
        """Begun, not revoked and not run out; everybody else is a stranger."""
        return self.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=now), revoked_at__isnull=True, granted_at__lte=now
        )

    def own(self, now: datetime.datetime) -> "ConsentQuerySet":
        """In force, and given to the clinician herself: covers apart."""
        return self.in_force(now).exclude(via=ConsentVia.COVER)

    def running_covers(self, now: datetime.datetime) -> "ConsentQuerySet":
        """Holiday covers that are going on or still to come."""
        return self.unrevoked().filter(via=ConsentVia.COVER, expires_at__gt=now)

    def unrevoked(self) -> "ConsentQuerySet":
        """Also those that have run out or not begun: what a new grant has to make room for."""
        return self.filter(revoked_at__isnull=True)


class Consent(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    runner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consents_given"
    )
    clinician = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consents_received"
    )
    text_version = models.PositiveSmallIntegerField(default=CONSENT_TEXT_VERSION)
    via = models.CharField(max_length=10, choices=ConsentVia.choices, default=ConsentVia.GRANT)
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    covers = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="covered_by",
        help_text="The consent that a holiday cover rests on.",
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="consents_ended",
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            # Granting twice is one grant; a revoked one stays as history.
            models.UniqueConstraint(
                fields=["runner", "clinician"],
                condition=Q(revoked_at__isnull=True),
                name="one_consent_in_force_per_runner_and_clinician",
            ),
            models.CheckConstraint(condition=~Q(runner=F("clinician")), name="nobody_consents_to_herself"),
            models.CheckConstraint(condition=Q(via__in=ConsentVia.values), name="consent_via_is_known"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False, revoked_at__gte=F("granted_at")),
                name="consent_is_revoked_after_it_is_granted",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("granted_at")),
                name="consent_runs_out_after_it_begins",
            ),
            # A cover without an end, or one that rests on nothing, would be a grant that nobody made.
            models.CheckConstraint(
                condition=Q(via="cover", covers__isnull=False, expires_at__isnull=False)
                | (~Q(via="cover") & Q(covers__isnull=True)),
                name="a_cover_rests_on_a_consent_and_ends",
            ),
        ]

    def __str__(self) -> str:
        state = "revoked" if self.revoked_at else "given"
        return f"{self.runner} to {self.clinician} ({state})"

    def is_in_force(self, now: datetime.datetime) -> bool:
        """Of a row that was read already: as ``in_force`` asks the database."""
        runs = self.expires_at is None or self.expires_at > now
        return runs and self.revoked_at is None and self.granted_at <= now
