"""What a stage asks for, from its document: sessions, doses, pictures, filtered by pain pattern."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from programs.models import PainPattern
from programs.said import said_document
from programs.selectors.drawings import moving_of, picture_of
from programs.selectors.intervals import RunWalk, run_walk_of

WORSE = {"ok": 0, "caution": 1, "no": 2}
#: Answers of the intake that each pattern stands for.
INTOLERANT = {
    PainPattern.NEITHER: (),
    PainPattern.FLEXION_INTOLERANT: ("flexion_intolerant",),
    PainPattern.EXTENSION_INTOLERANT: ("extension_intolerant",),
    PainPattern.BOTH: ("flexion_intolerant", "extension_intolerant"),
}


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise with its dose in words; ``caution`` where the pattern asks for care."""

    key: str
    title: str
    dose: str
    later_dose: str = ""
    caution: str = ""
    picture: str = ""
    picture_alt: str = ""
    #: The same drawing in motion, for pages that let somebody start it.
    moving: str = ""
    #: The dose in numbers, and how it is done: what a guided session goes by.
    amount: dict = field(default_factory=dict)
    start: str = ""
    steps: tuple[str, ...] = ()
    easier: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """One part of a stage: what counts for moving on, or a set beside it."""

    title: str
    summary: str = ""
    counts: bool = False
    how_often: str = ""
    run_walk: RunWalk | None = None
    exercises: tuple[Exercise, ...] = ()
    advice: tuple[str, ...] = ()
    left_out: tuple[str, ...] = field(default=())
    key: str = ""
    #: The run-walk intervals in numbers, as the stage document has them.
    outing: dict | None = None
    #: What this day allows of running in all; None where the stage alone says it.
    most_run_seconds: int | None = None

    @property
    def is_guided(self) -> bool:
        """Is there something to be led through? Mere advice is not; nor is what the stage itself doses."""
        return self.outing is not None or any("by_stage" not in one.amount for one in self.exercises)


def sessions_of(stage: dict, pattern: str, library: dict[str, dict]) -> tuple[Session, ...]:
    """All parts of a stage document, with what this runner may do of each."""
    return tuple(_session(document, pattern, library) for document in said_document(stage["sessions"]))


def verdict(document: dict, pattern: str) -> tuple[str, str]:
    """Advice ("ok", "caution" or "no") and note of an exercise for a pain pattern.

    With both directions painful only exercises that keep the natural curve
    remain. What needs a physiotherapist is off until one turns it on.
    """
    if document["enabled_by"] != "anyone":
        return "no", _("Only when your physiotherapist turns it on.")
    directions = INTOLERANT[pattern]
    if len(directions) > 1 and not document["direction"].startswith("neutral"):
        return "no", _("Only what keeps the natural curve of your back, until a physiotherapist has looked.")
    found = [document[name] for name in directions if name in document]
    worst = max(found, key=lambda advice: WORSE[advice["advice"]], default={"advice": "ok"})
    return worst["advice"], worst.get("note", "")


def _session(document: dict, pattern: str, library: dict[str, dict]) -> Session:
    shown, left_out = [], []
    for wanted in document.get("exercises", ()):
        if wanted["key"] not in library or not _asked_of(wanted, pattern):
            continue
        exercise = library[wanted["key"]]
        advice, note = verdict(exercise, pattern)
        if advice == "no":
            left_out.append(f"{exercise['title']}: {note}")
        else:
            shown.append(_exercise(wanted, exercise, note if advice == "caution" else ""))
    return Session(
        title=document["title"],
        summary=document.get("summary", ""),
        counts=document["counts"],
        how_often=_how_often(document.get("per_week")),
        run_walk=run_walk_of(document["run_walk"]) if "run_walk" in document else None,
        exercises=tuple(shown),
        advice=tuple(document.get("advice", ())),
        left_out=tuple(left_out),
        key=document["key"],
        outing=document.get("run_walk"),
    )


def _asked_of(wanted: dict, pattern: str) -> bool:
    """Some exercises are for one pattern only."""
    return "when" not in wanted or wanted["when"] in INTOLERANT[pattern]


def _exercise(wanted: dict, document: dict, caution: str) -> Exercise:
    level, up_to = wanted["level"], wanted.get("up_to", wanted["level"])
    return Exercise(
        key=wanted["key"],
        title=document["title"],
        dose=document["doses"][level]["words"],
        later_dose=document["doses"][up_to]["words"] if up_to != level else "",
        caution=caution,
        picture=picture_of(wanted["key"]),
        picture_alt=document["picture_alt"],
        moving=moving_of(wanted["key"]),
        amount=document["doses"][level]["amount"],
        start=document["start"],
        steps=tuple(document["steps"]),
        easier=document.get("easier", ""),
    )


def _how_often(per_week: dict | None) -> str:
    if not per_week:
        return ""
    if per_week["min"] == 0:
        return _("up to {max} times a week").format(max=per_week["max"])
    return _("{min} to {max} times a week").format(min=per_week["min"], max=per_week["max"])
