"""The runner's home: what stops her, what today asks for, the check-in, why, and two weeks back."""

import datetime
from dataclasses import dataclass

from django.conf import settings

from programs.models import Enrolment
from programs.presentation import DECISIONS, Tag
from programs.said import said
from programs.selectors.criteria import CriterionRow, criterion_rows
from programs.selectors.decisions import DecisionRow
from programs.selectors.entry_words import EntryLine, check_in_lines
from programs.selectors.measures import MeasureDue, measures_due
from programs.selectors.pain_strip import Strip, strip_of
from programs.selectors.pause import PausePanel, pause_panel
from programs.selectors.plan_panel import PlanPanel, plan_panel
from programs.selectors.reading import Reading, read
from programs.selectors.recent_acts import RecentAct, recent_acts
from programs.selectors.sign_off import Newest, SignOff, newest_of, sign_off_of


@dataclass(frozen=True, slots=True)
class OutlookPanel:
    """Tonight's decision if nothing else comes in; never stored."""

    tag: Tag
    reason: str


@dataclass(frozen=True, slots=True)
class Step:
    """Where the runner stands in the programme."""

    title: str
    number: int
    count: int
    day: int
    starts_on: datetime.date | None


@dataclass(frozen=True, slots=True)
class TodayPage:
    date: datetime.date
    step: Step
    pause: PausePanel | None
    plan: PlanPanel
    entry: tuple[EntryLine, ...]
    needs_score: bool
    is_closed: bool
    outlook: OutlookPanel | None
    #: The day that is decided next; the criteria are those of it.
    open_date: datetime.date
    criteria: tuple[CriterionRow, ...]
    last_decision: DecisionRow | None
    strip: Strip
    overdue_since: datetime.date | None
    open_yesterday: datetime.date | None
    is_demo: bool
    measure: MeasureDue | None
    #: The step waits to be confirmed, or was.
    sign_off: SignOff | None
    #: Of physiotherapists, in the last days.
    acts: tuple[RecentAct, ...]


def today_page(*, enrolment: Enrolment, now: datetime.datetime) -> TodayPage:
    """Everything on the page; the number of queries does not grow with the diary."""
    reading = read(enrolment, now)
    outlook = reading.outlook()
    entry = _said_today(reading)
    # While paused the reason of the pause stands in its place.
    newest = Newest(None, ()) if enrolment.is_paused else newest_of(enrolment, now)
    return TodayPage(
        date=reading.today,
        step=_step(reading),
        pause=pause_panel(enrolment, now),
        plan=plan_panel(reading),
        entry=entry,
        needs_score=reading.entry(reading.today).rest is None,
        is_closed=reading.is_closed,
        outlook=OutlookPanel(DECISIONS[outlook.outcome], said(outlook.reason)) if outlook and entry else None,
        open_date=enrolment.open_date,
        criteria=_criteria(reading),
        last_decision=newest.row,
        strip=strip_of(reading),
        overdue_since=reading.overdue_since(now),
        open_yesterday=_open_yesterday(reading),
        is_demo=settings.DEMO,
        measure=measures_due(enrolment, reading.today),
        sign_off=sign_off_of(reading, newest),
        acts=recent_acts(reading),
    )


def _said_today(reading: Reading) -> tuple[EntryLine, ...]:
    """What her check-in said; what notes make of it stands on the page after saving."""
    row = reading.history.rows.get(reading.today.toordinal())
    return check_in_lines(row, planned=reading.entry(reading.today).planned) if row else ()


def _step(reading: Reading) -> Step:
    stages, enrolment = reading.snapshot.programme.stages, reading.enrolment
    position, shown = reading.snapshot.state.stage, reading.plan().stage
    entered = enrolment.stage_entered_on
    if stages[position].is_rest and shown > position:
        # Rest is over after its cap, logged or not: the page names what it asks for (INV-09).
        position, entered = shown, entered + reading.rest_cap
    return Step(
        title=said(stages[position].title),
        number=position + 1,
        count=len(stages),
        day=max((reading.today - entered).days + 1, 1),
        starts_on=entered if entered > reading.today else None,
    )


def _criteria(reading: Reading) -> tuple[CriterionRow, ...]:
    """As they stand on the open day, which is yesterday until that is closed; none once today is."""
    if reading.is_closed:
        return ()
    return criterion_rows(
        reading.decide_open_day().criteria, reading.enrolment.version, reading.enrolment.stage
    )


def _open_yesterday(reading: Reading) -> datetime.date | None:
    """Yesterday, while it can still be filled in before it is decided."""
    yesterday = reading.today - datetime.timedelta(days=1)
    is_open = reading.enrolment.decided_through < yesterday and yesterday >= reading.enrolment.started_on
    return yesterday if is_open and reading.entry(yesterday).missing else None
