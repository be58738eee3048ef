"""Account mails in tests: owed by the request, sent by the job."""

from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone

from accounts.services.delivery import deliver_account_mails


def delivered_mails() -> list[EmailMessage]:
    """Run the job that sends account mails, and return every mail that has gone out so far."""
    deliver_account_mails(now=timezone.now())
    return mail.outbox
