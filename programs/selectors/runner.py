"""The runner's page of her physiotherapist: need, picture, criteria, ledger, diary, acts."""

import datetime
import uuid
from dataclasses import dataclass, replace

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from programs.engine.entry import InvalidEntry
from programs.engine.redflags import label_of
from programs.models import DiaryEntry, Enrolment, EntryRevision, Intake, Override, PainPattern
from programs.presentation import FIELDS, score_words, value_words
from programs.said import said
from programs.selectors.act import Shadow, has_open_flag, shadow_of
from programs.selectors.caseload import adherence, last_entry_words
from programs.selectors.cases import Case, cases_of
from programs.selectors.criteria import CriterionRow, criterion_rows
from programs.selectors.entry_words import note_words
from programs.selectors.evidence import sources_by_key
from programs.selectors.inputs import EntryRow, Fact, entry_row, wall_time
from programs.selectors.measures import MeasuresPage, measures_page
from programs.selectors.needs import NeedWords, words_of
from programs.selectors.progress import Asked, ProgressPage, progress_page
from programs.snapshots import entry_of, notes_in_force

ENTRIES_SHOWN = 28
EVERY_DAY = Asked(every_day=True)


@dataclass(frozen=True, slots=True)
class DiaryRow:
    """One entry with what it said before; ``corrections`` in words, newest first."""

    entry: EntryRow
    stage: str
    recorded_at: datetime.datetime
    corrections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActRow:
    """One act of a clinician so far."""

    what: str
    date: datetime.date
    by: str
    reason: str
    review_on: datetime.date | None
    assessed: str


@dataclass(frozen=True, slots=True)
class RunnerPage:
    public_id: uuid.UUID
    name: str
    email: str
    today: datetime.date
    time_zone: str
    programme: str
    version: int
    started_on: datetime.date
    programme_day: int
    is_active: bool
    stage: str
    stage_day: int
    baseline: str
    done: int
    planned: int
    last_entry: str
    hold_until: datetime.date | None
    is_paused: bool
    has_open_flag: bool
    error_since: datetime.date | None
    words: NeedWords
    shadow: Shadow | None
    progress: ProgressPage
    criteria: tuple[CriterionRow, ...]
    entries: tuple[DiaryRow, ...]
    entries_total: int
    intake: tuple[Fact, ...]
    acts: tuple[ActRow, ...]
    measures: MeasuresPage


def runner_page(
    *, enrolment: Enrolment, by: User, now: datetime.datetime, asked: Asked = EVERY_DAY, whole: bool = False
) -> RunnerPage:
    """``enrolment`` comes with runner and version; ``asked``: which charts and decisions; ``whole`` diary."""
    case = cases_of([enrolment], now)[0]
    runner, version = enrolment.runner, enrolment.version
    done, planned = adherence(case)
    held = enrolment.hold_until if enrolment.hold_until and enrolment.hold_until >= case.today else None
    return RunnerPage(
        public_id=enrolment.public_id,
        name=str(runner),
        email=runner.email,
        today=case.today,
        time_zone=runner.time_zone,
        programme=said(version.document["title"]),
        version=version.number,
        started_on=enrolment.started_on,
        programme_day=(case.today - enrolment.started_on).days + 1,
        is_active=enrolment.is_active,
        stage=case.stage_title,
        stage_day=case.stage_day,
        baseline=score_words(enrolment.baseline_morning),
        done=done,
        planned=planned,
        last_entry=last_entry_words(case),
        hold_until=held,
        is_paused=enrolment.is_paused,
        has_open_flag=has_open_flag(case),
        error_since=enrolment.open_date if enrolment.failures else None,
        words=words_of(case, by=by),
        shadow=shadow_of(case),
        progress=progress_page(enrolment, today=case.today, asked=asked, with_inputs=True),
        criteria=_criteria(case),
        entries=_entries(enrolment, None if whole else ENTRIES_SHOWN),
        entries_total=enrolment.entries.count(),
        intake=_intake(enrolment),
        acts=tuple(_act(act, version) for act in reversed(case.history.overrides)),
        measures=measures_page(enrolment, case.today),
    )


def _criteria(case: Case) -> tuple[CriterionRow, ...]:
    if case.outlook is None:
        return ()
    enrolment = case.enrolment
    return criterion_rows(case.outlook.criteria, enrolment.version, enrolment.stage, sources_by_key())


def _entries(enrolment: Enrolment, most: int | None) -> tuple[DiaryRow, ...]:
    """Entries newest first, each with its notes and its earlier values (three queries)."""
    rows = list(enrolment.entries.order_by("-date").prefetch_related("notes")[:most])
    revisions: dict[int, list[EntryRevision]] = {}
    for revision in EntryRevision.objects.filter(entry__in=[row.pk for row in rows]).order_by("-replaced_at"):
        revisions.setdefault(revision.entry_id, []).append(revision)
    return tuple(_diary_row(row, revisions.get(row.pk, []), enrolment) for row in rows)


def _diary_row(row: DiaryEntry, revisions: list[EntryRevision], enrolment: Enrolment) -> DiaryRow:
    corrections, later = [], {name: getattr(row, name) for name in FIELDS}
    for revision in revisions:
        was = {name: revision.values[name] for name in FIELDS if name in revision.values}
        changed = [name for name in was if was[name] != later[name]]
        what = "; ".join(_was(name, was[name]) for name in changed)
        when = wall_time(revision.replaced_at, enrolment.runner.zone)
        words = (
            _("{when}, after the day was decided: {what}") if revision.after_close else _("{when}: {what}")
        )
        corrections.append(words.format(when=date_format(when, "j M, H:i"), what=what))
        later = later | revision.values
    return DiaryRow(
        entry=_with_notes(_readable_row(row), row),
        stage=said(enrolment.version.stage_documents.get(row.stage_shown, {}).get("title", row.stage_shown)),
        recorded_at=wall_time(row.recorded_at, enrolment.runner.zone),
        corrections=tuple(corrections),
    )


def _was(name: str, value) -> str:
    return _("{name} was {value}").format(name=FIELDS[name], value=value_words(name, value))


def _with_notes(entry: EntryRow, row: DiaryEntry) -> EntryRow:
    """Scores are what the day counts as; beside them stand the notes that they may come from."""
    notes = (_("note: {words}").format(words=note_words(note)) for note in notes_in_force(row.notes.all()))
    return replace(entry, more="; ".join([*filter(None, [entry.more]), *notes]))


def _readable_row(row: DiaryEntry) -> EntryRow:
    """A row that the engine refuses is still shown, as far as it can be read."""
    try:
        return entry_row(row.date, entry_of(row))
    except (InvalidEntry, ValueError):
        morning, rest = ("–" if score is None else str(score) for score in (row.morning, row.rest))
        more = _("The engine refuses this entry.")
        return EntryRow(row.date, morning, rest, _("cannot be read"), "–", "–", more, is_missing=False)


def _intake(enrolment: Enrolment) -> tuple[Fact, ...]:
    """What was answered before the programme began (one query)."""
    intake = Intake.objects.filter(enrolment=enrolment).first()
    if intake is None:
        return ()
    answers = intake.answers
    answered = wall_time(intake.answered_at, enrolment.runner.zone)
    pattern = answers.get("pattern", "")
    known = {choice.value: choice.label for choice in PainPattern}
    return (
        Fact(_("Answered"), date_format(answered, "j F Y, H:i")),
        Fact(_("Pain at rest"), score_words(answers.get("intake_pain"))),
        Fact(_("Usual pain on waking"), score_words(answers.get("baseline_morning"))),
        Fact(_("Direction"), said(known.get(pattern, pattern) or "not asked").capitalize()),
        Fact(_("Reasons against a programme"), ", ".join(answers.get("exclusions", ())) or _("none")),
        Fact(
            _("Red flags"),
            ", ".join(said(label_of(code)) for code in answers.get("red_flags", ())) or _("none"),
        ),
    )


def _act(act: Override, version) -> ActRow:
    what = said(act.get_kind_display()).capitalize()
    if act.until:
        what = _("Hold until {date}").format(date=date_format(act.until, "j F Y"))
    elif act.stage:
        title = said(version.stage_documents.get(act.stage, {}).get("title", act.stage))
        what = _("Set the stage: {title}").format(title=title)
    assessed = ""
    if act.assessed_by:
        words = _("Assessed by {name} on {date}")
        assessed = words.format(name=act.assessed_by, date=date_format(act.assessed_on, "j F Y"))
    return ActRow(what, act.date, str(act.made_by), act.reason, act.review_on, assessed)
