"""In which time zones a person has lived: her wall times meant these."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class ZoneChange(models.Model):
    """She, or the device that she took with her, moved from one IANA zone to another."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="zone_changes"
    )
    before = models.CharField(max_length=64)
    after = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "change of time zone"
        verbose_name_plural = "changes of time zones"
        ordering = ["person", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(before=F("after")) & ~Q(before="") & ~Q(after=""), name="zone_changes_to_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before} to {self.after}"
