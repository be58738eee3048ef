"""Deleting a runner: what goes, what stays under a pseudonym, and that nothing of her is left anywhere."""

import datetime
import logging

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse

from accounts.emails import Words
from accounts.models import (
    AccessRecord,
    AccountMail,
    Consent,
    Erasure,
    HandOver,
    Invitation,
    OpenErasure,
    User,
)
from accounts.models.base import FrozenRowError
from accounts.services.errors import Refused
from accounts.services.mail import owe_mail
from programs.models import OF_A_LIST, Decision, DiaryEntry, Enrolment, Intake, MessageOwed, Override
from programs.selectors.caseload import caseload_page
from programs.services.delivery import deliver_due
from programs.services.erasure import erase
from programs.services.erasure.redaction import Redaction
from programs.services.verification import LedgerReport, verify_ledger
from tests.builders import COMFORTABLE, an_enrolment, live
from tests.integration.lives import EMAIL, NAME, Life
from tests.support.people import a_manager, a_runner, signed_in
from tests.support.traces import traces

pytestmark = pytest.mark.django_db

PARTS = ("Zinaida", "Quetzalcoatl", EMAIL, "canary.example")


@pytest.fixture
def life() -> Life:
    return Life()


def a_lonely_life() -> Enrolment:
    """Somebody whom no physiotherapist ever saw, with something in every table that she alone fills."""
    enrolment = an_enrolment(a_runner(EMAIL, NAME), days_ago=3, reminder_time=datetime.time(18))
    return live(enrolment, COMFORTABLE, None, COMFORTABLE)


def test_nothing_of_her_is_left_anywhere(life, caplog, settings, tmp_path):
    caplog.set_level(logging.DEBUG)
    settings.EMAIL_FILE_PATH = tmp_path
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    signed_in(life.runner).get(reverse("account"))
    signed_in(None).post(reverse("account_reset_password"), {"email": EMAIL})
    about = ContentType.objects.get_for_model(User)
    LogEntry.objects.create(
        user=life.manager, content_type=about, object_id=life.runner.pk, object_repr=NAME, action_flag=CHANGE
    )
    words = Words(subject=f"About {NAME}", text=f"{NAME} <{EMAIL}> wrote", html=f"<p>{NAME}</p>")
    owe_mail(email=life.hers.email, kind="other", words=words, now=life.at(34), recipient=life.hers)
    deliver_due(now=life.at(34, datetime.time(8)))
    ids = [life.runner.public_id, *Enrolment.objects.values_list("public_id", flat=True)]
    old = [spelling for each in ids for spelling in (str(each), each.hex)]
    assert len(traces(*PARTS)) > 20
    erase(user=life.runner, now=life.at(35))
    assert traces(*PARTS, *old) == []
    assert not [line for line in caplog.messages if any(part.lower() in line.lower() for part in PARTS)]


def test_what_a_physiotherapist_decided_stays_and_can_be_made_again(life):
    decisions, overrides = Decision.objects.count(), Override.objects.count()
    erasure = erase(user=life.runner, now=life.at(35))
    assert (Decision.objects.count(), Override.objects.count()) == (decisions, overrides)
    report = LedgerReport()
    assert list(verify_ledger(report)) == []
    assert report.checked == decisions
    reasons = " ".join(Override.objects.values_list("reason", flat=True))
    assert "[name] was examined and is fine" in reasons
    assert (erasure.kind, erasure.role) == ("pseudonym", "runner")
    assert DiaryEntry.objects.exists()
    assert set(Enrolment.objects.values_list("status", flat=True)) == {"completed", "withdrawn"}


def test_what_is_kept_says_until_when_and_how_it_is_found(life):
    erasure = erase(user=life.runner, now=life.at(35))
    last = Decision.objects.order_by("-date").first().date
    assert erasure.kept_until == last.replace(year=last.year + 8)
    kept = User.objects.get(public_id=erasure.pseudonym)
    assert (kept.name, kept.is_active, kept.erased_at) == ("Erased runner", False, life.at(35))
    assert not kept.has_usable_password()
    told = AccountMail.objects.get(kind="erased")
    assert told.recipient == life.colleague
    assert str(erasure.pseudonym) in told.text and "ZQ" in told.text
    assert erasure.counts["programs_messageowed"] > 3


def test_nobody_who_had_lost_access_is_told(life):
    erase(user=life.runner, now=life.at(35))
    assert not AccountMail.objects.filter(kind="erased", recipient__in=[life.former, life.hers]).exists()


def test_the_caseload_does_not_show_her_and_her_page_is_not_there(life):
    her_page = reverse("runner", args=[life.enrolment.public_id])
    physiotherapist = signed_in(life.colleague)
    assert caseload_page(clinician=life.colleague, now=life.at(35)).rows
    erase(user=life.runner, now=life.at(35))
    assert not caseload_page(clinician=life.colleague, now=life.at(35)).rows
    assert physiotherapist.get(her_page).status_code == 404
    now_at = reverse("runner", args=[Enrolment.objects.first().public_id])
    assert physiotherapist.get(now_at).status_code == 404


def test_no_access_invitation_or_message_is_left_open(life):
    erase(user=life.runner, now=life.at(35))
    assert not Consent.objects.unrevoked().exists()
    assert not HandOver.objects.open().exists()
    assert not Invitation.objects.exists()
    # Mails about a whole list are the physiotherapist's own, and name nobody.
    assert not MessageOwed.objects.exclude(kind__in=OF_A_LIST, enrolment=None).exists()
    assert not AccessRecord.objects.filter(actor__isnull=True).exclude(origin="").exists()


def test_whom_nobody_ever_saw_goes_whole():
    enrolment = a_lonely_life()
    mine, manager = enrolment.runner, a_manager()
    erasure = erase(user=mine, now=enrolment.closes_at)
    assert (erasure.kind, erasure.kept_until, erasure.pseudonym) == ("all", None, None)
    assert list(User.objects.all()) == [manager]
    for model in (Enrolment, Decision, DiaryEntry, Intake, MessageOwed):
        assert not model.objects.exists()
    assert traces(*PARTS) == []


def test_an_open_code_that_nobody_took_is_no_reason_to_keep_anything():
    enrolment = a_lonely_life()
    signed_in(enrolment.runner).get(reverse("account"))
    Invitation.objects.create(
        kind="offer",
        secret_digest="x" * 64,
        invited_by=enrolment.runner,
        invited_at=enrolment.created_at,
        expires_at=enrolment.created_at + datetime.timedelta(days=7),
    )
    assert erase(user=enrolment.runner, now=enrolment.closes_at).kind == "all"


def test_somebody_else_keeps_everything(life):
    other = an_enrolment(a_runner("other@example.org", "Olga Other"), clinician=life.hers, days_ago=2)
    live(other, COMFORTABLE, COMFORTABLE)
    signed_in(other.runner).get(reverse("account"))

    def hers() -> list[int]:
        of = {"enrolment__runner": other.runner}
        rows = [
            Decision.objects.filter(**of),
            DiaryEntry.objects.filter(**of),
            MessageOwed.objects.filter(**of),
        ]
        rows += [Consent.objects.filter(runner=other.runner), Session.objects.all()]
        return [found.count() for found in rows]

    before = hers()
    erase(user=life.runner, now=life.at(35))
    assert hers() == before
    assert User.objects.filter(email="other@example.org", name="Olga Other").exists()


def test_her_sessions_end_everywhere(life):
    browser = signed_in(life.runner)
    assert browser.get(reverse("account")).status_code == 200
    erase(user=life.runner, now=life.at(35))
    assert browser.get(reverse("account")).status_code == 302
    assert not Session.objects.exists()


def test_twice_is_refused(life):
    erase(user=life.runner, now=life.at(35))
    with pytest.raises(Refused):
        erase(user=life.runner, now=life.at(36))
    assert Erasure.objects.count() == 1


def test_the_way_around_the_triggers_is_shut_again(life):
    erase(user=life.runner, now=life.at(35))
    assert not OpenErasure.objects.exists()
    with pytest.raises(FrozenRowError):
        Decision.objects.all().delete()
    with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM programs_decision")


def test_an_address_that_was_erased_can_sign_up_again(life):
    erase(user=life.runner, now=life.at(35))
    assert a_runner(EMAIL, NAME).is_active


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("Zinaida runs", "[name] runs"),
        ("ZINAIDA QUETZALCOATL runs", "[name] runs"),
        ("zinaida  quetzalcoatl runs", "[name] runs"),
        ("ask Quetzalcoatl, then wait", "ask [name], then wait"),
        ("ask quetzalcoatl, then wait", "ask quetzalcoatl, then wait"),
        (f"write to {EMAIL.upper()}.", "write to (address removed)."),
        ("Zinaidas knee", "Zinaidas knee"),
        ("nothing of her", "nothing of her"),
        ("", ""),
    ],
)
def test_words_of_others_lose_her_name_and_addresses(text, without):
    assert Redaction(NAME, [EMAIL])(text) == without


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Will Not", "Must not run, will be seen again"),
        ("Will Not", "Will not run; she will not be seen before May."),
        ("Will, Not", "she will, not today, run"),
        ("May Day", "May run every day. Rest on the day after. May be long."),
        ("Rest Long", "Rest today. no long runs, a long rest"),
        ("rest", "Rest today, then rest again"),
        ("Will Not", "MUST NOT RUN, WILL NOT BE SEEN"),
        ("NEVER", "NEVER run through pain"),
        ("No", "No running"),
    ],
)
def test_a_reason_goes_on_saying_what_it_said(name, text):
    assert Redaction(name, [])(text) == text


@pytest.mark.parametrize(
    ("name", "text", "without"),
    [
        ("Will Not", "Will Not may run", "[name] may run"),
        ("Will Quetzal", "Will Quetzal, or Quetzal, will run", "[name], or [name], will run"),
        ("Anna van der Berg", "Anna ran, van der Berg's leg", "[name] ran, van der [name]'s leg"),
        ("anna meier", "Anna ran, anna did not", "[name] ran, anna did not"),
        ("ANNA MEIER", "Anna ran, MEIER too", "[name] ran, [name] too"),
        ("Rosa", "Rosa has a rosa knee", "[name] has a rosa knee"),
        ("王小明", "王小明 runs", "[name] runs"),
    ],
)
def test_her_name_goes_from_a_reason(name, text, without):
    assert Redaction(name, [])(text) == without


@pytest.mark.parametrize("name", ["", "  ", "X", "Al O", "(.*)"])
def test_a_name_that_is_hardly_one_takes_no_text_apart(name):
    assert Redaction(name, [])("An old alarm (see notes) ok.") == "An old alarm (see notes) ok."
