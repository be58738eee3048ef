"""The rows that a history is made of, in few queries; ``programs.snapshots`` makes entries of them."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    DateField,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Value,
    Window,
)
from django.db.models.functions import Cast, RowNumber

from accounts.among import Among, given_ids
from accounts.statements import Given, ObjectStatement, Statement
from programs.engine.values import DONE_SOMETHING, Leg
from programs.models import DayChoice, DiaryEntry, PainNote, PlannedSession

#: Sessions of a stage that may be older than the window and still be asked for.
OLDER_SESSIONS = 2
#: How long before the window a page looks for sessions of other stages than hers. The rules ask for those of
#: her own stage only; the limit of a run goes by runs of 30 days, and each of them by the 30 before it.
FAR_BACK = datetime.timedelta(days=120)
_DAY = datetime.timedelta(days=1)
_NOTE_FIELDS = PainNote._meta.concrete_fields
#: A row without a check-in, there for its notes alone; a session brings all that is not named here.
SAYS_NOTHING = Q(
    morning__isnull=True, rest__isnull=True, session__isnull=True, leg=Leg.NONE, sites=[], red_flags=[]
)


@dataclass
class Dates:
    """Of one enrolment: dates with a planned session, and her own choices for single dates."""

    planned: set[datetime.date] = field(default_factory=set)
    choices: dict[int, bool] = field(default_factory=dict)


@Statement
def _of_several() -> QuerySet:
    return _planned_and_chosen(Q(Among("enrolment", given_ids())))


@Statement
def _of_number() -> QuerySet:
    """Of one: for a number the server keeps its plan, and for a list it plans each asking anew."""
    return _planned_and_chosen(Q(enrolment=Given("enrolment", BigIntegerField())))


def _planned_and_chosen(whose: Q) -> QuerySet:
    of_them = whose & Q(date__gte=Given("since", DateField()))
    planned = PlannedSession.objects.filter(of_them).annotate(
        wants=Value(None, output_field=BooleanField(null=True))
    )
    chosen = DayChoice.objects.filter(of_them).annotate(wants=F("wants_session"))
    columns = ("enrolment_id", "date", "wants")
    return planned.values_list(*columns).union(chosen.values_list(*columns), all=True)


def dates_of(ids: list[int], since: datetime.date) -> dict[int, Dates]:
    """Enrolment id -> what was planned and chosen from that date on. One query for both tables."""
    found: dict[int, Dates] = defaultdict(Dates)
    if len(ids) == 1:
        rows = _of_number.rows(enrolment=ids[0], since=since)
    else:
        rows = _of_several.rows(ids=ids, since=since)
    for pk, date, wants in rows:
        if wants is None:
            found[pk].planned.add(date)
        else:
            found[pk].choices[date.toordinal()] = bool(wants)
    return found


def entries_and_notes(
    ids: list[int], since: datetime.date
) -> tuple[list[DiaryEntry], dict[int, list[PainNote]]]:
    """Rows from that date on, with the older ones that a rule may ask for; and entry id -> its extra notes.

    Of one enrolment all in one query, for a page; of a batch in at most five,
    which a database plans better.
    """
    if len(ids) > 1:
        rows = entry_rows(ids, since)
        return rows, note_rows(rows)
    return _apart(_of_one.all(ids=ids, since=since))


def entries_and_notes_now(
    enrolment: int, since: datetime.date, stage: str, entered: datetime.date
) -> tuple[list[DiaryEntry], dict[int, list[PainNote]]]:
    """The same of one who stands on ``stage`` since ``entered``, for a page: no long past is read for it.

    Sessions of other stages come from ``FAR_BACK`` on; before that no rule asks for them.
    """
    given = {"since": since, "far_back": since - FAR_BACK, "stage": stage, "entered": entered}
    return _apart(_of_one_now.all(enrolment=enrolment, **given))


def _apart(found: list[DiaryEntry]) -> tuple[list[DiaryEntry], dict[int, list[PainNote]]]:
    entries: dict[int, DiaryEntry] = {}
    notes: dict[int, list[PainNote]] = defaultdict(list)
    for row in found:
        entries.setdefault(row.pk, row)
        if row.note_id is not None:
            notes[row.pk].append(_note_of(row))
    return list(entries.values()), notes


def _note_of(row: DiaryEntry) -> PainNote:
    note = PainNote(**{field.attname: getattr(row, f"note_{field.attname}") for field in _NOTE_FIELDS})
    note._state.adding = False
    return note


def entry_rows(ids: list[int], since: datetime.date) -> list[DiaryEntry]:
    """The rows without their notes: of a batch in at most four queries."""
    if len(ids) == 1:
        return list(_rows_of_one(Q(enrolment__in=ids), since))
    rows = DiaryEntry.objects.filter(enrolment__in=ids)
    return [*rows.filter(date__gte=since), *_older_rows(rows.filter(date__lt=since))]


_note_columns = {f"note_{field.attname}": F(f"notes__{field.name}") for field in _NOTE_FIELDS}


@ObjectStatement
def _of_one() -> QuerySet[DiaryEntry]:
    rows = _rows_of_one(Among("enrolment", given_ids()), Given("since", DateField()))
    return rows.annotate(**_note_columns)


@ObjectStatement
def _of_one_now() -> QuerySet[DiaryEntry]:
    """By one number, and by dates that bound each part: the server keeps its plan, and reads no past."""
    since, far_back, entered = (Given(name, DateField()) for name in ("since", "far_back", "entered"))
    rows = DiaryEntry.objects.filter(enrolment=Given("enrolment", BigIntegerField()))
    older = rows.filter(date__lt=since).order_by("-date")
    last = older.exclude(SAYS_NOTHING)[:1]
    of_stage = done(older).filter(stage_shown=Given("stage", CharField()), date__gte=entered)
    sessions = (of_stage[:OLDER_SESSIONS], _newest_in_stage(older.order_by().filter(date__gte=far_back)))
    wanted = Q(date__gte=since) | Q(pk__in=last.values("pk"))
    for several in sessions:
        wanted |= Q(pk__in=several.values("pk")) | Q(date__in=_mornings_after(several))
    return rows.filter(wanted).annotate(**_note_columns)


def _rows_of_one(whose: Q | Among, since: datetime.date | Given) -> QuerySet[DiaryEntry]:
    rows = DiaryEntry.objects.filter(whose)
    return rows.filter(Q(date__gte=since) | wanted_of_older(rows.filter(date__lt=since)))


def wanted_of_older(older: QuerySet) -> Q:
    """Of rows before the window those that a rule may ask for; of several runners some mornings more."""
    last, sessions = _older(older)
    by_number = Q(pk__in=last.values("pk")) | Q(pk__in=sessions.values("pk"))
    return by_number | Q(date__in=_mornings_after(sessions))


def _mornings_after(sessions: QuerySet) -> QuerySet:
    return sessions.annotate(next_date=days_from("date", 1)).values("next_date")


def days_from(column: str, days: int) -> Cast:
    """So many days after, as a date: PostgreSQL makes an instant of it, slow to compare with dates."""
    moved = ExpressionWrapper(F(column) + Value(days * _DAY), output_field=DateField())
    return Cast(moved, DateField())


def note_rows(rows: list[DiaryEntry]) -> dict[int, list[PainNote]]:
    """Entry id -> its extra notes, those that were replaced since among them. One query."""
    found: dict[int, list[PainNote]] = defaultdict(list)
    if rows:
        # By enrolment and date: a batch has more rows than a statement takes values.
        ids, since = {row.enrolment_id for row in rows}, min(row.date for row in rows)
        for note in PainNote.objects.filter(entry__enrolment__in=ids, entry__date__gte=since):
            found[note.entry_id].append(note)
    return found


def _older(older: QuerySet) -> tuple[QuerySet, QuerySet]:
    """Before the window: the last logged day, and the last sessions of each stage."""
    newest = Window(RowNumber(), partition_by=F("enrolment"), order_by=F("date").desc())
    return older.exclude(SAYS_NOTHING).annotate(nth=newest).filter(nth=1), _newest_in_stage(older)


def _newest_in_stage(older: QuerySet) -> QuerySet:
    in_stage = [F("enrolment"), F("stage_shown")]
    nth = Window(RowNumber(), partition_by=in_stage, order_by=F("date").desc())
    return done(older).annotate(nth=nth).filter(nth__lte=OLDER_SESSIONS)


def done(rows: QuerySet) -> QuerySet:
    """Those with a session of which something was done."""
    return rows.filter(session__in=sorted(DONE_SOMETHING))


def _older_rows(older: QuerySet) -> list[DiaryEntry]:
    """The same of a batch, with the mornings after the sessions."""
    newest, done = _older(older)
    last = list(newest)
    if not last:
        return []
    sessions = list(done)
    mornings = {(row.enrolment_id, row.date + _DAY) for row in sessions}
    dates = {date for _, date in mornings}
    after = [row for row in older.filter(date__in=dates) if (row.enrolment_id, row.date) in mornings]
    return [*after, *sessions, *last]
