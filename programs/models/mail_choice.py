"""What a person chose of one kind of mail: on or off, when, on which days, and when it is due next."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from programs.models.notification import CHOSEN


class ChosenVia(models.TextChoices):
    DEFAULT = "default", "as it is for everybody"
    INTAKE = "intake", "the first questions"
    SETTINGS = "settings", "the settings"
    MAIL = "mail", "a link in a mail"


class MailChoiceQuerySet(models.QuerySet):
    def due(self, now: datetime.datetime) -> "MailChoiceQuerySet":
        return self.filter(next_at__lte=now)


class MailChoice(models.Model):
    """``next_at`` (UTC) is worked out from the wall time, the days and her zone whenever one of them changes.

    Without a row a kind is as for everybody (``programs.mailing.kinds``); what
    goes by the clock has a row as soon as it is wanted.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mail_choices"
    )
    kind = models.CharField(max_length=16, choices=[(str(kind), kind.label) for kind in CHOSEN])
    is_on = models.BooleanField(default=True)
    wall = models.TimeField(null=True, blank=True, help_text="Local time; empty where no clock sends it.")
    days = models.JSONField(default=list, blank=True, help_text="ISO weekdays; empty means any.")
    next_at = models.DateTimeField(null=True, blank=True)
    last_date = models.DateField(
        null=True, blank=True, help_text="Newest local date that had one; no later one is for it or before."
    )
    changed_at = models.DateTimeField()
    changed_via = models.CharField(max_length=8, choices=ChosenVia.choices, default=ChosenVia.DEFAULT)

    objects = MailChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = "choice of mail"
        verbose_name_plural = "choices of mail"
        ordering = ["person", "kind"]
        indexes = [
            # The sweep of every minute: what the clock sends now. Small, for most are far away.
            models.Index(
                fields=["next_at"], condition=Q(next_at__isnull=False), name="mail_choices_due_by_the_clock"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="one_choice_per_person_and_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=[str(kind) for kind in CHOSEN]), name="mail_that_is_chosen_is_known"
            ),
            models.CheckConstraint(
                condition=Q(next_at__isnull=True) | Q(is_on=True, wall__isnull=False),
                name="mail_due_is_on_and_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(changed_via__in=ChosenVia.values), name="mail_choice_says_how_it_was_made"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {'on' if self.is_on else 'off'}"
