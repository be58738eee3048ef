"""A runner's grant that a clinician may see and act, revocable at any time."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

#: Number of the wording that the runner agreed to; raise it when the text changes.
CONSENT_TEXT_VERSION = 1


class ConsentQuerySet(models.QuerySet):
    def in_force(self) -> "ConsentQuerySet":
        return self.filter(revoked_at__isnull=True)


class Consent(models.Model):
    runner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consents_given"
    )
    clinician = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consents_received"
    )
    text_version = models.PositiveSmallIntegerField(default=CONSENT_TEXT_VERSION)
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

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
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("granted_at")),
                name="consent_is_revoked_after_it_is_granted",
            ),
        ]

    def __str__(self) -> str:
        state = "revoked" if self.revoked_at else "in force"
        return f"{self.runner} to {self.clinician} ({state})"
