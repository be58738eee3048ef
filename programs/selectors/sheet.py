"""The programme sheet of a runner: her present step, as it is printed."""

import datetime
from itertools import zip_longest
from pathlib import Path

from django.contrib.staticfiles import finders
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from programs.models import Enrolment
from programs.papers.page import Bar, Sheet, SheetExercise, SheetPart
from programs.said import said
from programs.selectors.evidence import Evidence, Source, evidence_of, sources_by_key
from programs.selectors.intervals import STRIP_WIDTH, RunWalk
from programs.selectors.ladder import Ladder, Step, ladder_of_runner
from programs.selectors.library import exercise_documents
from programs.selectors.prescription import Exercise, Session
from programs.snapshots import contacts_of

CUES = 3


def sheet_of(*, enrolment: Enrolment, today: datetime.date) -> Sheet:
    """The step on which she stands (few queries, whatever the diary holds)."""
    ladder = ladder_of_runner(enrolment)
    step = _current(ladder)
    numbers = contacts_of(enrolment)
    return Sheet(
        title=ladder.title,
        version=_("Version %(number)d") % {"number": ladder.number},
        date=date_format(today, "DATE_FORMAT"),
        step=_("Step %(number)d of %(count)d: %(title)s")
        % {"number": step.number, "count": len(ladder.steps), "title": step.title},
        summary=step.summary,
        parts=_parts(step),
        stop_if=step.stop_if,
        move_on=tuple(threshold.words for threshold in step.criteria),
        emergency=(
            _("In an emergency call %(number)s.") % {"number": said(numbers.emergency_number)},
            _("To be seen today, contact %(service)s.") % {"service": said(numbers.urgent_service)},
            _("Then press “Something is wrong” in the app, and do no exercises."),
        ),
        language=get_language() or "en-gb",
    )


def _current(ladder: Ladder) -> Step:
    if ladder.current is None:
        raise ValueError("a sheet is for somebody who stands on a step")
    return ladder.current


def _parts(step: Step) -> tuple[SheetPart, ...]:
    documents, sources = exercise_documents(), sources_by_key()
    shown: set[str] = set()
    # What a physiotherapist added stands behind the parts of the step, and rests on nothing but her.
    parts = zip_longest(step.sessions, step.bases)
    return tuple(
        _part(session, basis.evidence if basis else None, documents, sources, shown)
        for session, basis in parts
    )


def _part(
    session: Session,
    basis: Evidence | None,
    documents: dict[str, dict],
    sources: dict[str, Source],
    shown: set[str],
) -> SheetPart:
    outing = session.run_walk
    return SheetPart(
        title=session.title,
        note=_note(session),
        lines=(*((outing.lines) if outing else ()), *session.advice),
        total=_total(outing) if outing else "",
        bars=_bars(outing) if outing else (),
        exercises=tuple(_exercise(one, documents[one.key], sources, shown) for one in session.exercises),
        left_out=session.left_out,
        evidence=_cited(basis) if basis else "",
    )


def _note(session: Session) -> str:
    counts = _("This is what counts for moving on.") if session.counts else ""
    often = f"{session.how_often[0].upper()}{session.how_often[1:]}." if session.how_often else ""
    return " ".join(part for part in (often, session.summary, counts) if part)


def _total(outing: RunWalk) -> str:
    words = _(
        "Together %(total)s, of which %(running)s running. Running is the high, dark part of the strip."
    )
    return words % {"total": outing.total, "running": outing.running}


def _bars(outing: RunWalk) -> tuple[Bar, ...]:
    return tuple(Bar(bar.x / STRIP_WIDTH, bar.width / STRIP_WIDTH, bar.kind == "run") for bar in outing.bars)


def _exercise(one: Exercise, document: dict, sources: dict[str, Source], shown: set[str]) -> SheetExercise:
    """In full where it comes first; again it is only named, so that the sheet stays short."""
    if one.key in shown:
        return SheetExercise(one.title, one.dose, one.later_dose, one.caution, changed=one.changed)
    shown.add(one.key)
    return SheetExercise(
        title=one.title,
        dose=one.dose,
        later_dose=one.later_dose,
        caution=one.caution,
        drawing=_drawing(one.picture),
        start=one.start,
        cues=one.steps[:CUES],
        stop_if=tuple(document["stop_if"]),
        evidence=_cited(evidence_of(document["evidence"], sources)),
        changed=one.changed,
    )


def _drawing(picture: str) -> Path | None:
    """Drawings are printed as lines; a clinic's own picture is on the screen only."""
    found = None if picture.startswith("/") else finders.find(picture)
    return Path(found) if found else None


def _cited(evidence: Evidence) -> str:
    """Grade and first source; the page on the screen names all of them."""
    grade = f"{evidence.grade[0].upper()}{evidence.grade[1:]}."
    if not evidence.sources:
        return grade
    return f"{grade} {evidence.lead}: {evidence.sources[0].title}."
