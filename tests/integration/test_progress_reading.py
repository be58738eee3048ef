"""Progress reads the days that it shows: as many rows after 500 days as after 50, and it tells the same.

What is read of a long ledger is little; that it is enough is held against the whole ledger.
"""

import contextlib
import itertools
import random

import pytest
from django.db.backends.utils import CursorWrapper
from django.urls import reverse

from programs.engine.redflags import RED_FLAGS
from programs.models import ReasonCode
from programs.presentation import tag_of
from programs.selectors.chart_marks import marks_of, steps_of
from programs.selectors.chart_table import step_on
from programs.selectors.ledger import told_of
from programs.selectors.pain_chart import pain_chart
from programs.selectors.progress_rows import ProgressRows, progress_rows, whole_rows
from programs.selectors.week_counts import weeks_chart
from programs.services.diary import report_red_flags
from programs.services.errors import Refused
from programs.services.moves import move_version
from programs.services.overrides import clear_pause, hold_until, set_stage
from programs.services.people import change_time_zone
from tests.builders import a_published_version
from tests.integration.story import Story
from tests.integration.test_progress_lengths import a_history
from tests.support.people import a_clinician, signed_in

pytestmark = pytest.mark.django_db

DAYS = 45
SESSIONS = ("done", "done", "none", "partial", "stopped_pain", "skipped")
STAGES = ("S1_walking", "S2_core", "S3_run1_walk4")
ZONES = ("Europe/London", "Pacific/Kiritimati", "Pacific/Pago_Pago")
OTHER, LIVES = "lbp-cautious-start", (1, 2)
#: What happens on a day, in this order, and on how many.
LIKELY = {
    "check_in": 0.85,
    "correct": 0.12,
    "warn": 0.04,
    "hold": 0.04,
    "set": 0.04,
    "move": 0.02,
    "clear": 0.2,
    "travel": 0.03,
}


# --- how much is read --------------------------------------------------------------
class Fetched:
    """Counts rows that cursors give, of whatever statement."""

    def __init__(self, monkeypatch) -> None:
        self.rows, usual = 0, CursorWrapper.__getattr__

        def asked(cursor, name):
            found = usual(cursor, name)
            return self._counting(found) if name in ("fetchall", "fetchmany") else found

        monkeypatch.setattr(CursorWrapper, "__getattr__", asked)

    def _counting(self, fetch):
        def counted(*args):
            rows = fetch(*args)
            self.rows += len(rows)
            return rows

        return counted


@pytest.mark.parametrize(
    ("asked", "few"),
    [("", 50), ("?page=2", 100), ("?range=12-weeks", 100)],
    ids=["four weeks", "a later page", "twelve weeks"],
)
def test_a_long_history_is_no_more_rows_than_a_short_one(monkeypatch, asked, few):
    browsers = {days: signed_in(a_history(days, f"r{days}@example.org").runner) for days in (few, 500)}
    fetched, found = Fetched(monkeypatch), {}
    for days, browser in browsers.items():
        browser.get(reverse("progress") + asked)
        fetched.rows = 0
        assert browser.get(reverse("progress") + asked).status_code == 200
        found[days] = fetched.rows
    assert found[few] == found[500] > 28


# --- that it is enough ---------------------------------------------------------------
class Life:
    """Days with warning signs, corrections, acts of a physiotherapist, moves, and days closed late."""

    def __init__(self, seed: int) -> None:
        self.chance, self.story = random.Random(seed), Story(seed)
        self.physio = self.story.seen_by(a_clinician(f"petra{seed}@example.org"))
        self.other = a_published_version(OTHER)
        self.happened = set()
        late = 0
        for day in range(1, DAYS):
            self.live(day)
            late = late - 1 if late else self.chance.choice((0,) * 12 + (4,))
            if not late:
                self.story.close(day)

    def live(self, day: int) -> None:
        for name, likely in LIKELY.items():
            if self.chance.random() < likely:
                with contextlib.suppress(Refused):
                    getattr(self, name)(day)
                    self.happened.add(name)

    def _of(self, day: int, by: str = "physio") -> dict:
        who = self.physio if by == "physio" else self.story.runner
        return {"enrolment": self.story.enrolment, "by": who, "now": self.story.at(day)}

    def _entry(self) -> dict:
        kind, low = self.chance.choice(SESSIONS), (0, 1, 1, 2, 6)
        scores = {name: self.chance.choice(low) for name in ("morning", "rest", "during", "after")}
        if kind in ("none", "skipped"):
            del scores["during"], scores["after"]
        return scores | {"session": kind}

    def check_in(self, day: int) -> None:
        self.story.log(day, **self._entry())

    def correct(self, day: int) -> None:
        self.story.log(day - self.chance.randint(1, 6), self.story.at(day), **self._entry())

    def warn(self, day: int) -> None:
        report_red_flags(codes=(self.chance.choice(sorted(RED_FLAGS)),), **self._of(day, "runner"))

    def hold(self, day: int) -> None:
        hold_until(until=self.story.date(day + 2), reason="A sore heel", **self._of(day))

    def set(self, day: int) -> None:
        set_stage(stage=self.chance.choice(STAGES), reason="So it is", **self._of(day))

    def move(self, day: int) -> None:
        to = {"version": self.other, "stage": list(self.other.stage_documents)[1]}
        move_version(reason="Another", reason_code=ReasonCode.OTHER, **to, **self._of(day))

    def clear(self, day: int) -> None:
        seen = {"assessed_by": "Dr A", "assessed_on": self.story.date(day)}
        clear_pause(reason="Seen", **seen, **self._of(day))

    def travel(self, day: int) -> None:
        change_time_zone(user=self.story.runner, time_zone=self.chance.choice(ZONES), now=self.story.at(day))
        self.story.runner.refresh_from_db()


def test_what_is_read_shows_what_the_whole_ledger_shows(record_property):
    happened, compared = set(), 0
    for seed in LIVES:
        life = Life(seed)
        happened |= life.happened
        enrolment, last = life.story.enrolment, life.story.date(DAYS)
        for days in range(1, DAYS):
            rows, whole = progress_rows(enrolment, last, days), whole_rows(enrolment, last, days)
            assert _drawn(rows) == _drawn(whole)
            compared += 1
        for days, every_day in itertools.product((28, 84, None), (True, False)):
            rows = progress_rows(enrolment, last, days, every_day=every_day)
            whole = whole_rows(enrolment, last, days)
            assert pain_chart(rows) == pain_chart(whole)
            assert weeks_chart(rows) == weeks_chart(whole)
            assert _told(rows, every_day=every_day) == _told(whole, every_day=every_day)
    assert happened == LIKELY.keys()
    record_property("ranges of progress compared with the whole ledger", compared)


def _drawn(rows: ProgressRows) -> tuple:
    """What the ledger is to these days: its lines, each step and whether it began there, marks, flares."""
    lines = [line for line in rows.lines if line.date >= rows.first]
    steps = steps_of(rows)
    shown = [step_on(steps, date) for date in rows.dates]
    begun = [(step.date if step.date >= rows.first else None, step.number, step.title) for step in shown]
    return lines, begun, marks_of(rows.changes, rows.first), rows.flares(), rows.editions


def _told(rows: ProgressRows, *, every_day: bool) -> list[tuple]:
    """As an entry of the list takes it, with the words for the one that it replaces or that replaced it."""
    named = {line.pk: (tag_of(line).label, line.date) for line in rows.changes}
    return [
        (line.pk, named[line.pk], named.get(line.supersedes), named.get(line.superseded_by))
        for line in told_of(rows.changes, every_day=every_day)
    ]
