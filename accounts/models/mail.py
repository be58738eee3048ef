"""Account mails owed: codes, links, invitations, notices. The queue is this table.

Written in the request and sent by a job: how long an answer takes, and whether
the mail server is up, then tells nobody which addresses have an account.
"""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts import correlation


class MailStatus(models.TextChoices):
    OWED = "owed", "owed"
    SENT = "sent", "sent"
    EXPIRED = "expired", "expired"
    UNCERTAIN = "uncertain", "perhaps sent"
    DEAD = "dead", "given up"


class AccountMailQuerySet(models.QuerySet):
    def due(self, now: datetime.datetime) -> "AccountMailQuerySet":
        return self.filter(
            Q(leased_until__isnull=True) | Q(leased_until__lte=now), status="owed", due_at__lte=now
        )


class AccountMail(models.Model):
    """``text`` and ``html`` hold codes and links; they go with the sending."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="account_mails",
        help_text="Empty for an address without an account.",
    )
    email = models.EmailField(max_length=254)
    kind = models.CharField(max_length=60, help_text="Which mail: the name of its template.")
    subject = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="Wrong to send after that: the code in it is dead.")
    status = models.CharField(max_length=9, choices=MailStatus.choices, default=MailStatus.OWED)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    uncertain = models.PositiveSmallIntegerField(
        default=0, help_text="How often the connection was lost after the whole mail had gone out."
    )
    message_id = models.CharField(max_length=320, unique=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=200, blank=True, help_text="Why it was not sent.")
    correlation_id = models.CharField(  # noqa: DJ001 - null: of before there were any
        max_length=correlation.LENGTH,
        null=True,
        blank=True,
        default=correlation.current,
        help_text="Of the request or the job that owed it.",
    )

    objects = AccountMailQuerySet.as_manager()

    class Meta:
        indexes = [
            # The sweep of every few seconds; settled rows are the many.
            models.Index(fields=["due_at"], condition=Q(status="owed"), name="account_mails_to_deliver"),
            # What was settled within a day, or on a date: the numbers and the log; retention as well.
            models.Index(fields=["settled_at"], name="account_mails_by_when_settled"),
            # “I never got my code”: the delivery log, by address.
            models.Index(fields=["email"], name="account_mails_to_an_address"),
            # What came of one request.
            models.Index(fields=["correlation_id"], name="account_mails_by_origin"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=MailStatus.values), name="mail_status_is_known"),
            models.CheckConstraint(
                condition=Q(status="owed", settled_at__isnull=True)
                | (~Q(status="owed") & Q(settled_at__isnull=False)),
                name="settled_mail_says_when",
            ),
            # A code or a reset link must not outlive its mail in a backup.
            models.CheckConstraint(
                condition=Q(status="owed") | Q(text="", html=""), name="settled_mail_keeps_no_body"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="mail_expires_after_it_is_written"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.status})"
