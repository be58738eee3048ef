"""Invented runners for measurements: 28 days of diary each, as runners have them.

A *life* is where somebody stands and what she wrote; many enrolments share
one. Every stage occurs, scores lie around the limits of the rules, some days
are missing, and some hurt. Drawn from a seed, so that two runs measure the same.
"""

import datetime
import random
from dataclasses import dataclass, field

DIARY_DAYS = 28
ZONES = (
    *("Europe/London", "Europe/London", "Europe/Berlin", "Europe/Madrid", "Africa/Lagos", "Africa/Nairobi"),
    *("Asia/Kolkata", "Asia/Kathmandu", "Asia/Shanghai", "Asia/Tokyo", "Australia/Adelaide"),
    *("Pacific/Auckland", "Pacific/Tongatapu", "America/New_York", "America/Chicago", "America/Denver"),
    *("America/Los_Angeles", "America/Sao_Paulo", "America/St_Johns", "Pacific/Honolulu"),
)
#: Share of the runners on each stage, in the order of the programme.
_STAGES = (2, 14, 12, 16, 14, 12, 10, 10, 10)


@dataclass
class Day:
    """One written day; ``note`` is a score of an extra pain note."""

    date: datetime.date
    stage: str
    morning: int | None
    rest: int | None
    session: str | None
    during: int | None = None
    after: int | None = None
    warmup: str = "none"
    limp: bool = False
    leg: str = "none"
    note: int | None = None


@dataclass
class Life:
    """``today`` is the open date; ``planned`` are dates with a planned session."""

    stage: str
    entered: datetime.date
    started: datetime.date
    baseline: int | None
    zone: str
    refer: str = "none"
    step_backs: list[datetime.date] = field(default_factory=list)
    cooldown_until: datetime.date | None = None
    days: list[Day] = field(default_factory=list)
    planned: list[datetime.date] = field(default_factory=list)


def _scores(draw: random.Random, level: int) -> tuple[int, int]:
    near = [max(0, min(10, level + draw.choice((-1, 0, 0, 0, 0, 1, 1)))) for _ in range(2)]
    return near[0], near[1]


def _session(draw: random.Random, day: Day) -> None:
    day.session = draw.choice(("done",) * 17 + ("partial", "skipped", "stopped_pain"))
    if day.session == "skipped":
        return
    day.during, day.after = _scores(draw, draw.choice((1, 1, 1, 1, 2, 2, 2, 3)))
    if draw.random() < 0.01:
        day.during = draw.choice((5, 6, 7))
    day.warmup = draw.choice(("none",) * 60 + ("resolved", "persisted"))
    day.limp = draw.random() < 0.003


def _day(draw: random.Random, date: datetime.date, stage: str, level: int, runs: bool) -> Day | None:
    if draw.random() < 0.12:
        return None
    morning, rest = _scores(draw, level)
    day = Day(date, stage, morning, rest, "none")
    if draw.random() < 0.06:
        day.morning = None
    if draw.random() < 0.04:
        day.rest = None
    if runs:
        _session(draw, day)
    day.leg = draw.choice(("none",) * 150 + ("above_knee", "below_knee"))
    day.note = draw.choice((1, 2, 3)) if draw.random() < 0.03 else None
    return day


def _trouble(draw: random.Random, life: Life, today: datetime.date) -> None:
    """A few have stepped back, rest, or are paused."""
    chance = draw.random()
    if chance < 0.10:
        life.step_backs = [today - datetime.timedelta(days=draw.randrange(3, 30))]
    if chance < 0.03:
        life.cooldown_until = today + datetime.timedelta(days=draw.randrange(2))
    if 0.10 <= chance < 0.13:
        life.refer = draw.choice(("routine", "routine", "urgent"))


def life(draw: random.Random, stages: list[str], today: datetime.date) -> Life:
    position = draw.choices(range(len(stages)), _STAGES[: len(stages)])[0]
    entered = today - datetime.timedelta(days=draw.randrange(2 if position == 0 else 21))
    started = today - datetime.timedelta(days=draw.randrange(DIARY_DAYS, 120))
    level = draw.choice((0, 1, 1, 1, 1, 2, 2, 3, 5))
    made = Life(stages[position], entered, started, draw.choice((1, 1, 2, 2, 3, None)), draw.choice(ZONES))
    _trouble(draw, made, today)
    runs_on = draw.randrange(2)
    for back in range(DIARY_DAYS - 1, -1, -1):
        date = today - datetime.timedelta(days=back)
        stage = stages[position if date >= entered else max(position - 1, 0)]
        runs = position in (1, 2) or (position > 2 and back % 2 == runs_on)
        if runs and draw.random() < 0.95:
            made.planned.append(date)
        if day := _day(draw, date, stage, level, runs):
            made.days.append(day)
    return made


def lives(count: int, stages: list[str], today: datetime.date, seed: int = 1) -> list[Life]:
    draw = random.Random(seed)
    return [life(draw, stages, today) for _ in range(count)]
