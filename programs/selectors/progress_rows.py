"""What the pages of progress are made of: the diary and the ledger of one enrolment, read once.

Of the ledger a page reads the days that it draws, what stood before them, and of all the rest
one text of what changed something: a long history is no more rows than a short one.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import BigIntegerField, DateField, QuerySet

from accounts.statements import Given, Statement
from programs.charts.weeks import monday_of
from programs.engine.values import DONE_SOMETHING, Occasion
from programs.models import DiaryEntry, Enrolment
from programs.selectors.editions_lived import Editions, editions_of
from programs.selectors.ledger_changes import Change
from programs.selectors.ledger_lines import Line, lines_of, lines_since

ONE_DAY = datetime.timedelta(days=1)
_SAID = ("date", "rest", "morning", "session", "during", "after", "run_minutes", "stage_shown")
_NOTE = ("notes__pk", "notes__occasion", "notes__score", "notes__replaces")


@dataclass(frozen=True, slots=True)
class Said:
    """An entry of the diary; ``notes`` are scores written down in a flare."""

    date: datetime.date
    rest: int | None
    morning: int | None
    session: str | None
    during: int | None
    after: int | None
    run_minutes: int | None
    stage_shown: str
    notes: tuple[int, ...] = ()

    @property
    def did_something(self) -> bool:
        return self.session in DONE_SOMETHING


@dataclass(frozen=True)
class ProgressRows:
    """``said`` begins before ``first``: with the whole week, and the day before.

    ``lines``: of the ledger all that these days show, see ``lines_since``, or the whole of it;
    ``changes``: of the whole ledger what is told of it, see ``programs/selectors/ledger_changes.py``.
    """

    enrolment: Enrolment
    first: datetime.date
    today: datetime.date
    said: dict[datetime.date, Said]
    lines: tuple[Line, ...]
    changes: Sequence[Change | Line]

    @cached_property
    def editions(self) -> Editions:
        """No query where nobody moved her, else one at most."""
        return editions_in(self.enrolment, self.lines)

    @cached_property
    def dates(self) -> list[datetime.date]:
        return [self.first + ONE_DAY * n for n in range((self.today - self.first).days + 1)]

    def flares(self) -> set[datetime.date]:
        """By the engine's own definition: waking pain of the morning after a session, against the usual.

        The usual can fall from step to step, so each day has that with which it was decided.
        """
        delta = self.enrolment.version.document["engine"]["flare_delta"]["value"]
        usual = {line.date: line.baseline for line in self.lines if line.superseded_by is None}
        return {date for date in self.dates if self._is_flare(date, usual, delta)}

    def _is_flare(self, date: datetime.date, usual: dict[datetime.date, int | None], delta: int) -> bool:
        before, entry = self.said.get(date - ONE_DAY), self.said.get(date)
        baseline = usual.get(date, self.enrolment.baseline_morning)
        if None in (before, entry, baseline) or entry.morning is None:
            return False
        return before.did_something and entry.morning >= baseline + delta


def editions_in(enrolment: Enrolment, lines: Iterable[Line]) -> Editions:
    """The editions of a whole ledger."""
    return editions_of(enrolment, ((line.date, line.version) for line in lines if line.moved_to))


def first_date(enrolment: Enrolment, today: datetime.date, days: int | None) -> datetime.date:
    """The first of the last ``days`` local dates, but not before the programme began."""
    began = min(enrolment.started_on, today)
    return began if days is None else max(began, today - ONE_DAY * (days - 1))


def progress_rows(
    enrolment: Enrolment, today: datetime.date, days: int | None, *, every_day: bool = False
) -> ProgressRows:
    """The last ``days`` local dates, or all where None. Two queries; ``enrolment`` comes with its version.

    ``every_day``: every decision is one that is told.
    """
    first = first_date(enrolment, today, days)
    said = _said(enrolment, _diary_since(first), today)
    return ProgressRows(enrolment, first, today, said, *lines_since(enrolment, first, every_day=every_day))


def whole_rows(enrolment: Enrolment, today: datetime.date, days: int | None) -> ProgressRows:
    """The same with the whole ledger, for a report, which names the steps of all times. Two queries."""
    first = first_date(enrolment, today, days)
    lines = lines_of(enrolment, first)
    return ProgressRows(enrolment, first, today, _said(enrolment, _diary_since(first), today), lines, lines)


def _diary_since(first: datetime.date) -> datetime.date:
    return min(monday_of(first), first - ONE_DAY)


@Statement
def _entries() -> QuerySet:
    since, today = Given("since", DateField()), Given("today", DateField())
    rows = DiaryEntry.objects.filter(
        enrolment=Given("enrolment", BigIntegerField()), date__gte=since, date__lte=today
    )
    return rows.order_by("date", "notes").values_list(*_SAID, *_NOTE)


def _said(enrolment: Enrolment, since: datetime.date, today: datetime.date) -> dict[datetime.date, Said]:
    """Entries with the notes of flares that nothing has replaced."""
    rows = _entries.rows(enrolment=enrolment.pk, since=since, today=today)
    entries: dict[datetime.date, tuple] = {}
    notes: dict[datetime.date, dict[int, int]] = {}
    replaced = set()
    for *values, note, occasion, score, replaces in rows:
        entries[values[0]] = tuple(values)
        replaced.add(replaces)
        if occasion == Occasion.FLARE and score is not None:
            notes.setdefault(values[0], {})[note] = score
    return {
        date: Said(*values, tuple(s for pk, s in notes.get(date, {}).items() if pk not in replaced))
        for date, values in entries.items()
    }
