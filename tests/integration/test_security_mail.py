"""Mail goes out encrypted or not at all."""

import pytest
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.utils import timezone

from accounts.emails import Words
from accounts.services.delivery import deliver_account_mails
from accounts.services.mail import owe_mail
from tests.support.services import MailSink

pytestmark = pytest.mark.django_db


@pytest.fixture
def without_tls(settings, smtp_sink: MailSink) -> MailSink:
    """A server that offers no STARTTLS, while the settings ask for it."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp_sink.port
    settings.EMAIL_USE_TLS = True
    return smtp_sink


def test_a_server_that_refuses_starttls_is_given_nothing(without_tls):
    """Not even by a second try on the same connection, which Django once made in clear."""
    for _ in range(2):
        owe_mail(email="rosa@example.org", kind="ask", words=Words(subject="A", text="B"), now=timezone.now())
        deliver_account_mails(now=timezone.now())
    connection = get_connection()
    assert isinstance(connection, EmailBackend)
    for _ in range(2):
        with pytest.raises(Exception, match="STARTTLS"):
            connection.send_messages([EmailMessage("A", "B", to=["rosa@example.org"])])
    assert not without_tls.messages
