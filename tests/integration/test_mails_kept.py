"""Mails of the clock after outages, errors, moves and changes of mind: each date once, none lost."""

import datetime
import zoneinfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from programs.engine.calendar import instant_of, local_date
from programs.mailing import reasons
from programs.models import MailChoice, MessageKind, MessageOwed
from programs.services import owed_by_choice
from programs.services.by_the_clock import BATCH, owe_by_the_clock
from programs.services.mail_choices import choose
from programs.services.people import change_time_zone
from tests.builders import an_enrolment
from tests.integration.test_by_the_clock import EVENING, MONDAY, MORNING, NIGHT, ONE_DAY, at
from tests.support.mail_choices import choice_of
from tests.support.people import a_clinician, a_runner

pytestmark = pytest.mark.django_db
MINUTE = datetime.timedelta(minutes=1)


def reminded(number: int = 1, wall: datetime.time = EVENING, zone: str = "Europe/London") -> User:
    runner = a_runner(f"runner{number}@example.org", time_zone=zone)
    return an_enrolment(runner, now=at(MONDAY, MORNING), reminder_time=wall).runner


def outcomes(kind: str = MessageKind.REMINDER) -> dict[datetime.date, str]:
    rows = MessageOwed.objects.filter(kind=kind)
    return dict(rows.values_list("local_date", "outcome"))


def test_a_mail_of_the_same_date_goes_out_late_and_says_when_it_was_wanted():
    reminded()
    owe_by_the_clock(now=at(MONDAY, NIGHT))
    mail = MessageOwed.objects.get()
    assert (mail.wanted_at, mail.due_at) == (at(MONDAY, EVENING), at(MONDAY, NIGHT))
    assert mail.expires_at == at(MONDAY + ONE_DAY, datetime.time(0))


def test_where_only_quiet_hours_are_left_of_the_date_that_is_on_record():
    reminded()
    owe_by_the_clock(now=at(MONDAY, datetime.time(21, 30)))
    assert outcomes() == {MONDAY: reasons.QUIET_TILL_ITS_END}


def test_what_is_inside_quiet_hours_goes_out_at_their_end():
    runner = reminded(wall=MORNING)
    User.objects.filter(pk=runner.pk).update(quiet_from=datetime.time(8), quiet_until=datetime.time(10))
    tuesday = MONDAY + ONE_DAY
    owe_by_the_clock(now=at(tuesday, MORNING))
    mail = MessageOwed.objects.get(kind=MessageKind.REMINDER)
    assert mail.wanted_at == mail.due_at == at(tuesday, datetime.time(10))


def test_each_missed_date_is_on_record_and_no_more_than_the_last_seven():
    runner = reminded()
    choose(person=runner, kind=MessageKind.SILENT, is_on=False, now=at(MONDAY, MORNING))
    day = MONDAY + 20 * ONE_DAY
    for _ in range(2):
        owe_by_the_clock(now=at(day, NIGHT))
    missed = {day - n * ONE_DAY: reasons.DAY_OVER for n in range(1, 7)}
    assert outcomes() == missed | {day: ""}
    assert choice_of(runner).next_at == at(day + ONE_DAY, EVENING)


def test_one_who_cannot_be_decided_for_waits_an_hour_and_the_others_do_not(monkeypatch):
    bad, good = reminded(1), reminded(2)
    decide = owed_by_choice.strike

    def decide_or_fail(clock, now, ask):
        if clock.wall == datetime.time(17, 59):
            raise ValueError("odd")
        return decide(clock, now, ask)

    MailChoice.objects.filter(person=bad, kind="reminder").update(wall=datetime.time(17, 59))
    monkeypatch.setattr(owed_by_choice, "strike", decide_or_fail)
    now = at(MONDAY, EVENING)
    owe_by_the_clock(now=now)
    assert [row.recipient for row in MessageOwed.objects.all()] == [good]
    assert choice_of(bad).next_at == now + owed_by_choice.ASIDE
    monkeypatch.undo()
    owe_by_the_clock(now=now + owed_by_choice.ASIDE)
    assert set(MessageOwed.objects.values_list("recipient", flat=True)) == {bad.pk, good.pk}


def test_a_batch_that_the_database_refuses_is_owed_one_by_one(monkeypatch):
    people = [reminded(number) for number in range(3)]
    row = owed_by_choice.message_row

    def too_long(**fields):
        made = row(**fields)
        if made.recipient_id == people[1].pk:
            made.status = "no such status"
        return made

    monkeypatch.setattr(owed_by_choice, "message_row", too_long)
    monkeypatch.setattr(
        owed_by_choice.MessageOwed.objects, "bulk_create", _strict(owed_by_choice.MessageOwed.objects)
    )
    owe_by_the_clock(now=at(MONDAY, EVENING))
    owed = set(MessageOwed.objects.values_list("recipient", flat=True))
    assert owed == {people[0].pk, people[2].pk}
    assert choice_of(people[1]).next_at > at(MONDAY, EVENING)


def _strict(manager):
    """SQLite ignores a row that breaks a check where it ignores conflicts; PostgreSQL raises."""
    create = manager.bulk_create
    return lambda rows, **options: create(rows)


def test_a_sweep_takes_the_same_queries_for_one_as_for_many():
    counts = []
    for number, more in ((0, 1), (1, 12)):
        for extra in range(more):
            reminded(100 * number + extra)
        with CaptureQueriesContext(connection) as taken:
            owe_by_the_clock(now=at(MONDAY + number * ONE_DAY, EVENING))
        counts.append(len(taken))
    assert counts[0] == counts[1] <= 16


def test_a_sweep_takes_one_batch_after_the_other(monkeypatch):
    monkeypatch.setattr("programs.services.by_the_clock.BATCH", 2)
    for number in range(5):
        reminded(number)
    assert owe_by_the_clock(now=at(MONDAY, EVENING)) == 5
    assert BATCH > 2


def test_where_nothing_is_due_a_sweep_asks_two_questions():
    reminded()
    a_clinician()
    owe_by_the_clock(now=at(MONDAY, MORNING))
    with CaptureQueriesContext(connection) as taken:
        owe_by_the_clock(now=at(MONDAY, MORNING))
    asked = [query["sql"] for query in taken if query["sql"].startswith("SELECT")]
    assert len(asked) == 2


# --- a change in the very minute ------------------------------------------------------------
def test_what_has_struck_is_owed_before_the_zone_changes():
    runner = reminded()
    change_time_zone(user=runner, time_zone="Pacific/Kiritimati", now=at(MONDAY, EVENING) + MINUTE)
    assert list(outcomes()) == [MONDAY]
    owe_by_the_clock(now=at(MONDAY, EVENING) + ONE_DAY)
    assert list(outcomes()) == [MONDAY, MONDAY + ONE_DAY]


@pytest.mark.parametrize("wall", [datetime.time(9), datetime.time(20)])
def test_what_has_struck_is_owed_before_another_time_is_chosen(wall):
    runner = reminded()
    choose(person=runner, kind=MessageKind.REMINDER, is_on=True, wall=wall, now=at(MONDAY, EVENING) + MINUTE)
    owe_by_the_clock(now=at(MONDAY, NIGHT))
    assert list(outcomes()) == [MONDAY]


def test_the_first_questions_move_quiet_hours_that_she_has_never_seen():
    late, early = reminded(1, datetime.time(22, 30)), reminded(2, datetime.time(6))
    times = User.objects.values_list("quiet_from", "quiet_until")
    assert times.get(pk=late.pk) == (datetime.time(23, 30), datetime.time(7))
    assert times.get(pk=early.pk) == (datetime.time(21), datetime.time(6))
    owe_by_the_clock(now=at(MONDAY, datetime.time(22, 30)))
    assert outcomes() == {MONDAY: ""}


# --- the same promises, with rows ------------------------------------------------------------
@pytest.mark.parametrize("wall", [datetime.time(2, 30), datetime.time(12, 5)])
@pytest.mark.parametrize(
    ("zone", "first"),
    [
        ("Europe/London", datetime.date(2026, 3, 26)),
        ("America/Nuuk", datetime.date(2026, 3, 26)),
        ("Australia/Lord_Howe", datetime.date(2026, 4, 2)),
        ("Pacific/Chatham", datetime.date(2026, 9, 24)),
        ("Asia/Beirut", datetime.date(2026, 3, 26)),
        ("America/Santiago", datetime.date(2026, 9, 3)),
        ("Pacific/Kiritimati", datetime.date(2026, 1, 1)),
    ],
)
def test_each_date_once_over_the_change_of_the_clocks(zone, first, wall, record_property):
    place = zoneinfo.ZoneInfo(zone)
    runner = a_runner(time_zone=zone)
    began = instant_of(first, datetime.time(0), place)
    an_enrolment(runner, now=began, reminder_time=wall)
    choose(person=runner, kind=MessageKind.SILENT, is_on=False, now=began)
    now, last = began, began + 7 * ONE_DAY
    while now < last:
        now += datetime.timedelta(hours=2, minutes=14)
        owe_by_the_clock(now=now)
    dates = [first + n * ONE_DAY for n in range((local_date(last, place) - first).days)]
    found = [date for date in sorted(outcomes()) if date in dates]
    assert found == dates
    assert set(outcomes().values()) == {""}
    record_property("zone-days of mails tried with rows", len(dates))
