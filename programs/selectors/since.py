"""Since she last looked: what the engine did meanwhile, each a click away from its reason."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from accounts.kept import Kept
from programs.caseload_words import SINCE
from programs.engine.values import STILL_PAUSED, Outcome, Trigger
from programs.presentation import Tag
from programs.selectors.case_ledger import LedgerLine
from programs.selectors.caseload_row import address
from programs.selectors.cases import Case
from programs.selectors.needs import brief_words
from programs.selectors.phrases import day_month

#: Where she has never said what she has seen.
USUALLY = datetime.timedelta(days=1)
MOST_LINES = 30
#: A job dates all that it decides with its beginning, and writes it in the course of minutes.
LONGEST_CLOSE = datetime.timedelta(minutes=15)
_lines = Kept(most=2000)
_A_MOMENT = datetime.timedelta(microseconds=1)
_BY_THE_ENGINE = (Trigger.DAY_CLOSE, Trigger.CORRECTION, Trigger.RED_FLAG)


@dataclass(frozen=True, slots=True)
class SinceLine:
    """One decision; ``url`` leads to it in the ledger of the runner's page."""

    runner_id: int
    url: str
    name: str
    what: str
    when: str


@dataclass(frozen=True, slots=True)
class SinceGroup:
    tag: Tag
    count: int
    lines: tuple[SinceLine, ...]


@dataclass(frozen=True, slots=True)
class Since:
    """``made_at`` is the instant through which the page shows all: it goes back with "I have seen these"."""

    since: datetime.datetime
    made_at: str
    groups: tuple[SinceGroup, ...]
    total: int
    rest: int

    @property
    def runner_ids(self) -> set[int]:
        return {line.runner_id for group in self.groups for line in group.lines}


class Changed(Protocol):
    """A runner with ``changes_of`` her."""

    case: Case
    changes: tuple[LedgerLine, ...]


def since_last_look(
    runners: Sequence[Changed], seen_through: datetime.datetime | None, now: datetime.datetime
) -> Since:
    """Steps forward and back and new pauses that were decided since, the gravest kind first; no query."""
    since = seen_through or now - USUALLY
    found: dict[str, list[tuple[LedgerLine, Case]]] = {kind: [] for kind in SINCE}
    for runner in runners:
        for line in _news(runner.changes, since, now):
            found[line.decision].append((line, runner.case))
    groups, left = [], MOST_LINES
    for kind, decided in found.items():
        decided.sort(key=_newest_first)
        shown = tuple(_lines.of((id(case), line.pk), _line, case, line)[0] for line, case in decided[:left])
        left -= len(shown)
        if decided:
            groups.append(SinceGroup(SINCE[kind], len(decided), shown))
    total = sum(group.count for group in groups)
    made_at = _complete_through((runner.case for runner in runners), now).isoformat()
    return Since(since, made_at, tuple(groups), total, total - (MOST_LINES - left))


def _complete_through(cases: Iterable[Case], now: datetime.datetime) -> datetime.datetime:
    """The instant of the page; while a day of hers waits to be closed, one before whatever comes of it.

    What was decided between the two is told once more; otherwise some of it would never be.
    """
    waiting = (case.enrolment for case in cases if not case.enrolment.failures)
    due = min((enrolment.closes_at for enrolment in waiting if enrolment.closes_at <= now), default=None)
    return now if due is None else max(due, now - LONGEST_CLOSE) - _A_MOMENT


def changes_of(case: Case) -> tuple[LedgerLine, ...]:
    """What the engine changed, oldest first. A day that only repeats a pause is no news."""
    return tuple(
        line
        for line in reversed(case.lines)
        if line.decision != Outcome.HOLD and line.rule != STILL_PAUSED and line.trigger in _BY_THE_ENGINE
    )


def _news(
    changes: tuple[LedgerLine, ...], since: datetime.datetime, now: datetime.datetime
) -> Iterator[LedgerLine]:
    """A day is told once."""
    told = set()
    for line in changes:
        if since < line.decided_at <= now and (line.date, line.decision) not in told:
            told.add((line.date, line.decision))
            yield line


def _newest_first(decided: tuple[LedgerLine, Case]) -> tuple:
    line, case = decided
    return -line.decided_at.timestamp(), str(case.enrolment.runner).casefold(), case.enrolment.pk


def _line(case: Case, line: LedgerLine) -> tuple[SinceLine, Case]:
    """What is kept holds the case fast, so that nothing else has its place in the memory."""
    page = address("runner", case.enrolment.public_id)
    words = SinceLine(
        runner_id=case.enrolment.runner_id,
        url=f"{page}?show=changes#decision-{line.pk}",
        name=str(case.enrolment.runner),
        what=_what(case, line),
        when=day_month(line.date),
    )
    return words, case


def _what(case: Case, line: LedgerLine) -> str:
    stage = case.title_of(line.stage_after)
    why = brief_words(case, line.rule, line.date)
    if line.decision == Outcome.ADVANCE:
        return _("to {stage}").format(stage=stage)
    if line.decision == Outcome.STEP_BACK:
        return _("to {stage}: {why}").format(stage=stage, why=why)
    return why
