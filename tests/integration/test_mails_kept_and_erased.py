"""Mails in their new states, and those about a list: kept long enough, then gone; gone with the person."""

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from programs.models import MessageKind, MessageOwed
from programs.services.erasure import erase
from programs.services.retention import apply_retention, messages_over
from tests.builders import an_enrolment
from tests.support.mail_rows import a_message, an_account_mail
from tests.support.people import a_clinician, a_manager, a_runner, signed_in

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2034, 3, 15, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
LONG_AGO = NOW - 91 * DAY


@pytest.fixture
def petra():
    return a_clinician()


@pytest.fixture
def rosa(petra):
    return an_enrolment(a_runner(), clinician=petra)


def left() -> set[str]:
    return set(MessageOwed.objects.values_list("status", flat=True))


def test_perhaps_sent_is_settled_and_only_what_is_owed_stays(rosa):
    for status in ("sent", "uncertain", "skipped", "dead", "owed"):
        why = "" if status in ("sent", "owed") else "SMTPServerDisconnected"
        a_message(rosa.runner, rosa, LONG_AGO, status=status, outcome=why)
    an_account_mail("ann@example.org", LONG_AGO, status="uncertain", outcome="SMTPServerDisconnected")
    counts = apply_retention(now=NOW)
    assert (counts["mails about programmes"], counts["account mails"]) == (4, 1)
    assert left() == {"owed"}


def test_a_mail_about_a_list_goes_like_every_other(petra):
    """It names no programme, so none that is paused keeps it."""
    a_message(petra, None, LONG_AGO, MessageKind.DIGEST, status="sent")
    recent = a_message(petra, None, NOW - DAY, MessageKind.REVIEWS, status="sent")
    apply_retention(now=NOW)
    assert list(MessageOwed.objects.all()) == [recent]


def test_mails_of_a_pause_stay_while_it_lasts(rosa, petra):
    a_message(rosa.runner, rosa, LONG_AGO, MessageKind.PAUSE, status="uncertain", outcome="550")
    a_message(petra, None, LONG_AGO, MessageKind.DIGEST, status="sent")
    type(rosa).objects.filter(pk=rosa.pk).update(refer="urgent", paused_at=LONG_AGO - DAY)
    assert [message.kind for message in messages_over(NOW)] == [MessageKind.DIGEST]


def test_an_erased_physiotherapist_leaves_no_mail_of_her_list(petra):
    a_message(petra, None, timezone.now(), MessageKind.DIGEST)
    a_message(
        petra, None, timezone.now(), MessageKind.REVIEWS, status="skipped", outcome="the digest tells it"
    )
    erase(user=petra, now=timezone.now())
    assert not MessageOwed.objects.exists()


def test_an_erased_runner_leaves_no_mail_to_others_about_her(rosa, petra):
    a_message(petra, rosa, timezone.now(), MessageKind.CLINICIAN_PAUSE, status="uncertain", outcome="550")
    a_message(rosa.runner, rosa, timezone.now(), MessageKind.SILENT, status="sent")
    kept = a_message(petra, None, timezone.now(), MessageKind.DIGEST, status="sent")
    erase(user=rosa.runner, now=timezone.now())
    assert list(MessageOwed.objects.all()) == [kept]


@pytest.mark.parametrize("kind", MessageKind.values)
def test_the_administration_tells_of_no_pause_and_of_no_runner(rosa, kind):
    pia = a_clinician("pia@example.org", "Pia Physio")
    row = a_message(
        pia, rosa, timezone.now(), kind, status="skipped", outcome="the programme is paused", level="urgent"
    )
    manager = signed_in(a_manager())
    for page in ("", f"{row.pk}/change/"):
        html = manager.get(f"/admin/programs/messageowed/{page}").content.decode()
        main = html[html.index('id="content"') :]
        assert "Pia Physio" in main
        assert not [word for word in ("pause", "urgent", "Rosa", "reminder of") if word in main]


def test_the_query_of_retention_reads_by_index(rosa):
    """Of what was sent in a year only what is over is looked at."""
    plan = messages_over(NOW).explain()
    assert connection.vendor != "sqlite" or "messages_by_when_settled" in plan
