"""The form that changes one exercise for one runner: where it stands, and what may be chosen."""

import datetime
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from programs.adjusting.directions import direction_advice, is_run, verdict
from programs.adjusting.in_force import numbers_of
from programs.adjusting.sessions import listed_in
from programs.models import AdjustmentKind, Enrolment
from programs.selectors.adjustments import AdjustmentsPage, Reader, Row, adjustments_page, reader_of
from programs.selectors.own_exercises import exercises_for

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Place:
    """The exercise in one set of one step: before, and now."""

    stage: str
    title: str
    row: Row


@dataclass(frozen=True, slots=True)
class AdjustPage:
    public_id: uuid.UUID
    name: str
    today: datetime.date
    key: str
    title: str
    places: tuple[Place, ...]
    #: What is chosen from; an exercise that is off for this runner says so.
    kinds: Choices
    levels: Choices
    others: Choices
    #: Why it is off by default for this runner, if it is.
    warning: str
    changed: str


def adjust_page(*, enrolment: Enrolment, by: User, key: str, now: datetime.datetime) -> AdjustPage | None:
    """None where this exercise is neither in the programme nor hers to turn on."""
    reader, hers = reader_of(enrolment, now), exercises_for(by)
    page = adjustments_page(enrolment=enrolment, by=by, now=now)
    is_asked = any(listed_in(stage, key) for stage in enrolment.version.document["stages"])
    if key not in reader.library or is_run(reader.library[key]):
        return None
    if not is_asked and key not in hers and key not in reader.given.by_key:
        return None
    document, places = reader.library[key], _places(page, key)
    number = numbers_of(enrolment.version.document)[enrolment.stage]
    return AdjustPage(
        public_id=enrolment.public_id,
        name=page.name,
        today=reader.today,
        key=key,
        title=document["title"],
        places=places,
        kinds=_kinds(key, enrolment, reader, may_turn_on=key in hers),
        levels=[(level, reader.dose(key, level)) for level in sorted(document["doses"])],
        others=[(other, _label(hers[other], reader)) for other in hers if _fits(other, key, hers, number)],
        warning=_warning(document, reader),
        changed=next((place.row.words for place in places if place.row.words), ""),
    )


def _places(page: AdjustmentsPage, key: str) -> tuple[Place, ...]:
    found = [
        Place(stage.title, part.title, row)
        for stage in page.stages
        for part in stage.sets
        for row in part.rows
        if row.key == key
    ]
    return tuple(found or [Place("", "", row) for row in page.others if row.key == key])


def _kinds(key: str, enrolment: Enrolment, reader: Reader, *, may_turn_on: bool) -> Choices:
    """What makes sense of this exercise now; the service checks it again."""
    document, in_force = reader.library[key], reader.given.kind_of(key)
    is_asked = any(listed_in(stage, key) for stage in enrolment.version.document["stages"])
    here = listed_in(enrolment.version.stage_documents[enrolment.stage], key, reader.pattern)
    is_off = not here or verdict(document, reader.pattern)[0] == "no"
    kinds: Choices = []
    if may_turn_on and (is_off or in_force == AdjustmentKind.ENABLE):
        kinds.append((AdjustmentKind.ENABLE, _("Turn it on for this runner, at the level below")))
    if is_asked and (verdict(document, reader.pattern)[0] != "no"):
        kinds.append((AdjustmentKind.DOSE, _("Another dose: the level below")))
    if is_asked:
        kinds.append((AdjustmentKind.SWAP, _("Another exercise in its place, at the level below")))
        kinds.append((AdjustmentKind.LEAVE_OUT, _("Leave it out")))
    if in_force:
        kinds.append((AdjustmentKind.RESTORE, _("As the programme says again")))
    return kinds


def _fits(other: str, key: str, hers: dict[str, dict], number: int) -> bool:
    """Not a run, and not for a later step than hers."""
    return other != key and not is_run(hers[other]) and hers[other]["from_stage"] <= number


def _label(document: dict, reader: Reader) -> str:
    """The name in the list, with what speaks against the exercise."""
    advice, note = verdict(document, reader.pattern)
    if advice == "ok":
        return document["title"]
    word = _("off for this runner") if advice == "no" else _("with care")
    return f"{document['title']} ({word}: {note})" if note else f"{document['title']} ({word})"


def _warning(document: dict, reader: Reader) -> str:
    advice, note = direction_advice(document, reader.pattern)
    if advice == "no":
        return note
    return document.get("default_note", "") if document["default"] == "off" else ""
