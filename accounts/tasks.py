"""Celery tasks of accounts; each may run twice, late or after a crash."""

from celery import shared_task
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from accounts.services.delivery import deliver_account_mails
from accounts.services.limits import forget_expired

RETRY = {"autoretry_for": (OperationalError, InterfaceError), "max_retries": 3, "retry_backoff": 2}


@shared_task(**RETRY)
def send_account_mail(**_) -> None:
    """Send the account mails that are due; each is claimed, so a repeat finds nothing."""
    deliver_account_mails(now=timezone.now())


@shared_task(**RETRY)
def forget_counts(**_) -> None:
    """Forget what rate limits have counted and need no more; a repeat finds nothing."""
    forget_expired(now=timezone.now())
