"""Quiet hours hold back a red flag for one night at most, and no longer than their reason lasts."""

import datetime
import zoneinfo

import pytest

from accounts.models import Clinic, Membership, User
from accounts.services import grant_consent
from programs.engine.calendar import instant_of
from programs.models import MailChoice, MessageOwed, MessageStatus
from programs.selectors.mail_metrics import mail_metrics
from programs.services import delivery
from programs.services.delivery import deliver_due
from programs.services.diary import report_red_flags
from programs.services.errors import Refused
from programs.services.mail_settings import change_mails
from tests.builders import an_enrolment
from tests.support.mails import Server
from tests.support.people import a_clinician, a_runner

pytestmark = pytest.mark.django_db

LONDON = zoneinfo.ZoneInfo("Europe/London")
MONDAY = datetime.date(2026, 11, 16)
MIDNIGHT = datetime.time(0)


def at(hour: int, minute: int = 0, days: int = 0) -> datetime.datetime:
    date = MONDAY + datetime.timedelta(days=days)
    return instant_of(date, datetime.time(hour, minute), LONDON)


@pytest.fixture
def petra():
    petra = a_clinician(time_zone="Europe/London")
    clinic = Clinic.objects.create(name="C", created_at=at(1), created_by=petra, red_flags_at_night=False)
    Membership.objects.create(clinic=clinic, clinician=petra, joined_at=at(1))
    return petra


def flagged(petra: User, now: datetime.datetime) -> MessageOwed:
    enrolment = an_enrolment(a_runner(time_zone="Europe/London"), now=at(9))
    grant_consent(runner=enrolment.runner, clinician=petra, now=at(9))
    MailChoice.objects.all().delete()
    report_red_flags(enrolment=enrolment, by=enrolment.runner, now=now, codes=("FEVER_UNWELL",))
    return MessageOwed.objects.get(kind="clinician_pause")


def quiet(petra: User, begin: datetime.time, end: datetime.time) -> None:
    """As it was saved before there was a limit."""
    User.objects.filter(pk=petra.pk).update(quiet_from=begin, quiet_until=end)


def status_of(row: MessageOwed) -> str:
    row.refresh_from_db()
    return row.status


def test_hardly_anybody_is_quiet_all_day(petra):
    hours = {"person": petra, "wishes": [], "now": at(9)}
    with pytest.raises(Refused, match="14 hours"):
        change_mails(quiet_from=datetime.time(7), quiet_until=datetime.time(6, 59), **hours)
    change_mails(quiet_from=datetime.time(18), quiet_until=datetime.time(8), **hours)


def test_a_red_flag_at_noon_waits_for_half_a_day_at_most_and_for_no_minute(petra, mailoutbox):
    quiet(petra, datetime.time(7), datetime.time(6, 59))
    row = flagged(petra, at(12))
    assert row.due_at == at(0, days=1)
    # No run comes by in the minute in which it may go out.
    deliver_due(now=at(9, days=1))
    assert status_of(row) == MessageStatus.SENT


def test_a_night_ends_also_where_no_run_comes_by_all_day(petra, mailoutbox):
    row = flagged(petra, at(22))
    assert row.due_at == at(7, days=1)
    deliver_due(now=at(22, days=1))
    assert status_of(row) == MessageStatus.SENT


def test_what_is_put_off_after_an_outage_is_seen_as_late(petra, monkeypatch, mailoutbox):
    row = flagged(petra, at(20, 30))
    MessageOwed.objects.exclude(pk=row.pk).delete()
    server = Server(ConnectionRefusedError())
    monkeypatch.setattr(delivery, "get_connection", lambda: server)
    deliver_due(now=at(20, 59))
    deliver_due(now=at(21, 30))
    assert status_of(row) == MessageStatus.OWED
    assert (row.due_at, row.wanted_at) == (at(7, days=1), at(20, 30))
    assert mail_metrics(now=at(21, 30)).waiting.safety == at(20, 30)


def at_night_again(petra: User) -> None:
    Clinic.objects.update(red_flags_at_night=True)


def no_quiet_hours(petra: User) -> None:
    change_mails(person=petra, quiet_from=MIDNIGHT, quiet_until=MIDNIGHT, wishes=[], now=at(22, 5))


def later_quiet_hours(petra: User) -> None:
    change_mails(
        person=petra, quiet_from=datetime.time(23), quiet_until=datetime.time(7), wishes=[], now=at(22, 5)
    )


@pytest.mark.parametrize("change", [at_night_again, no_quiet_hours, later_quiet_hours])
def test_what_waits_goes_out_once_there_is_no_reason_to_wait(petra, mailoutbox, change):
    row = flagged(petra, at(22))
    deliver_due(now=at(22, 4))
    assert status_of(row) == MessageStatus.OWED
    change(petra)
    deliver_due(now=at(22, 6))
    assert status_of(row) == MessageStatus.SENT


def test_a_server_that_is_down_is_not_asked_more_often_for_that(petra, monkeypatch, mailoutbox):
    row = flagged(petra, at(12))
    MessageOwed.objects.exclude(pk=row.pk).delete()
    server = Server(*[ConnectionRefusedError()] * 9)
    monkeypatch.setattr(delivery, "get_connection", lambda: server)
    deliver_due(now=at(12, 3))
    row.refresh_from_db()
    deliver_due(now=at(12, 4))
    assert len(server.seen) == 1
    assert row.due_at == at(12, 7)
