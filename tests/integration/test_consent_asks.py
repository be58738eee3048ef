"""A physiotherapist asks by e-mail; nothing is seen before the answer."""

import datetime
import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccountMail, Consent, ConsentVia, Invitation, InvitationOutcome, User
from accounts.selectors import received_ask, sent_asks
from accounts.services import grant_consent, revoke_consent
from accounts.services.asks import (
    LIFE,
    MOST_IN_A_DAY,
    NOT_AFTER_A_NO_FOR,
    accept_ask,
    ask_runner,
    decline_ask,
)
from accounts.services.clinics import create_clinic, join_clinic
from accounts.services.errors import Refused
from tests.builders import an_enrolment
from tests.support.mails import delivered_mails
from tests.support.people import PASSWORD, a_clinician, a_manager, a_runner, signed_in

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 11, 20, 8, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
SECOND = datetime.timedelta(seconds=1)


def secret_in_mail(email: str = "rosa@example.org") -> str:
    """Of the newest invitation that waits to be sent there."""
    text = AccountMail.objects.filter(email=email, kind="ask").latest("pk").text
    return re.search(r"/account/asked/([\w-]+)/", text)[1]


def asked(clinician: User | None = None, email: str = "rosa@example.org", now=None) -> str:
    """Ask and return the secret of the link."""
    ask_runner(clinician=clinician or a_clinician(), email=email, now=now or timezone.now())
    return secret_in_mail(email)


# --- asking -----------------------------------------------------------------------
def test_the_answer_is_the_same_whatever_the_address():
    """A runner, a runner of hers, a colleague, a closed account, nobody: page, rows and mails are alike."""
    petra = a_clinician()
    a_runner()
    grant_consent(runner=a_runner("ruth@example.org"), clinician=petra, now=NOW)
    a_clinician("paul@example.org")
    gone = a_runner("gone@example.org")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    browser = signed_in(petra)
    said = set()
    for name in ("rosa", "ruth", "paul", "gone", "nobody"):
        email = f"{name}@example.org"
        answer = browser.post(reverse("asks"), {"email": email})
        assert (answer.status_code, answer.url) == (302, reverse("asks"))
        page = browser.get(answer.url).content.decode()
        said.add(re.search(rf"An invitation goes to {email}[^<]*", page)[0].replace(name, ""))
        mail = AccountMail.objects.get(email=email)
        assert mail.recipient is None
        said.add(re.sub(r"asked/[\w-]+/", "", mail.text))
    assert len(said) == 2
    assert Invitation.objects.filter(outcome=InvitationOutcome.OPEN).count() == 5


def test_asking_takes_as_many_queries_whoever_it_is(django_assert_num_queries):
    petra = a_clinician()
    a_runner()
    counts = set()
    for email in ("rosa@example.org", "nobody@example.org"):
        with django_assert_num_queries(9) as captured:
            ask_runner(clinician=petra, email=email, now=NOW)
        counts.add(len(captured))
    assert len(counts) == 1


def test_the_mail_says_who_asks_and_names_no_condition(mailoutbox):
    asked()
    (mail,) = delivered_mails()
    everything = mail.subject + mail.body + mail.alternatives[0][0]
    assert "Petra Physio (petra@example.org)" in mail.body
    assert "Petra" not in mail.subject
    assert not [word for word in ("back pain", "running", "injur") if word in everything.lower()]


@pytest.mark.parametrize(
    "email", ["", "rosa", "rosa@", "a@b\r\nBcc: c@example.org", "x" * 250 + "@example.org"]
)
def test_what_is_no_address_is_refused(email):
    answer = signed_in(a_clinician()).post(reverse("asks"), {"email": email})
    assert answer.status_code == 200
    assert 'class="error-summary"' in answer.content.decode()
    assert not Invitation.objects.exists() and not AccountMail.objects.exists()


def test_one_address_is_asked_once_a_day():
    petra = a_clinician()
    asked(petra, now=NOW)
    with pytest.raises(Refused, match="today"):
        ask_runner(clinician=petra, email="Rosa@Example.org ", now=NOW + DAY - SECOND)
    ask_runner(clinician=petra, email="rosa@example.org", now=NOW + DAY)
    outcomes = Invitation.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == [InvitationOutcome.WITHDRAWN, InvitationOutcome.OPEN]
    assert AccountMail.objects.count() == 2


def test_whoever_said_no_is_left_in_peace():
    petra = a_clinician()
    decline_ask(secret=asked(petra, now=NOW), now=NOW)
    with pytest.raises(Refused, match="declined"):
        ask_runner(clinician=petra, email="rosa@example.org", now=NOW + NOT_AFTER_A_NO_FOR - SECOND)
    ask_runner(clinician=petra, email="rosa@example.org", now=NOW + NOT_AFTER_A_NO_FOR)


def test_nobody_sends_mails_by_the_hundred():
    petra = a_clinician()
    for number in range(MOST_IN_A_DAY):
        ask_runner(clinician=petra, email=f"r{number}@example.org", now=NOW)
    with pytest.raises(Refused, match="enough"):
        ask_runner(clinician=petra, email="one.more@example.org", now=NOW)
    ask_runner(clinician=petra, email="one.more@example.org", now=NOW + DAY)


def test_her_list_says_what_came_of_each(django_assert_num_queries):
    petra = a_clinician()
    rosa = a_runner()
    accept_ask(secret=asked(petra, now=NOW), runner=rosa, now=NOW)
    decline_ask(secret=asked(petra, "no@example.org", now=NOW), now=NOW)
    asked(petra, "late@example.org", now=NOW)
    asked(petra, "open@example.org", now=NOW + DAY)
    asked(a_clinician("paul@example.org"), "of.paul@example.org", now=NOW)
    with django_assert_num_queries(1):
        rows = sent_asks(clinician=petra, now=NOW + LIFE)
    assert [(row.email, row.state) for row in rows] == [
        ("open@example.org", "waiting for an answer"),
        ("late@example.org", "not answered in time"),
        ("", "declined"),
        ("rosa@example.org", "accepted"),
    ]


def test_her_list_forgets_the_address_of_a_runner_who_shows_her_out():
    """It would go on saying, beside an address, who was a runner of hers, with no trace in the audit."""
    petra = a_clinician()
    rosa = a_runner()
    browser = signed_in(petra)
    accept_ask(secret=asked(petra), runner=rosa, now=timezone.now())
    assert rosa.email in browser.get(reverse("asks")).content.decode()
    revoke_consent(runner=rosa, clinician=petra, now=timezone.now())
    page = browser.get(reverse("asks")).content.decode()
    assert rosa.email not in page and "accepted" in page
    decline_ask(secret=asked(petra, "no@example.org"), now=timezone.now())
    page = browser.get(reverse("asks")).content.decode()
    assert "no@example.org" not in page and "declined" in page


def test_an_invitation_is_withdrawn_by_whoever_sent_it():
    petra = a_clinician()
    secret = asked(petra)
    address = reverse("ask_withdraw", args=[Invitation.objects.get().public_id])
    assert signed_in(a_clinician("paul@example.org")).post(address).status_code == 404
    browser = signed_in(petra)
    assert browser.get(address).status_code == 405
    assert browser.post(reverse("ask_withdraw", args=[uuid.uuid4()])).status_code == 404
    for _ in range(2):
        assert "withdrawn by you" in browser.post(address, follow=True).content.decode()
    assert signed_in(None).get(reverse("ask", args=[secret])).status_code == 404


# --- the link ---------------------------------------------------------------------
def test_the_link_says_who_asks_and_what_would_be_shared_and_writes_nothing(django_assert_num_queries):
    petra = a_clinician()
    clinic = create_clinic(name="Riverside", by=a_manager(), now=NOW)
    join_clinic(clinic=clinic, clinician=petra, now=NOW)
    a_runner()
    secret = asked(petra)
    with django_assert_num_queries(2):
        assert received_ask(secret=secret, now=timezone.now()).clinic == "Riverside"
    before = list(Invitation.objects.values())
    for browser in (signed_in(None), signed_in(User.objects.get(email="rosa@example.org"))):
        page = browser.get(reverse("ask", args=[secret])).content.decode()
        for words in ("Petra Physio asks to see your data", "Riverside", "your diary: every score"):
            assert words in page
        assert "rosa@example.org" not in page
        assert browser.head(reverse("ask", args=[secret])).status_code == 200
    assert list(Invitation.objects.values()) == before
    assert not Consent.objects.exists()


def test_nothing_is_seen_before_the_answer():
    enrolment = an_enrolment(a_runner())
    petra = a_clinician()
    asked(petra)
    browser = signed_in(petra)
    assert "Rosa" not in browser.get(reverse("caseload")).content.decode()
    assert "Rosa" not in browser.get(reverse("asks")).content.decode()
    assert browser.get(reverse("runner", args=[enrolment.public_id])).status_code == 404


def test_she_accepts_and_is_seen(mailoutbox):
    enrolment = an_enrolment(a_runner("Rosa@example.org"))
    petra = a_clinician()
    secret = asked(petra)
    answer = signed_in(enrolment.runner).post(reverse("ask_accept", args=[secret]), follow=True)
    assert "Petra Physio can see your data from now on" in answer.content.decode()
    assert Consent.objects.get().via == ConsentVia.ASK
    assert "Rosa" in signed_in(petra).get(reverse("caseload")).content.decode()
    told = [mail for mail in delivered_mails() if mail.to == [petra.email]]
    assert len(told) == 1
    everything = told[0].subject + told[0].body + told[0].alternatives[0][0]
    assert "Rosa" not in everything and "rosa@" not in everything


def test_the_link_works_once():
    rosa = a_runner()
    secret = asked()
    browser = signed_in(rosa)
    browser.post(reverse("ask_accept", args=[secret]))
    for name in ("ask_accept", "ask_decline"):
        assert browser.post(reverse(name, args=[secret])).status_code == 404
    assert browser.get(reverse("ask", args=[secret])).status_code == 404
    assert Consent.objects.count() == 1


def test_the_link_runs_out():
    rosa = a_runner()
    secret = asked(now=NOW)
    with pytest.raises(Refused):
        accept_ask(secret=secret, runner=rosa, now=NOW + LIFE)
    assert received_ask(secret=secret, now=NOW + LIFE) is None
    assert accept_ask(secret=secret, runner=rosa, now=NOW + LIFE - SECOND)


@pytest.mark.parametrize("field", ["is_active", "role"])
def test_who_is_no_physiotherapist_any_more_asks_for_nothing(field):
    petra, rosa = a_clinician(), a_runner()
    secret = asked(petra)
    User.objects.filter(pk=petra.pk).update(**{field: False if field == "is_active" else "manager"})
    assert signed_in(rosa).get(reverse("ask", args=[secret])).status_code == 404
    assert signed_in(rosa).post(reverse("ask_accept", args=[secret])).status_code == 404
    assert not Consent.objects.exists()


def test_a_stranger_declines_without_an_account():
    petra = a_clinician()
    secret = asked(petra, "nobody@example.org")
    answer = signed_in(None).post(reverse("ask_decline", args=[secret]))
    assert "You have declined" in answer.content.decode()
    row = Invitation.objects.get()
    assert (row.outcome, row.settled_by) == (InvitationOutcome.DECLINED, None)
    assert "declined" in signed_in(petra).get(reverse("asks")).content.decode()


def test_a_runner_declines():
    rosa = a_runner()
    signed_in(rosa).post(reverse("ask_decline", args=[asked()]))
    assert Invitation.objects.get().settled_by == rosa
    assert not Consent.objects.exists()


def test_a_stranger_is_led_to_the_sign_in_and_back_and_accepts_nothing():
    address = reverse("ask", args=[asked()])
    page = signed_in(None).get(address).content.decode()
    for name in ("account_login", "account_signup"):
        assert f"{reverse(name)}?next={address}" in page
    answer = signed_in(None).post(reverse("ask_accept", args=[secret_in_mail()]))
    assert answer.url.startswith(reverse("account_login"))
    assert not Consent.objects.exists()


def test_whoever_comes_back_from_the_sign_in_is_asked_again():
    a_runner()
    secret = asked()
    browser = signed_in(None)
    accept = reverse("ask_accept", args=[secret])
    sign_in = browser.post(accept).url
    answer = browser.post(sign_in, {"login": "rosa@example.org", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("ask", args=[secret])
    assert not Consent.objects.exists()


def test_who_makes_an_account_for_it_comes_back_to_the_question(mailoutbox):
    secret = asked(email="nora@example.org")
    address = reverse("ask", args=[secret])
    browser = signed_in(None)
    sign_up = f"{reverse('account_signup')}?next={address}"
    assert f'value="{address}"' in browser.get(sign_up).content.decode()
    typed = {
        "name": "Nora",
        "email": "nora@example.org",
        "password1": PASSWORD,
        "adult": "on",
        "time_zone": "UTC",
    }
    page = browser.post(reverse("account_signup"), typed | {"next": address}).url
    code = re.search(r"^ {4}(\S+)$", delivered_mails()[-1].body, re.MULTILINE)[1]
    assert browser.post(page, {"code": code}).url == address
    assert "Petra Physio asks" in browser.get(address).content.decode()
    assert not Consent.objects.exists()


def test_nobody_is_led_away_from_the_site_after_signing_up(mailoutbox):
    browser = signed_in(None)
    typed = {
        "name": "Nora",
        "email": "nora@example.org",
        "password1": PASSWORD,
        "adult": "on",
        "time_zone": "UTC",
    }
    page = browser.post(reverse("account_signup"), typed | {"next": "https://evil.example/"}).url
    code = re.search(r"^ {4}(\S+)$", delivered_mails()[-1].body, re.MULTILINE)[1]
    assert browser.post(page, {"code": code}).url == reverse("home")


def somebody_else(who: str) -> User:
    return {"another runner": a_runner, "a physiotherapist": a_clinician, "a site manager": a_manager}[who](
        "else@example.org"
    )


@pytest.mark.parametrize("who", ["another runner", "a physiotherapist", "a site manager"])
def test_for_somebody_else_who_is_signed_in_it_is_not_there(who):
    a_runner()
    secret, other = asked(a_clinician("asks@example.org")), signed_in(somebody_else(who))
    answers = [other.get(reverse("ask", args=[secret])), other.post(reverse("ask_decline", args=[secret]))]
    missing = other.get(reverse("ask", args=["x" * 22]))
    accepting = other.post(reverse("ask_accept", args=[secret]))
    assert accepting.status_code == (404 if who == "another runner" else 403)
    for answer in answers:
        assert answer.status_code == 404
        assert "Petra" not in answer.content.decode()
        assert without_token(answer) == without_token(missing)
    assert Invitation.objects.get().outcome == InvitationOutcome.OPEN


def without_token(answer) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


def test_an_invitation_goes_to_an_address_and_not_to_whoever_has_the_link():
    a_runner()
    ruth = a_runner("ruth@example.org")
    with pytest.raises(Refused):
        accept_ask(secret=asked(), runner=ruth, now=timezone.now())
    assert not Consent.objects.exists()


def test_answers_are_slowed_down():
    browser = signed_in(None)
    answers = [browser.post(reverse("ask_decline", args=["x" * 22])).status_code for _ in range(31)]
    assert answers == [404] * 30 + [429]


def test_the_page_of_the_link_is_stored_nowhere_for_strangers_either():
    """The cache of a phone or of a proxy would keep who asks whom."""
    answer = signed_in(None).get(reverse("ask", args=[asked()]))
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
