"""Celery tasks of accounts; each may run twice, late or after a crash."""

from celery import shared_task
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from accounts.services import hand_overs
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


@shared_task(**RETRY)
def carry_out_hand_overs(**_) -> None:
    """Do the hand-overs whose notice is over; what is done is not open, so a repeat finds nothing."""
    hand_overs.carry_out_hand_overs(now=timezone.now())
