"""Whom mails do not reach is told so on every page, until she changes the address or says that it works."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services.bounces import mark_bouncing, mark_reached
from tests.builders import an_enrolment, the_library
from tests.support.mails import delivered_mails
from tests.support.people import a_clinician, a_manager, signed_in

pytestmark = pytest.mark.django_db
WORDS = "Our mails do not reach you"


@pytest.fixture
def rosa(db) -> User:
    the_library()
    return an_enrolment().runner


def bouncing(person: User) -> User:
    mark_bouncing(user=person, code="550", now=timezone.now())
    return User.objects.get(pk=person.pk)


def test_it_is_noted_once_and_forgotten_once(rosa):
    now = timezone.now()
    assert mark_bouncing(user=rosa, code="550", now=now)
    assert not mark_bouncing(user=rosa, code="551", now=now)
    assert User.objects.get(pk=rosa.pk).bounce == "550"
    assert mark_reached(user=rosa)
    assert not mark_reached(user=rosa)
    assert User.objects.get(pk=rosa.pk).bounced_at is None


@pytest.mark.parametrize(
    "name", ["today", "settings", "check_in", "mail_settings", "account", "account_email"]
)
def test_every_page_of_hers_says_so(rosa, name):
    client = signed_in(rosa)
    assert WORDS not in client.get(reverse(name)).content.decode()
    bouncing(rosa)
    page = client.get(reverse(name)).content.decode()
    assert WORDS in page and f"{rosa.email[0]}…@…" in page
    assert reverse("account_email") in page


@pytest.mark.parametrize(("make", "name"), [(a_clinician, "caseload"), (a_manager, "clinics")])
def test_the_pages_of_others_too(make, name):
    assert WORDS in signed_in(bouncing(make())).get(reverse(name)).content.decode()


def test_it_costs_no_query(rosa):
    client = signed_in(rosa)
    counts = []
    for _ in range(2):
        client.get(reverse("today"))
        with CaptureQueriesContext(connection) as counted:
            client.get(reverse("today"))
        counts.append(len(counted))
        bouncing(rosa)
    assert counts[0] == counts[1]


def test_she_says_that_it_works_again(rosa):
    client = signed_in(bouncing(rosa))
    page = client.post(reverse("address_works"), follow=True).content.decode()
    assert WORDS not in page and "The next mail goes to your address again." in page
    assert User.objects.get(pk=rosa.pk).bounced_at is None


def test_a_new_address_that_is_proved_is_one_that_works(rosa):
    client = signed_in(bouncing(rosa))
    client.post(reverse("account_email"), {"email": "new@example.org", "action_add": ""})
    assert User.objects.get(pk=rosa.pk).bounced_at
    mail = next(mail for mail in delivered_mails() if mail.to == ["new@example.org"])
    code = re.search(r"^ {4}(\S+)$", mail.body, re.M)[1]
    client.post(reverse("account_email_verification_sent"), {"code": code})
    person = User.objects.get(pk=rosa.pk)
    assert (person.email, person.bounced_at) == ("new@example.org", None)
