"""The pain chart of one enrolment, for its runner and for her physiotherapist alike."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from programs.charts.facts import ChartFacts, DayFacts, MarkOn, StepFrom
from programs.charts.frame import NARROW, WIDE
from programs.charts.pain import PainGeometry, pain_geometry
from programs.engine.values import BY_A_PERSON, DONE_SOMETHING, Outcome, Refer
from programs.models import Decision, DiaryEntry, Enrolment, OverrideKind
from programs.presentation import NOT_RECORDED, SESSIONS

ONE_DAY = datetime.timedelta(days=1)
#: Most telling first: a day has one mark.
_MARK_ORDER = ("pause", "step-back", "person", "advance")
_MARK_OF = {
    Outcome.ADVANCE: "advance",
    Outcome.STEP_BACK: "step-back",
    Outcome.PAUSE_AND_REFER: "pause",
}
MARK_WORDS = {
    "advance": "Moved on one step",
    "step-back": "One step back",
    "pause": "Paused",
    "person": "Changed by a physiotherapist",
}
NO_SESSION = "–"
_COLUMNS = (
    "date",
    "takes_effect_on",
    "decision",
    "rule",
    "refer",
    "trigger",
    "stage_before",
    "stage_after",
    "override__kind",
    "superseded_by",
)


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One day of the table that says the same as the picture, its cells in words.

    ``is_empty``: nothing was reported. ``is_missing``: nor will it be, the day is over.
    """

    date: datetime.date
    step: int
    morning: str
    rest: str
    session: str
    during: str
    after: str
    mark: str
    is_empty: bool
    is_missing: bool
    is_today: bool


@dataclass(frozen=True, slots=True)
class MarkKey:
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class StepKey:
    number: int
    title: str


@dataclass(frozen=True, slots=True)
class PainChart:
    """What ``programs/charts/pain_chart.html`` shows: the picture at two widths, and its table."""

    title: str
    summary: str
    wide: PainGeometry
    narrow: PainGeometry
    rows: tuple[ChartRow, ...]
    mark_keys: tuple[MarkKey, ...]
    steps: tuple[StepKey, ...]
    has_scores: bool
    has_missing: bool
    spans_years: bool


@dataclass(frozen=True, slots=True)
class _Told:
    """A row of the ledger, as far as the chart needs it."""

    date: datetime.date
    takes_effect_on: datetime.date
    decision: str
    rule: str
    refer: str
    trigger: str
    stage_before: str
    stage_after: str
    act: str | None
    superseded_by: int | None


def first_date(enrolment: Enrolment, today: datetime.date, days: int | None) -> datetime.date:
    """The first of the last ``days`` local dates, but not before the programme began."""
    began = min(enrolment.started_on, today)
    return began if days is None else max(began, today - ONE_DAY * (days - 1))


def pain_chart_for(enrolment: Enrolment, today: datetime.date, days: int | None = 42) -> PainChart:
    """The chart of the last ``days`` local dates, or of all where None. Two queries.

    ``enrolment`` comes with its version.
    """
    first = first_date(enrolment, today, days)
    dates = [first + ONE_DAY * n for n in range((today - first).days + 1)]
    entries = {e.date: e for e in DiaryEntry.objects.filter(enrolment=enrolment, date__range=(first, today))}
    told = [
        _Told(*row)
        for row in Decision.objects.filter(enrolment=enrolment)
        .order_by("takes_effect_on", "pk")
        .values_list(*_COLUMNS)
    ]
    facts = ChartFacts(
        days=tuple(_day(date, entries.get(date), today) for date in dates),
        steps=tuple(_steps(enrolment, told)),
        marks=tuple(_marks(told)),
    )
    return _chart(facts, entries, today)


def _day(date: datetime.date, entry: DiaryEntry | None, today: datetime.date) -> DayFacts:
    """Today is not missing: it is not over."""
    if entry is None:
        return DayFacts(date, is_missing=date < today)
    return DayFacts(date, rest=entry.rest, morning=entry.morning, during=entry.during, after=entry.after)


def _steps(enrolment: Enrolment, told: Sequence[_Told]) -> Iterable[StepFrom]:
    """The steps as they were shown, also where a correction has changed them since."""
    stages = enrolment.version.stage_documents
    number = {key: position for position, key in enumerate(stages, start=1)}
    shown = told[0].stage_before if told else enrolment.stage
    yield StepFrom(enrolment.started_on, number[shown], stages[shown]["title"])
    for row in told:
        if row.stage_after != shown:
            shown = row.stage_after
            yield StepFrom(row.takes_effect_on, number[shown], stages[shown]["title"])


def _marks(told: Sequence[_Told]) -> Iterable[MarkOn]:
    """One mark a date, of decisions in force; a pause is marked when it begins or becomes more pressing."""
    kinds: dict[datetime.date, set[str]] = {}
    refer = Refer.NONE
    for row in sorted((row for row in told if row.superseded_by is None), key=lambda row: row.date):
        kind = "person" if row.trigger in BY_A_PERSON else _MARK_OF.get(row.decision)
        is_news = kind != "pause" or row.refer != refer
        refer = row.refer if row.decision == Outcome.PAUSE_AND_REFER else Refer.NONE
        if kind and is_news and row.act != OverrideKind.HOLD_UNTIL:
            kinds.setdefault(row.date, set()).add(kind)
    return (
        MarkOn(date, next(kind for kind in _MARK_ORDER if kind in found))
        for date, found in sorted(kinds.items())
    )


def _chart(facts: ChartFacts, entries: dict[datetime.date, DiaryEntry], today: datetime.date) -> PainChart:
    first, last = facts.days[0].date, facts.days[-1].date
    marks = {mark.date: mark.kind for mark in facts.marks if first <= mark.date <= last}
    rows = [_row(day, entries.get(day.date), facts.steps, marks, today) for day in facts.days]
    return PainChart(
        title=f"Pain, {_short(first)} to {_short(last)} {last.year}",
        summary=_summary(facts, marks),
        wide=pain_geometry(facts, WIDE),
        narrow=pain_geometry(facts, NARROW),
        rows=tuple(reversed(rows)),
        mark_keys=tuple(MarkKey(kind, words) for kind, words in MARK_WORDS.items() if kind in marks.values()),
        steps=_step_keys(facts.steps, {row.step for row in rows}),
        spans_years=first.year != last.year,
        has_scores=any(s is not None for d in facts.days for s in (d.rest, d.morning, d.during, d.after)),
        has_missing=any(day.is_missing for day in facts.days),
    )


def _step_keys(steps: Sequence[StepFrom], shown: set[int]) -> tuple[StepKey, ...]:
    titles = {step.number: step.title for step in steps if step.number in shown}
    return tuple(StepKey(number, titles[number]) for number in sorted(titles))


def _short(date: datetime.date) -> str:
    return f"{date.day} {date:%B}"


def _row(
    day: DayFacts,
    entry: DiaryEntry | None,
    steps: Sequence[StepFrom],
    marks: dict[datetime.date, str],
    today: datetime.date,
) -> ChartRow:
    step = [step for step in steps if step.date <= day.date][-1:] or steps[:1]
    did = entry is not None and entry.session in DONE_SOMETHING
    return ChartRow(
        date=day.date,
        step=step[0].number,
        morning=_cell(day.morning),
        rest=_cell(day.rest),
        session=SESSIONS[entry.session] if entry else NOT_RECORDED,
        during=_cell(day.during) if did or entry is None else NO_SESSION,
        after=_cell(day.after) if did or entry is None else NO_SESSION,
        mark=MARK_WORDS.get(marks.get(day.date, ""), ""),
        is_empty=entry is None,
        is_missing=day.is_missing,
        is_today=day.date == today,
    )


def _cell(score: int | None) -> str:
    return NOT_RECORDED if score is None else str(score)


def _summary(facts: ChartFacts, marks: dict[datetime.date, str]) -> str:
    """The picture in sentences, for those who do not see it."""
    missing = sum(day.is_missing for day in facts.days)
    parts = [
        f"{len(facts.days)} days.",
        _spread("Pain at rest", [day.rest for day in facts.days]),
        _spread("Pain on waking", [day.morning for day in facts.days]),
        _spread("Pain in sessions", [day.during for day in facts.days]),
        f"{missing} days without an entry.",
        *(f"{words}: {list(marks.values()).count(kind)}." for kind, words in MARK_WORDS.items()),
    ]
    return " ".join([*parts, "The table after the picture holds every number."])


def _spread(name: str, scores: Sequence[int | None]) -> str:
    known = [score for score in scores if score is not None]
    if not known:
        return f"{name}: {NOT_RECORDED}."
    spread = f"lowest {min(known)}, highest {max(known)}, newest {known[-1]}"
    return f"{name}: recorded on {len(known)} days, {spread}."
