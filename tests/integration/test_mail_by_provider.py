"""Mails by a provider's HTTP interface: what becomes of them, through anymail's own test backend."""

import datetime
from types import SimpleNamespace

import pytest
from anymail.backends.test import EmailBackend
from anymail.exceptions import AnymailRequestsAPIError
from anymail.message import AnymailRecipientStatus
from django.core import mail

from accounts.models import AccountMail, MailStatus, User
from accounts.services import delivery
from accounts.services.delivery import deliver_account_mails
from tests.support.mail_rows import an_account_mail
from tests.support.people import a_runner

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 16, 12, tzinfo=datetime.UTC)


class Provider(EmailBackend):
    """Answers each mail as the test says."""

    answers: list = []

    def build_message_payload(self, message, defaults):
        if self.answers:
            message.anymail_test_response = self.answers.pop(0)
        return super().build_message_payload(message, defaults)


@pytest.fixture
def provider(monkeypatch):
    made = Provider()
    made.answers = []
    monkeypatch.setattr(delivery, "get_connection", lambda: made)
    return made


@pytest.fixture
def rosa() -> User:
    return a_runner()


def refusal(status: int) -> AnymailRequestsAPIError:
    response = SimpleNamespace(status_code=status, reason="so", text="rosa@example.org", json=dict)
    return AnymailRequestsAPIError("no", response=response)


def rejected(email: str) -> dict:
    return {"recipient_status": {email: AnymailRecipientStatus(message_id=None, status="rejected")}}


def delivered(rosa: User, at: datetime.datetime = NOW) -> AccountMail:
    row = AccountMail.objects.filter(recipient=rosa).first() or an_account_mail(rosa.email, NOW, rosa)
    deliver_account_mails(now=at)
    row.refresh_from_db()
    return row


def test_a_mail_goes_out_with_our_message_id_and_both_parts(provider, rosa):
    row = delivered(rosa)
    (sent,) = mail.outbox
    assert (row.status, sent.extra_headers["Message-ID"]) == (MailStatus.SENT, row.message_id)
    assert sent.anymail_test_params["text_body"] == "b"


def test_a_refused_recipient_is_a_bounce(provider, rosa):
    provider.answers = [rejected(rosa.email)]
    row = delivered(rosa)
    rosa.refresh_from_db()
    assert (row.status, row.outcome) == (MailStatus.DEAD, "AnymailRecipientsRefused")
    assert (rosa.bounced_at, rosa.bounce) == (NOW, "refused")


@pytest.mark.parametrize("status", [400, 401, 403, 429, 500, 503])
def test_a_wrong_key_or_a_busy_provider_is_tried_again(provider, rosa, status):
    provider.answers = [refusal(status)]
    row = delivered(rosa)
    assert (row.status, row.due_at > NOW) == (MailStatus.OWED, True)
    row = delivered(rosa, row.due_at)
    assert row.status == MailStatus.SENT
    assert User.objects.get(pk=rosa.pk).bounced_at is None


def test_an_answer_that_never_came_is_tried_once_more_and_then_perhaps_sent(provider, rosa):
    provider.answers = [AnymailRequestsAPIError("lost"), refusal(504)]
    row = delivered(rosa)
    assert (row.status, row.uncertain) == (MailStatus.OWED, 1)
    row = delivered(rosa, row.due_at)
    assert (row.status, row.outcome) == (MailStatus.UNCERTAIN, "AnymailRequestsAPIError HTTP 504")


def test_what_a_provider_says_of_an_address_is_not_logged(provider, rosa, caplog):
    provider.answers = [refusal(422)]
    delivered(rosa)
    assert "HTTP 422" in caplog.text
    assert "rosa@" not in caplog.text
