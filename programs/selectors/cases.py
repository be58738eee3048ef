"""Runners of a caseload with all that triage asks, in a fixed number of queries."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from programs.engine.calendar import local_date
from programs.engine.decide import Decision as EngineDecision
from programs.engine.decide import decide
from programs.engine.programme import Programme
from programs.engine.triage import CaseFacts, Need, need_of
from programs.engine.values import Outcome, Refer
from programs.models import Decision, Enrolment, Override
from programs.said import said
from programs.selectors.decisions import beginnings_of_pauses
from programs.snapshots import History, histories_of, programmes_of, snapshot_of

#: How far back a referral without a pause, and good news, are looked for.
LEDGER_DAYS = 28
#: What a faulty row makes a reader raise. Such a runner must stay on the list.
FAULTY = (ValueError, LookupError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """The part of a decision that a list shows."""

    date: datetime.date
    decision: str
    rule: str
    trigger: str
    refer: str
    stage_after: str


@dataclass(frozen=True, slots=True)
class PauseBegan:
    """The decision that brought a pause to its level, with the red flags that were answered."""

    date: datetime.date
    rule: str
    reason: str
    red_flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One runner as the list and her page see her. ``outlook`` is the engine on the open day.

    ``lines`` are the decisions in force of the last four weeks, newest first;
    ``review`` is the act whose review date has come.
    """

    enrolment: Enrolment
    today: datetime.date
    programme: Programme | None
    history: History
    need: Need
    facts: CaseFacts
    lines: tuple[LedgerLine, ...]
    outlook: EngineDecision | None
    pause: PauseBegan | None
    review: Override | None

    @property
    def stage_title(self) -> str:
        return self.title_of(self.enrolment.stage)

    def title_of(self, key: str) -> str:
        """The title of a stage; its key where the programme cannot be read."""
        if self.programme is None or key not in self.programme.positions:
            return key
        return said(self.programme.stages[self.programme.positions[key]].title)

    @property
    def stage_day(self) -> int:
        return max((self.today - self.enrolment.stage_entered_on).days + 1, 1)


def cases_of(enrolments: list[Enrolment], now: datetime.datetime) -> list[Case]:
    """The cases of enrolments that come with their runners. At most ten queries."""
    if not enrolments:
        return []
    programmes = _readable(programmes_of, [e.version_id for e in enrolments])
    histories = _readable(histories_of, enrolments)
    lines = _ledger_lines(enrolments, now)
    pauses = _pauses([e.pk for e in enrolments if e.is_paused])
    return [
        _case(
            enrolment,
            local_date(now, enrolment.runner.zone),
            programmes.get(enrolment.version_id),
            histories.get(enrolment.pk, History()),
            tuple(lines.get(enrolment.pk, ())),
            pauses.get(enrolment.pk),
        )
        for enrolment in enrolments
    ]


def _readable(read, rows: list) -> dict:
    """Read all at once; where one is faulty, one by one, without the faulty."""
    try:
        return read(rows)
    except FAULTY:
        found: dict = {}
    for row in rows:
        try:
            found |= read([row])
        except FAULTY:
            continue
    return found


def _case(enrolment, today, programme, history: History, lines, pause) -> Case:
    outlook = _outlook(enrolment, programme, history)
    review = _review(enrolment, history, today)
    facts = CaseFacts(
        today=today.toordinal(),
        first_day=enrolment.started_on.toordinal(),
        entries=history.entries,
        baseline=enrolment.baseline_morning,
        flare_delta=programme.constants.flare_delta if programme else 2,
        refer=Refer(enrolment.refer),
        paused_on=local_date(enrolment.paused_at, enrolment.runner.zone).toordinal()
        if enrolment.paused_at
        else None,
        advised_since=_advised_since(lines),
        stuck_on=enrolment.open_date.toordinal() if enrolment.failures else None,
        review_on=review.review_on.toordinal() if review else None,
        outlook=outlook.outcome if outlook else None,
    )
    return Case(enrolment, today, programme, history, need_of(facts), facts, lines, outlook, pause, review)


def _outlook(enrolment: Enrolment, programme: Programme | None, history: History) -> EngineDecision | None:
    """What the engine would decide of the open day as it stands; None where it cannot."""
    try:
        return decide(snapshot_of(enrolment, programme, history, enrolment.open_date))
    except FAULTY:
        return None


def _review(enrolment: Enrolment, history: History, today: datetime.date) -> Override | None:
    """The newest act, where its review date has come and the runner has not moved since."""
    act = history.overrides[-1] if history.overrides else None
    if act is None or act.review_on is None or act.review_on > today:
        return None
    return act if enrolment.stage_entered_on <= act.review_on else None


def _advised_since(lines: tuple[LedgerLine, ...]) -> int | None:
    """First day of the newest decisions in a row that advise a visit without a pause."""
    since = None
    for line in lines:
        if line.refer == Refer.NONE or line.decision == Outcome.PAUSE_AND_REFER:
            break
        since = line.date.toordinal()
    return since


def _ledger_lines(enrolments: list[Enrolment], now: datetime.datetime) -> dict[int, list[LedgerLine]]:
    """Enrolment id -> decisions in force, newest first; one query and no inputs."""
    since = min(local_date(now, e.runner.zone) for e in enrolments) - datetime.timedelta(days=LEDGER_DAYS)
    rows = Decision.objects.in_force().filter(enrolment__in=[e.pk for e in enrolments], date__gte=since)
    columns = ("enrolment", "date", "decision", "rule", "trigger", "refer", "stage_after")
    found: dict[int, list[LedgerLine]] = {}
    for pk, *values in rows.newest_first().values_list(*columns):
        found.setdefault(pk, []).append(LedgerLine(*values))
    return found


def _pauses(ids: Iterable[int]) -> dict[int, PauseBegan]:
    """Enrolment id -> the decision behind the present pause; one query."""
    columns = ("enrolment", "date", "rule", "reason", "inputs")
    return {
        pk: PauseBegan(date, rule, reason, _flags_on(date, inputs))
        for pk, date, rule, reason, inputs in beginnings_of_pauses(ids).values_list(*columns)
    }


def _flags_on(date: datetime.date, inputs: dict) -> tuple[str, ...]:
    return tuple(inputs["entries"].get(date.isoformat(), {}).get("red_flags", ()))
