"""The coming week: what each day asks for, and which days can be moved."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext

from programs.engine.plan import Plan, PlanKind, week_ahead
from programs.engine.week import Wishes
from programs.models import Enrolment
from programs.presentation import PLANS, Tag
from programs.said import said
from programs.selectors.plan_panel import CHECK_IN_FIRST
from programs.selectors.reading import Reading, read
from programs.selectors.run_limit import RunLimitPanel, run_limit_panel
from programs.week_rules import DAYS_AHEAD, WeekRules, week_rules

#: What the engine says of a day on which she could run, had she not chosen others.
OTHER_DAYS = "You chose other days to run. Today is a rest day."


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One date. ``may_run`` and ``may_rest`` say which choice is open; ``is_chosen`` that she made one."""

    date: datetime.date
    tag: Tag
    title: str
    why: str
    is_today: bool
    has_session: bool
    may_run: bool = False
    may_rest: bool = False
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class WeekPage:
    days: tuple[WeekDay, ...]
    rules: WeekRules | None
    run_days: tuple[int, ...]
    runs_now: bool
    is_paused: bool
    limit: RunLimitPanel | None


def week_page(*, enrolment: Enrolment, now: datetime.datetime) -> WeekPage:
    """Everything on the page, from one reading."""
    return week_of(read(enrolment, now))


def week_of(reading: Reading) -> WeekPage:
    """The same for a page that has read already; no query."""
    enrolment = reading.enrolment
    stage = reading.snapshot.programme.stages[reading.snapshot.state.stage]
    return WeekPage(
        days=_days(reading, stage.is_running),
        rules=week_rules(enrolment.version, enrolment.stage),
        run_days=tuple(enrolment.run_days),
        runs_now=stage.is_running,
        is_paused=enrolment.is_paused,
        limit=None if reading.waits_for_check_in else run_limit_panel(reading),
    )


def _days(reading: Reading, is_running: bool) -> tuple[WeekDay, ...]:
    count = DAYS_AHEAD + 1
    plans = list(week_ahead(reading.snapshot, reading.wishes, count))
    plans[0] = reading.plan()
    return tuple(
        _day(reading, plan, reading.today + datetime.timedelta(days=ahead), is_running)
        for ahead, plan in enumerate(plans)
    )


def _day(reading: Reading, plan: Plan, date: datetime.date, is_running: bool) -> WeekDay:
    is_today = date == reading.today
    if is_today and reading.waits_for_check_in:
        # As on Today: after a note of strong pain no session is offered before the check-in.
        return WeekDay(date, CHECK_IN_FIRST, title="", why="", is_today=True, has_session=False)
    can_choose = is_running and not is_today
    return WeekDay(
        date=date,
        tag=PLANS[plan.kind],
        title=_title(reading, plan),
        why=_why(plan, is_today),
        is_today=is_today,
        has_session=plan.has_session,
        may_rest=can_choose and plan.has_session,
        may_run=can_choose and plan.kind is PlanKind.REST_DAY and _would_fit(reading, date),
        is_chosen=date.toordinal() in reading.history.choices,
    )


def _why(plan: Plan, is_today: bool) -> str:
    """Why there is no session; what the engine says of "today" is said of any day of the week here."""
    if plan.has_session:
        return ""
    if plan.why == OTHER_DAYS and not is_today:
        return gettext("You chose other days to run.")
    return said(plan.why)


def _would_fit(reading: Reading, date: datetime.date) -> bool:
    """Would the plan of that date be a session if she wished for one?"""
    wishes, ahead = reading.wishes, (date - reading.today).days
    wished = Wishes(wishes.weekdays, {**wishes.choices, date.toordinal(): True})
    return week_ahead(reading.snapshot, wished, ahead + 1)[ahead].has_session


def _title(reading: Reading, plan: Plan) -> str:
    """What the session of that day is called, in the words of its stage."""
    if not plan.has_session:
        return ""
    key = reading.snapshot.programme.stages[plan.stage].key
    document = reading.enrolment.version.stage_documents[key]
    return said(next((part["title"] for part in document["sessions"] if part["counts"]), document["title"]))
