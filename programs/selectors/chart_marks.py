"""What of the ledger is drawn over the days: the steps as they were shown, and decisions worth a mark."""

import datetime
from collections.abc import Iterable, Iterator
from operator import attrgetter

from django.utils.translation import gettext_lazy as _

from programs.charts.facts import MarkOn, StepFrom
from programs.engine.values import Outcome, Refer, Trigger
from programs.models import ProgrammeVersion
from programs.selectors.editions_lived import title_in
from programs.selectors.ledger_changes import Change
from programs.selectors.progress_rows import ONE_DAY, Line, ProgressRows

#: In the order of the key under the picture.
MARK_WORDS = {
    "advance": _("Moved on one step"),
    "step-back": _("One step back"),
    "pause": _("Paused"),
    "refer": _("Stayed, with advice to be seen"),
    "person": _("Changed by a physiotherapist"),
    "self": _("Pause ended by the runner's own statement"),
}
#: Most telling first: a day has one mark.
_ORDER = ("pause", "step-back", "person", "self", "refer", "advance")
_OUTCOMES = {Outcome.ADVANCE: "advance", Outcome.STEP_BACK: "step-back", Outcome.PAUSE_AND_REFER: "pause"}
#: As rows hold them: a long history asks hundreds of times.
_HOLD, _NONE, _DAY_CLOSE = Outcome.HOLD.value, Refer.NONE.value, Trigger.DAY_CLOSE.value
_PERSONS = {Trigger.CLINICIAN: "person", Trigger.RUNNER: "self"}


def steps_of(rows: ProgressRows) -> tuple[StepFrom, ...]:
    """The steps as they were shown, also where a correction has changed them since."""
    enrolment, editions, present = rows.enrolment, rows.editions, rows.enrolment.version_id
    first = rows.lines[0] if rows.lines else None
    shown = (first.version or present, first.stage_before) if first else (present, enrolment.stage)
    found = [(enrolment.started_on, shown)]
    for line in rows.lines:
        after = (line.moved_to or line.version or present, line.stage_after)
        if after != shown:
            shown = after
            found.append((line.takes_effect_on, shown))
    return tuple(_step(date, editions.of(version), key) for date, (version, key) in found)


def _step(date: datetime.date, version: ProgrammeVersion, key: str) -> StepFrom:
    """Numbered as in its own edition."""
    stages = list(version.stage_documents)
    number = stages.index(key) + 1 if key in stages else 0
    return StepFrom(date, number, title_in(version, key), str(_("Step %(number)s")) % {"number": number})


def marks_of(lines: Iterable[Change | Line], since: datetime.date = datetime.date.min) -> tuple[MarkOn, ...]:
    """One mark a date from ``since`` on, of decisions in force; what was news hangs on all before."""
    kinds: dict[datetime.date, set[str]] = {}
    for line, kind in news_of(lines):
        if line.date >= since:
            kinds.setdefault(line.date, set()).add(kind)
    return tuple(
        MarkOn(date, next(kind for kind in _ORDER if kind in found)) for date, found in sorted(kinds.items())
    )


def mark_of(line: Change | Line) -> str:
    """What a decision is marked as; nothing for one more day of the same."""
    if line.trigger in _PERSONS:
        return _PERSONS[line.trigger]
    if line.decision == _HOLD:
        return "refer" if line.refer != _NONE else ""
    return _OUTCOMES[line.decision]


def news_of(lines: Iterable[Change | Line]) -> Iterator[tuple[Change | Line, str]]:
    """Lines in force that have a mark, with it, by date.

    A pause or an advice is news when it begins or becomes more pressing. Every day has its decision:
    of one that is not among these lines nothing is left of a pause or an advice before it.
    """
    before, date = _NONE, datetime.date.min
    for line in sorted((line for line in lines if line.superseded_by is None), key=attrgetter("date")):
        is_plain = line.decision == _HOLD and line.refer == _NONE and line.trigger == _DAY_CLOSE
        kind = "" if is_plain else mark_of(line)
        is_standing = kind in ("pause", "refer") and line.refer == before and line.date - date <= ONE_DAY
        before, date = line.refer, line.date
        if kind and not is_standing:
            yield line, kind
