"""What the watch over the site itself keeps: alarms that were raised, and decisions counted for curves."""

from django.db import models
from django.db.models import F, Q


class AlarmName(models.TextChoices):
    DAYS = "days", "days are due and none is closed"
    MAILS = "mails", "mails are due and none is sent"
    FLAGS = "flags", "nobody watches red flags"


class Alarm(models.Model):
    """One incident: when it began, when site managers were told, when it was over and they were told that."""

    name = models.CharField(max_length=10, choices=AlarmName.choices)
    began_at = models.DateTimeField(help_text="Since when it is so, as far as it is known.")
    seen_at = models.DateTimeField(help_text="When it was first looked at; it is told a little later.")
    told_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_told_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True, help_text="One process at a time tells of it.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(ended_at__isnull=True), name="one_open_alarm_of_a_name"
            ),
            models.CheckConstraint(condition=Q(name__in=AlarmName.values), name="alarm_name_is_known"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("seen_at")),
                name="alarm_ends_after_it_is_seen",
            ),
            models.CheckConstraint(
                condition=Q(end_told_at__isnull=True) | Q(ended_at__isnull=False, told_at__isnull=False),
                name="only_what_was_told_and_is_over_is_told_to_be_over",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} since {self.seen_at:%Y-%m-%d %H:%M}"


class DecisionCount(models.Model):
    """How many decisions there were by kind and rule, ever: grouping a million rows would take a second."""

    decision = models.CharField(max_length=16)
    rule = models.CharField(max_length=30)
    total = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "rule"], name="one_count_of_a_rule")]

    def __str__(self) -> str:
        return f"{self.decision} {self.rule}"


class CountMark(models.Model):
    """Up to which decision is counted, and up to which the next run may: the only row has key 1.

    A transaction that is still open has taken its ids already. So a run counts
    only what was there when the run before it looked.
    """

    counted_through = models.BigIntegerField()
    settled_through = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="there_is_one_mark"),
            models.CheckConstraint(
                condition=Q(settled_through__gte=F("counted_through")), name="mark_does_not_go_back"
            ),
        ]

    def __str__(self) -> str:
        return f"counted through {self.counted_through}"
