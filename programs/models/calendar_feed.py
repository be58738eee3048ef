"""The private address under which a calendar program fetches a runner's planned sessions."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class CalendarFeed(models.Model):
    """The address holds a secret that is worked out from ``public_id``; ended, it opens nothing any more."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    runner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="calendar_feeds"
    )
    wall = models.TimeField(
        null=True, blank=True, help_text="Local time at which sessions are shown; empty: the whole day."
    )
    says_what = models.BooleanField(default=False, help_text="Titles say what the session is.")
    made_at = models.DateTimeField()
    plan_changed_at = models.DateTimeField(
        help_text="When she last changed her days, or what the feed says: its entries are newer than before."
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["runner", "made_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["runner"], condition=Q(ended_at__isnull=True), name="one_calendar_feed_per_runner"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("made_at")),
                name="calendar_feed_ends_after_it_is_made",
            ),
            models.CheckConstraint(
                condition=Q(plan_changed_at__gte=F("made_at")), name="calendar_feed_changes_after_it_is_made"
            ),
        ]

    def __str__(self) -> str:
        return "ended" if self.ended_at else "open"
