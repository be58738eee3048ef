"""Two sweeps at once, and a change in the middle of one, on PostgreSQL: each date is owed once."""

import datetime

import pytest
from django.db import connection

from programs.models import Enrolment, MailChoice, MessageKind, MessageOwed
from programs.services.by_the_clock import owe_by_the_clock
from programs.services.discharges import leave
from programs.services.mail_choices import choose
from programs.services.people import change_time_zone
from tests.builders import an_enrolment
from tests.integration.test_by_the_clock import EVENING, MONDAY, MORNING, ONE_DAY, at
from tests.integration.test_races import at_once
from tests.support.people import a_runner

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="needs several writers: runs in the PostgreSQL part of make test",
    ),
]


def runners(number: int) -> list[Enrolment]:
    return [
        an_enrolment(
            a_runner(f"runner{n}@example.org", time_zone="Europe/London"),
            now=at(MONDAY, MORNING),
            reminder_time=EVENING,
        )
        for n in range(number)
    ]


def sweep(date: datetime.date = MONDAY):
    return lambda: owe_by_the_clock(now=at(date, EVENING))


def test_two_sweeps_at_once_owe_each_mail_once(monkeypatch):
    monkeypatch.setattr("programs.services.by_the_clock.BATCH", 3)
    runners(12)
    assert at_once(*[sweep()] * 3) == []
    owe_by_the_clock(now=at(MONDAY, EVENING))
    reminders = MessageOwed.objects.filter(kind=MessageKind.REMINDER)
    assert reminders.count() == reminders.values("recipient").distinct().count() == 12
    assert not MailChoice.objects.filter(next_at__lte=at(MONDAY, EVENING)).exists()


def test_a_move_and_a_sweep_at_once_lose_nothing():
    mine = runners(6)
    moves = [
        lambda person=enrolment.runner: change_time_zone(
            user=person, time_zone="Asia/Tokyo", now=at(MONDAY, EVENING)
        )
        for enrolment in mine
    ]
    assert at_once(*moves, sweep(), sweep()) == []
    owe_by_the_clock(now=at(MONDAY, EVENING))
    assert MessageOwed.objects.filter(kind="reminder", local_date=MONDAY, status="owed").count() == 6


def test_somebody_who_leaves_or_chooses_in_the_middle_is_in_nobodys_way():
    mine = runners(9)
    now = at(MONDAY, EVENING)
    leaving = [lambda one=one: leave(enrolment=one, by=one.runner, now=now) for one in mine[:3]]
    choosing = [
        lambda one=one: choose(person=one.runner, kind="reminder", is_on=True, wall=MORNING, now=now)
        for one in mine[3:6]
    ]
    assert at_once(*leaving, *choosing, sweep(), sweep()) == []
    owe_by_the_clock(now=now)
    owe_by_the_clock(now=at(MONDAY + ONE_DAY, EVENING))
    dates = MessageOwed.objects.filter(kind="reminder").exclude(outcome="the programme has ended")
    stayed = [one.runner_id for one in mine[3:]]
    assert sorted(dates.filter(recipient__in=stayed).values_list("recipient", flat=True)) == sorted(
        stayed * 2
    )
    assert not dates.filter(recipient__in=[one.runner_id for one in mine[:3]], status="owed").exists()
