"""The steps of a runner one after the other, each named by the edition in which she was on it."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest

from django.utils.translation import gettext as _

from programs.charts.facts import StepFrom
from programs.models import PlannedSession
from programs.selectors.day_words import day_month, full_day
from programs.selectors.editions_lived import Editions, title_in
from programs.selectors.progress_rows import ONE_DAY, Line, ProgressRows
from programs.selectors.session_counts import counts, done_of_planned


@dataclass(frozen=True, slots=True)
class Stay:
    """On one step from ``first`` to ``last``, inclusive."""

    first: datetime.date
    last: datetime.date
    number: int
    title: str

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def step(self) -> StepFrom:
        short = _("Step %(number)s") % {"number": self.number}
        return StepFrom(self.first, self.number, self.title, short)


def named(editions: Editions, line: Line | None, key: str) -> tuple[int, str]:
    """Number and title of a step by the edition of a decision, the present one for what comes after the last.

    A key that this edition lacks stands for itself.
    """
    version = editions.of(line.version) if line else editions.present
    keys = list(version.stage_documents)
    return (keys.index(key) + 1 if key in keys else 0), title_in(version, key)


def stays_of(rows: ProgressRows, editions: Editions) -> tuple[Stay, ...]:
    """All of them, oldest first. What a decision leads to is named by the edition of the next one."""
    lines = list(rows.lines)
    first, present = (lines[0] if lines else None), rows.enrolment.stage
    begun = [(rows.enrolment.started_on, named(editions, first, first.stage_before if first else present))]
    for line, following in zip_longest(lines, lines[1:]):
        step = named(editions, following, line.stage_after)
        if step != begun[-1][1]:
            begun.append((line.takes_effect_on, step))
    ends = [*(date - ONE_DAY for date, _step in begun[1:]), rows.today]
    return tuple(Stay(date, end, *step) for (date, step), end in zip(begun, ends, strict=True) if end >= date)


def sessions_in(rows: ProgressRows, dates: Iterable[datetime.date], on_record: set) -> tuple[int, int]:
    """Done and planned of these dates; ``on_record``: dates for which a session was planned."""
    days = (
        (date, (rows.said[date].session if date in rows.said else None, date in on_record)) for date in dates
    )
    return done_of_planned(day for date, day in days if counts(day, is_today=date == rows.today))


def planned_dates(rows: ProgressRows) -> set[datetime.date]:
    """Dates of the time that is reported for which a session was planned (one query)."""
    planned = PlannedSession.objects.filter(enrolment=rows.enrolment, date__range=(rows.first, rows.today))
    return set(planned.values_list("date", flat=True))


def when(date: datetime.date, rows: ProgressRows) -> str:
    """Short, and with its year where that is another one."""
    return day_month(date) if date.year == rows.today.year else full_day(date)
