"""A mail that cannot be owed undoes nothing: answer, pause and decision stay, and others get theirs."""

import datetime
import logging
import zoneinfo

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts import time_zones
from accounts.models import Clinic, Membership, TellsOf, User
from accounts.services import grant_consent
from programs import tasks
from programs.engine.calendar import instant_of
from programs.models import DiaryEntry, JobHeartbeat, MailChoice, MessageOwed, MessageStatus, RedFlagCase
from programs.services import by_the_clock, clinicians_mails, flag_notices, health, messages
from programs.services.days import close_due
from programs.services.diary import report_red_flags
from tests.builders import an_enrolment, an_entry, reloaded
from tests.support.people import a_clinician, a_runner

pytestmark = pytest.mark.django_db

LONDON = zoneinfo.ZoneInfo("Europe/London")
MONDAY = datetime.date(2026, 11, 16)
ONE_DAY = datetime.timedelta(days=1)
#: Was a name once.
DROPPED = "US/Pacific-New"


@pytest.fixture(autouse=True)
def clocks_agree(monkeypatch):
    """The database's clock is real and the tests' is not."""
    monkeypatch.setattr(health, "database_now", lambda: None)


def at(hour: int, date: datetime.date = MONDAY) -> datetime.datetime:
    return instant_of(date, datetime.time(hour), LONDON)


@pytest.fixture
def rosa():
    return an_enrolment(a_runner(time_zone="Europe/London"), now=at(9))


@pytest.fixture
def petra(rosa):
    """Of a clinic that lets red flags wait at night: her quiet hours are asked for."""
    petra = a_clinician(time_zone="Europe/London")
    clinic = Clinic.objects.create(
        name="C",
        created_at=at(1),
        created_by=petra,
        red_flags_at_night=False,
        tells_of_red_flags=TellsOf.LEAD_TOO,
    )
    lead = a_clinician("lead@example.org", "Lea")
    for person in (petra, lead):
        Membership.objects.create(clinic=clinic, clinician=person, joined_at=at(1), is_lead=person == lead)
    grant_consent(runner=rosa.runner, clinician=petra, now=at(9))
    return petra


def drop_zone_of(*people: User) -> None:
    User.objects.filter(pk__in=[person.pk for person in people]).update(time_zone=DROPPED)


def flagged(rosa, hour: int = 23) -> None:
    report_red_flags(enrolment=reloaded(rosa), by=rosa.runner, now=at(hour), codes=("FEVER_UNWELL",))


def is_kept(rosa) -> bool:
    """The answer, the pause and its case."""
    entry = DiaryEntry.objects.get(enrolment=rosa)
    is_open = RedFlagCase.objects.filter(enrolment=rosa, closed_at__isnull=True).exists()
    return entry.red_flags == ["FEVER_UNWELL"] and reloaded(rosa).is_paused and is_open


@pytest.mark.parametrize("whose", ["clinician", "runner", "both"])
def test_a_red_flag_is_kept_and_told_whatever_zone_somebody_has(rosa, petra, whose, caplog):
    time_zones._warn.cache_clear()
    drop_zone_of(*{"clinician": [petra], "runner": [rosa.runner], "both": [petra, rosa.runner]}[whose])
    rosa = reloaded(rosa)
    with caplog.at_level(logging.WARNING):
        flagged(rosa)
    assert is_kept(rosa)
    assert DROPPED in caplog.text
    kinds = MessageOwed.objects.filter(kind__in=["pause", "clinician_pause"]).values_list("kind", flat=True)
    assert sorted(kinds) == ["clinician_pause", "pause"]
    if whose != "runner":
        # No quiet hours where nobody knows when they are.
        assert MessageOwed.objects.get(kind="clinician_pause").due_at == at(23)


def test_a_day_is_closed_whatever_zone_her_physiotherapist_has(rosa, petra):
    drop_zone_of(petra)
    for days in range(2):
        date = MONDAY + days * ONE_DAY
        an_entry(rosa, date, now=at(19, date), morning=7, rest=8, session="none")
        rosa = reloaded(rosa)
        close_due(now=rosa.closes_at, job="t", first=rosa.pk, last=rosa.pk)
    assert reloaded(rosa).is_paused
    assert reloaded(rosa).failures == 0


def test_whatever_goes_wrong_with_owing_the_answer_stays(rosa, petra, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise RuntimeError("no mail today")

    monkeypatch.setattr(messages, "put_out_of_quiet", fail)
    monkeypatch.setattr(flag_notices, "put_out_of_quiet", fail)
    flagged(rosa)
    assert is_kept(rosa)
    assert not MessageOwed.objects.exists()
    assert "cannot be owed" in caplog.text


def test_what_the_database_will_not_take_undoes_nothing(rosa, petra, monkeypatch):
    def kind_of_none(rows, now):
        for row in rows:
            row.level = "no level"

    monkeypatch.setattr(messages, "put_out_of_quiet", kind_of_none)
    monkeypatch.setattr(flag_notices, "put_out_of_quiet", kind_of_none)
    flagged(rosa)
    assert is_kept(rosa)


# --- the jobs ----------------------------------------------------------------------------------
@pytest.fixture
def one_owed(rosa, monkeypatch):
    MailChoice.objects.all().delete()
    flagged(rosa, 12)
    monkeypatch.setattr(timezone, "now", lambda: at(13))
    return MessageOwed.objects.get(kind="pause")


def test_a_physiotherapist_at_fault_stops_nobodys_mails(rosa, one_owed, mailoutbox):
    drop_zone_of(a_clinician("bad@example.org", "Bad"))
    tasks.send_due()
    one_owed.refresh_from_db()
    assert one_owed.status == MessageStatus.SENT


def test_one_whose_mails_cannot_be_set_holds_back_no_other(rosa, monkeypatch):
    petra, bad = a_clinician(), a_clinician("bad@example.org", "Bad")
    true = clinicians_mails.next_due

    def fail_for_one(wall, days, zone, now):
        if zone.key == "Asia/Tokyo":
            raise OverflowError
        return true(wall, days, zone, now)

    User.objects.filter(pk=bad.pk).update(time_zone="Asia/Tokyo")
    monkeypatch.setattr(clinicians_mails, "next_due", fail_for_one)
    clinicians_mails.ensure_choices_of_clinicians(now=at(9))
    assert set(MailChoice.objects.filter(person__in=[petra, bad]).values_list("person", flat=True)) == {
        petra.pk
    }


@pytest.mark.parametrize("job", [tasks.send_due, lambda: call_command("deliver")], ids=["task", "command"])
def test_what_is_owed_goes_out_where_owing_fails_and_somebody_is_told(
    one_owed, monkeypatch, mailoutbox, job, capsys
):
    def fail(*args, **kwargs):
        raise RuntimeError("no owing today")

    monkeypatch.setattr(by_the_clock, "_sweep", fail)
    job()
    one_owed.refresh_from_db()
    assert one_owed.status == MessageStatus.SENT
    beats = JobHeartbeat.objects.filter(name="send_due").values_list("note", flat=True)
    said = [*beats, capsys.readouterr().err]
    assert "mails of the clock are not owed: RuntimeError" in "".join(said)
