"""A runner in the world for two years: what she does, what fails, and the mails that come of it.

What is owed, put off and skipped is decided by the functions that the services
use. The table with its unique key, the sweep and the deliverer are played.
"""

import bisect
import datetime
import random
import zoneinfo
from dataclasses import dataclass, field

from programs.engine.calendar import local_date
from programs.mailing import Quiet, next_due
from programs.mailing.clockwork import Clock, Standing, Struck, strike
from programs.mailing.reasons import LOGGED, TURNED_OFF
from programs.mailing.verdicts import RunnerFacts, of_runner

UTC = datetime.UTC
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
NEVER = datetime.datetime.max.replace(tzinfo=UTC)
WALLS = [
    datetime.time(h, m) for h, m in ((18, 0), (9, 0), (2, 30), (0, 0), (23, 45), (12, 1), (7, 0), (20, 59))
]
NONE = datetime.time(0), datetime.time(0)
QUIETS = [
    (datetime.time(21), datetime.time(7)),
    NONE,
    (datetime.time(22, 30), datetime.time(6, 30)),
    (datetime.time(12), datetime.time(13)),
    (datetime.time(1), datetime.time(2, 45)),
]
ALL_ZONES = sorted(zoneinfo.available_timezones())


@dataclass
class Sent:
    kind: str
    date: datetime.date
    at: datetime.datetime
    zone: zoneinfo.ZoneInfo
    quiet: tuple[datetime.time, datetime.time]
    is_on: bool
    was_logged: bool


@dataclass
class Span:
    """Settings as they were, from an instant on; of the first strike before it, ``last`` is the date."""

    since: datetime.datetime
    zone: zoneinfo.ZoneInfo
    wall: datetime.time
    is_on: bool
    last: datetime.date | None


@dataclass
class World:
    """One choice of one runner. ``play`` runs it; then it is asked what happened."""

    seed: str
    zone: zoneinfo.ZoneInfo
    start: datetime.datetime
    days: int
    kind: str = "reminder"
    wall: datetime.time = datetime.time(18)
    quiet: tuple[datetime.time, datetime.time] = QUIETS[0]
    is_on: bool = True
    last: datetime.date | None = None
    rows: dict[tuple[str, datetime.date], Struck] = field(default_factory=dict)
    owed: dict[tuple[str, datetime.date], datetime.datetime] = field(default_factory=dict)
    skipped: dict[tuple[str, datetime.date], str] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    signs: list[datetime.datetime] = field(default_factory=list)
    scored: set[datetime.date] = field(default_factory=set)
    spans: list[Span] = field(default_factory=list)
    strikes: int = 0

    def play(self) -> "World":
        self.dice = random.Random(self.seed)
        self.signs.append(self.start)
        self.end = self.start + self.days * DAY
        self._plan_outages()
        self._settle(self.start)
        for at, act in self._acts():
            self._run_until(at)
            act(at)
        self._run_until(self.end)
        return self

    # --- what happens to her -------------------------------------------------------
    def _plan_outages(self) -> None:
        starts = sorted(self.dice.random() for _ in range(self.days // 25))
        self.down = [(self.start + share * self.days * DAY) for share in starts]
        lengths = (HOUR / 2, 5 * HOUR, 20 * HOUR, 3 * DAY, 5 * DAY)
        self.up = [at + self.dice.choice(lengths) for at in self.down]

    def _acts(self):
        """Logs in most days, is away for weeks, moves, changes her mind."""
        dice, at = self.dice, self.start
        while at < self.end:
            at += dice.choice((6, 20, 24, 24, 31, 49)) * HOUR * dice.uniform(0.8, 1.2)
            roll = dice.random()
            if roll < 0.80:
                yield at, self._log
            elif roll < 0.84:
                yield at, self._move
            elif roll < 0.90:
                yield at, self._change
            elif roll < 0.93:
                yield at, self._turn
            elif roll < 0.95:
                at += dice.uniform(5, 20) * DAY
                yield at, self._log

    def _log(self, at: datetime.datetime) -> None:
        self.scored.add(local_date(at, self.zone))
        self.signs.append(at)

    def _move(self, at: datetime.datetime) -> None:
        self._strike(at)
        self.zone = zoneinfo.ZoneInfo(self.dice.choice(ALL_ZONES))
        self._settle(at)

    def _change(self, at: datetime.datetime) -> None:
        self._strike(at)
        self.quiet = self.dice.choice(QUIETS)
        self.wall = self.dice.choice([wall for wall in WALLS if not in_quiet(wall, self.quiet)])
        self._settle(at)

    def _turn(self, at: datetime.datetime) -> None:
        self._strike(at)
        self.is_on = not self.is_on
        self._settle(at)

    def _settle(self, at: datetime.datetime) -> None:
        """As every change of settings does: the due instant is worked out anew."""
        self.spans.append(Span(at, self.zone, self.wall, self.is_on, self.last))
        self.next_at = next_due(self.wall, (), self.zone, at, self.last) if self.is_on else NEVER

    # --- what the site does ----------------------------------------------------------
    def _run_until(self, end: datetime.datetime) -> None:
        while True:
            sweep = self._when_up(self.next_at) if self.next_at < end else NEVER
            post = min(map(self._when_up, self.owed.values())) if self.owed else NEVER
            if min(sweep, post) >= end:
                return
            if sweep <= post:
                stale = self.next_at, self.last
                self._strike(sweep)
                if self.dice.random() < 0.1:
                    # A second worker that read the row before the first one wrote.
                    after = self.next_at, self.last
                    self.next_at, self.last = stale
                    self._strike(sweep)
                    assert (self.next_at, self.last) == after
            else:
                self._deliver(post)

    def _when_up(self, at: datetime.datetime) -> datetime.datetime:
        index = bisect.bisect_right(self.down, at) - 1
        return max(at, self.up[index]) if index >= 0 else at

    def _strike(self, now: datetime.datetime) -> None:
        if self.next_at > now:
            return
        quiet = Quiet(self.zone, *self.quiet)
        facts = self._facts()
        clock = Clock(self.kind, self.wall, (), quiet, self.next_at, self.last)
        outcome = strike(clock, now, lambda kind, date: of_runner(facts, kind, date))
        self.next_at, self.last = outcome.next_at, outcome.last_date
        self.strikes += 1
        for mail in outcome.mails:
            key = mail.kind, mail.date
            if key in self.rows:
                continue
            assert mail.due_at < mail.expires_at and mail.wanted_at < mail.expires_at
            self.rows[key] = mail
            if mail.why_not:
                self.skipped[key] = mail.why_not
            else:
                self.owed[key] = mail.due_at

    def _facts(self) -> RunnerFacts:
        asked = max((mail.date for mail in self.sent if mail.kind == "silent"), default=None)
        waiting = max((date for kind, date in self.owed if kind == "silent"), default=asked)
        return RunnerFacts(
            began_on=local_date(self.start, self.zone) - DAY,
            last_sign=local_date(self.signs[-1], self.zone),
            scored=self.scored,
            asked_on=waiting,
        )

    def _deliver(self, now: datetime.datetime) -> None:
        for key, due_at in list(self.owed.items()):
            if due_at > now:
                continue
            kind, date = key
            goes = Quiet(self.zone, *self.quiet).over(now)
            why = Standing(self.rows[key].expires_at, date).why_late(self.zone, goes, now)
            why = why or (LOGGED if date in self.scored else "") or ("" if self.is_on else TURNED_OFF)
            if why:
                self.skipped[key] = why
            elif goes > now:
                self.owed[key] = goes
                continue
            elif self.dice.random() < 0.05:
                # The server refuses for now.
                self.owed[key] = now + HOUR / 3
                continue
            else:
                self.sent.append(
                    Sent(kind, date, now, self.zone, self.quiet, self.is_on, date in self.scored)
                )
            del self.owed[key]


def in_quiet(wall: datetime.time, quiet: tuple[datetime.time, datetime.time]) -> bool:
    """Counted in minutes of the day: another way than the code that is tried."""
    first, last, at = (60 * time.hour + time.minute for time in (*quiet, wall))
    return (at - first) % 1440 < (last - first) % 1440
