"""Runners of a caseload with all that triage asks, in a fixed number of queries."""

import datetime
from dataclasses import dataclass

from accounts.kept import forget_yesterday
from programs.clinic_defaults import read_defaults
from programs.engine.calendar import local_date
from programs.engine.decide import Decision as EngineDecision
from programs.engine.decide import decide
from programs.engine.programme import Programme
from programs.engine.triage import SILENT_FROM_DAYS, CaseFacts, Need, need_of
from programs.engine.values import Outcome, Refer
from programs.models import Adjustment, Enrolment, Override
from programs.models.decision import WAITS
from programs.said import said
from programs.selectors.case_ledger import LedgerLine, PauseBegan, lines_of, pause_of
from programs.selectors.case_reading import CaseRows, Dates, due_first, read_acts, read_cases
from programs.selectors.case_rows import FAULTY, history_of
from programs.snapshots import History, histories_of, programmes_of, signed_off, snapshot_of

# Parsed programmes by content and number, as the list itself brings both: no query for one that is known.
_programmes: dict[tuple[str, int], Programme] = {}


@dataclass(frozen=True, slots=True)
class Case:
    """One runner as the list and her page see her. ``outlook`` is the engine on the open day.

    ``lines`` are the decisions of the last four weeks that a list tells of,
    newest first; ``review`` is the act whose review date has come.
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
    review: Override | Adjustment | None

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


def cases_of(
    enrolments: list[Enrolment],
    now: datetime.datetime,
    *,
    silent_from: int = SILENT_FROM_DAYS,
    histories: dict[int, History] | None = None,
) -> list[Case]:
    """The cases of enrolments that come with their runners. At most six queries.

    ``silent_from``: after how many days without an entry the clinic of whoever
    looks calls a runner silent. ``histories``: what the page has read of them already.
    """
    if not enrolments:
        return []
    forget_yesterday(now.date())
    read_defaults(enrolments, now)
    programmes, dates = programmes_known(enrolments), dates_of(enrolments, now)
    if histories is None and len(enrolments) > 1:
        rows = read_cases(enrolments, dates)
        return [case_of(e, programmes.get(e.pk), rows[e.pk], dates[e.pk], silent_from) for e in enrolments]
    if histories is None:
        histories = _readable(histories_of, enrolments)
    acts = read_acts(enrolments, dates)
    return [
        _case(e, programmes.get(e.pk), histories.get(e.pk, History()), acts[e.pk], dates[e.pk], silent_from)
        for e in enrolments
    ]


def dates_of(enrolments: list[Enrolment], now: datetime.datetime) -> Dates:
    """Enrolment id -> the date that it is for her. Hundreds live in a few zones."""
    of_zone: dict[str, datetime.date] = {}
    found = {}
    for enrolment in enrolments:
        runner = enrolment.runner
        if runner.time_zone not in of_zone:
            of_zone[runner.time_zone] = local_date(now, runner.zone)
        found[enrolment.id] = of_zone[runner.time_zone]
    return found


def case_of(
    enrolment: Enrolment,
    programme: Programme | None,
    rows: CaseRows,
    today: datetime.date,
    silent_from: int,
) -> Case:
    """The case that these rows make; no query."""
    try:
        history = history_of(rows.since, dict(rows.texts))
    except FAULTY:
        history = History()
    return _case(enrolment, programme, history, rows, today, silent_from)


def programmes_known(enrolments: list[Enrolment]) -> dict[int, Programme]:
    """Enrolment id -> its programme; without a query where the list brought their keys and all are known."""
    keys = {e.id: (getattr(e, "content_hash", ""), getattr(e, "edition", 0)) for e in enrolments}
    if not all(key in _programmes for key in keys.values()):
        read = _readable(programmes_of, list({e.version_id for e in enrolments}))
        found = {e.id: read[e.version_id] for e in enrolments if e.version_id in read}
        for pk, programme in found.items():
            if keys[pk][0]:
                _programmes[keys[pk]] = programme
        return found
    return {pk: _programmes[key] for pk, key in keys.items()}


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


def _case(enrolment, programme, history: History, rows: CaseRows, today, silent_from) -> Case:
    of_her = dict(rows.texts)
    lines, pause, adjusted = lines_of(of_her), pause_of(of_her), due_first(of_her)
    outlook = _outlook(enrolment, programme, history)
    review = _review(enrolment, history, today, adjusted)
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
        ready_since=_ready_since(enrolment, history, lines, outlook, today),
        outlook=outlook.outcome if outlook else None,
        silent_from=silent_from,
    )
    return Case(enrolment, today, programme, history, need_of(facts), facts, lines, outlook, pause, review)


def _outlook(enrolment: Enrolment, programme: Programme | None, history: History) -> EngineDecision | None:
    """What the engine would decide of the open day as it stands; None where it cannot."""
    try:
        return decide(snapshot_of(enrolment, programme, history, enrolment.open_date))
    except FAULTY:
        return None


def _review(
    enrolment: Enrolment, history: History, today: datetime.date, adjusted: Adjustment | None
) -> Override | Adjustment | None:
    """The act whose review date has come, the earliest of them.

    Of acts on the stage the newest, where the runner has not moved since; of
    changed exercises each that is still changed.
    """
    act = history.overrides[-1] if history.overrides else None
    if act and (act.review_on is None or act.review_on > today or enrolment.stage_entered_on > act.review_on):
        act = None
    if adjusted and adjusted.review_on > today:
        adjusted = None
    return min(filter(None, (act, adjusted)), key=lambda due: due.review_on, default=None)


def _advised_since(lines: tuple[LedgerLine, ...]) -> int | None:
    """First day of the newest decisions in a row that advise a visit without a pause."""
    since = None
    for line in lines:
        if line.refer == Refer.NONE or line.decision == Outcome.PAUSE_AND_REFER:
            break
        since = line.date.toordinal()
    return since


def _ready_since(
    enrolment: Enrolment, history: History, lines: tuple[LedgerLine, ...], outlook, today: datetime.date
) -> int | None:
    """The first day since the stage began on which only a confirmation was missing; None once it is given.

    It stays until a person confirms or the stage changes: days with a session, or
    without a score, do not take it back.
    """
    entered = enrolment.stage_entered_on
    days = [line.date for line in lines if line.rule == WAITS and line.date >= entered]
    if outlook is not None and outlook.rule == WAITS:
        days.append(enrolment.open_date)
    if not days or signed_off(history.overrides, enrolment.stage, entered.toordinal(), today):
        return None
    return min(days).toordinal()
