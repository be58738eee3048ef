"""Account mails in tests: owed by the request, sent by the job."""

from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from accounts.services.delivery import deliver_account_mails


def delivered_mails() -> list[EmailMessage]:
    """Run the job that sends account mails, and return every mail that has gone out so far."""
    deliver_account_mails(now=timezone.now())
    return mail.outbox


class Server(EmailBackend):
    """A mail server that does what the test says with each mail: an error, an act, or nothing."""

    def __init__(self, *acts, **options):
        super().__init__(**options)
        self.acts, self.seen = list(acts), []
        self.opened = self.closed = 0

    def open(self):
        self.opened += 1

    def close(self):
        self.closed += 1

    def send_messages(self, messages):
        for message in messages:
            self.seen.append(message)
            act = self.acts.pop(0) if self.acts else None
            if isinstance(act, BaseException):
                raise act
            if act:
                act(message)
        return super().send_messages(messages)
