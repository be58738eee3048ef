"""The exercises of one runner as a physiotherapist changes them: what the programme says, what holds."""

import datetime
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from programs.adjusting.directions import is_run, verdict
from programs.adjusting.in_force import Adjusted, Adjustments, adjustments_of, first_from
from programs.adjusting.sessions import Setting, adjusted_sessions, most_of
from programs.engine.calendar import local_date
from programs.models import Adjustment, AdjustmentKind, Enrolment
from programs.models.decision import ReasonCode
from programs.said import said, said_document
from programs.selectors.library import exercise_documents
from programs.selectors.own_exercises import exercises_for


@dataclass(frozen=True, slots=True)
class Row:
    """One exercise: as the programme has it, and as it is for this runner now."""

    key: str
    title: str
    was: str
    now: str
    #: "as it is", "changed", "off" or "gone": the tone of the row.
    state: str
    words: str = ""
    limit: str = ""
    review_on: datetime.date | None = None
    review_is_due: bool = False


@dataclass(frozen=True, slots=True)
class Set:
    title: str
    counts: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class StageSets:
    title: str
    is_present: bool
    sets: tuple[Set, ...]


@dataclass(frozen=True, slots=True)
class PastChange:
    """One change so far, in force or not."""

    exercise: str
    what: str
    date: datetime.date
    by: str
    reason_code: str
    reason: str
    review_on: datetime.date | None


@dataclass(frozen=True, slots=True)
class AdjustmentsPage:
    public_id: uuid.UUID
    name: str
    is_active: bool
    stages: tuple[StageSets, ...]
    #: In no set of these stages: to be turned on, or turned on for a later step.
    others: tuple[Row, ...]
    history: tuple[PastChange, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """What rows are made from, read once for a page."""

    given: Adjustments
    library: dict[str, dict]
    pattern: str
    today: datetime.date

    @property
    def setting(self) -> Setting:
        return Setting(self.given, self.library, self.pattern)

    def title(self, key: str) -> str:
        return self.library[key]["title"] if key in self.library else key

    def dose(self, key: str, level: str) -> str:
        doses = self.library[key]["doses"]
        return _("{level}: {words}").format(level=level, words=doses.get(level, doses["A"])["words"])


def reader_of(enrolment: Enrolment, now: datetime.datetime) -> Reader:
    given, today = adjustments_of(enrolment), local_date(now, enrolment.runner.zone)
    return Reader(given, exercise_documents(), enrolment.pattern, today)


def adjustments_page(*, enrolment: Enrolment, by: User, now: datetime.datetime) -> AdjustmentsPage:
    """The present step and the next one. ``enrolment`` comes with its runner and version."""
    reader, documents = reader_of(enrolment, now), enrolment.version.document["stages"]
    at = next(number for number, stage in enumerate(documents) if stage["key"] == enrolment.stage)
    shown = documents[at : at + 2]
    sets = tuple(_stage(stage, stage["key"] == enrolment.stage, reader) for stage in shown)
    there = {row.key for stage in sets for part in stage.sets for row in part.rows}
    others = exercises_for(by) | {
        key: reader.library[key] for key in reader.given.by_key if key in reader.library
    }
    return AdjustmentsPage(
        public_id=enrolment.public_id,
        name=str(enrolment.runner),
        is_active=enrolment.is_active,
        stages=sets,
        others=tuple(
            _other(key, reader, enrolment.version.document)
            for key in others
            if key not in there and not is_run(others[key])
        ),
        history=_history(enrolment, reader),
    )


def _stage(stage: dict, is_present: bool, reader: Reader) -> StageSets:
    before = said_document(stage["sessions"])
    after = {part["key"]: part for part in adjusted_sessions(stage, before, reader.setting)}
    known = [part["key"] for part in before]
    parts = [*before, *(part for key, part in after.items() if key not in known)]
    sets = (_set(part, after[part["key"]], reader, is_new=part["key"] not in known) for part in parts)
    return StageSets(said(stage["title"]), is_present, tuple(one for one in sets if one.rows))


def _set(before: dict, after: dict, reader: Reader, *, is_new: bool) -> Set:
    asked = () if is_new else before.get("exercises", ())
    now = {_origin(wanted): wanted for wanted in after.get("exercises", ())}
    rows = [
        _row(wanted, now.get(wanted["key"]), reader) for wanted in asked if wanted["key"] in reader.library
    ]
    known = {wanted["key"] for wanted in asked}
    rows += [_added(wanted, reader) for key, wanted in now.items() if key not in known]
    return Set(after["title"], after["counts"], tuple(rows))


def _origin(wanted: dict) -> str:
    """The exercise of the programme in whose place this one stands."""
    return wanted["adjusted"].exercise if "adjusted" in wanted else wanted["key"]


def _row(asked: dict, now: dict | None, reader: Reader) -> Row:
    key, one = asked["key"], reader.given.by_key.get(asked["key"])
    was = reader.dose(key, asked["level"])
    if most_of(asked) != asked["level"]:
        was = _("{dose}; later {most}").format(dose=was, most=most_of(asked))
    if now is None:
        return _with_change(Row(key, reader.title(key), was, _("Left out"), "gone"), one, reader)
    off = _why_off(now, reader)
    if off:
        return _with_change(Row(key, reader.title(key), was, off, "off"), one, reader)
    if "adjusted" not in now:
        return _with_change(Row(key, reader.title(key), was, was, "as it is"), one, reader)
    row = Row(key, reader.title(key), was, _now(now, reader), "changed", limit=_limit(now, one, asked))
    return _with_change(row, one, reader)


def _now(now: dict, reader: Reader) -> str:
    dose = reader.dose(now["key"], now["level"])
    return dose if _origin(now) == now["key"] else f"{reader.title(now['key'])}, {dose}"


def _why_off(wanted: dict, reader: Reader) -> str:
    """Why the runner does not see it, although it stands there."""
    if reader.setting.may_be_shown(wanted):
        return ""
    note = (
        verdict(reader.library[wanted["key"]], reader.pattern)[1] if wanted["key"] in reader.library else ""
    )
    return _("Not shown. {note}").format(note=note or _("It is for another direction of pain."))


def _limit(now: dict, one: Adjusted | None, asked: dict) -> str:
    if one is None or one.level <= now["level"]:
        return ""
    return _("You asked for level {asked}; this stage allows {most} at most.").format(
        asked=one.level, most=min(most_of(asked), now["level"])
    )


def _added(wanted: dict, reader: Reader) -> Row:
    key = wanted["key"]
    row = Row(key, reader.title(key), _("Not in the programme"), reader.dose(key, wanted["level"]), "changed")
    return _with_change(row, reader.given.by_key.get(key), reader)


def _other(key: str, reader: Reader, programme: dict) -> Row:
    one, document = reader.given.by_key.get(key), reader.library[key]
    begins = first_from(programme, document["from_stage"])
    first = _dose_from(reader.dose(key, "A"), begins)
    if one is None:
        advice, note = verdict(document, reader.pattern)
        return Row(key, document["title"], first, note if advice == "no" else _("Off"), "off")
    if reader.given.stands_in(key):
        swap = next(other for other in reader.given.by_key.values() if other.instead == key)
        now = _("Turned on in place of: {title}").format(title=reader.title(swap.exercise))
    elif one.kind == AdjustmentKind.ENABLE:
        now = _("On. {dose}").format(dose=_dose_from(reader.dose(key, one.level), begins))
    else:
        now = _("Changed for another stage")
    return _with_change(Row(key, document["title"], first, now, "changed"), one, reader)


def _dose_from(dose: str, begins: dict | None) -> str:
    """A dose with the stage of her programme, by its title, from which it may be done."""
    if begins is None:
        return _("{dose}, for a later stage than this programme has").format(dose=dose)
    return _("{dose}, from the stage “{stage}” on").format(dose=dose, stage=said(begins["title"]))


def _with_change(row: Row, one: Adjusted | None, reader: Reader) -> Row:
    if one is None:
        return row
    return Row(
        key=row.key,
        title=row.title,
        was=row.was,
        now=row.now,
        state=row.state,
        words=_("{name}: {reason}").format(name=one.by, reason=one.reason),
        limit=row.limit,
        review_on=one.review_on,
        review_is_due=one.review_on is not None and one.review_on <= reader.today,
    )


def _history(enrolment: Enrolment, reader: Reader) -> tuple[PastChange, ...]:
    """Every change so far, newest first (one query)."""
    kinds, codes = dict(AdjustmentKind.choices), dict(ReasonCode.choices)
    rows = Adjustment.objects.filter(enrolment=enrolment).select_related("made_by").order_by("-pk")
    return tuple(
        PastChange(
            exercise=reader.title(row.exercise),
            what=_what(row, kinds, reader),
            date=row.date,
            by=str(row.made_by),
            reason_code=str(codes.get(row.reason_code, row.reason_code)),
            reason=row.reason,
            review_on=row.review_on,
        )
        for row in rows
    )


def _what(row: Adjustment, kinds: dict[str, str], reader: Reader) -> str:
    what = said(kinds.get(row.kind, row.kind))
    if row.instead:
        what = f"{what}: {reader.title(row.instead)}"
    return _("{what}, level {level}").format(what=what, level=row.level) if row.level else what
