"""Whoever gives back what he has claimed gives back nothing that another has claimed meanwhile."""

import datetime

import pytest

from accounts.emails import Words
from accounts.models import AccountMail
from accounts.services.mail import owe_mail
from accounts.services.outbox import LEASE, claim, release

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 11, 16, 12, tzinfo=datetime.UTC)


def test_a_lease_that_has_ended_is_not_given_back_for_the_next():
    row = owe_mail(email="rosa@example.org", kind="login_code", words=Words("a", "b"), now=NOW)
    due = AccountMail.objects.filter(status="owed")
    later = NOW + LEASE
    assert claim(due, 10, NOW) == claim(due, 10, later) == [row.pk]
    assert release(AccountMail, [row.pk], NOW + LEASE) == 0
    row.refresh_from_db()
    assert (row.leased_until, row.attempts) == (later + LEASE, 2)
    assert release(AccountMail, [row.pk], later + LEASE) == 1
    row.refresh_from_db()
    assert (row.leased_until, row.attempts) == (None, 1)
