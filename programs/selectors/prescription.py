"""What a stage asks for, from its document: sessions, doses, pictures, filtered by pain pattern."""

from dataclasses import dataclass, field
from functools import lru_cache

from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from programs.adjusting.directions import direction_advice, is_asked_of, verdict
from programs.adjusting.in_force import NONE, Adjusted, Adjustments
from programs.adjusting.sessions import Setting, adjusted_sessions, capped, most_of
from programs.models import AdjustmentKind
from programs.said import said_document
from programs.selectors.drawings import moving_of, picture_of
from programs.selectors.intervals import RunWalk, run_walk_of


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
    #: Who changed it for this runner, and why.
    changed: str = ""

    @property
    def address(self) -> str:
        """Its own page; empty for one that no longer has any."""
        return _address(self.key)

    @property
    def drawn_at(self) -> str:
        """Where the picture is: among the static files, or at an address of ours, with a slash before."""
        return self.picture if self.picture.startswith("/") or not self.picture else static(self.picture)

    @property
    def dose_line(self) -> str:
        return capfirst(self.dose)


@lru_cache(maxsize=512)
def _address(key: str) -> str:
    try:
        return reverse("exercise", args=[key])
    except NoReverseMatch:
        return ""


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


def sessions_of(
    stage: dict, pattern: str, library: dict[str, dict], given: Adjustments = NONE
) -> tuple[Session, ...]:
    """All parts of a stage document, with what this runner may do of each, as changed for her."""
    setting = Setting(given, library, pattern)
    documents = adjusted_sessions(stage, said_document(stage["sessions"]), setting)
    return tuple(_session(document, setting) for document in documents)


def changed_words(one: Adjusted, library: dict[str, dict]) -> str:
    """Who changed an exercise, and why, as the runner reads it."""
    words = {
        AdjustmentKind.ENABLE: _("Turned on for you by {name}: {reason}"),
        AdjustmentKind.SWAP: _("In place of {title}, by {name}: {reason}"),
    }
    said = words.get(one.kind, _("Changed for you by {name}: {reason}"))
    title = library[one.exercise]["title"] if one.exercise in library else one.exercise
    return said.format(name=one.by, reason=one.reason, title=title)


def exercise_change_words(key: str, one: Adjusted, library: dict[str, dict]) -> str:
    """The same on the page of the exercise ``key``, for every kind of change."""
    title = library[one.instead]["title"] if one.instead in library else one.instead
    words = {
        AdjustmentKind.SWAP: _("{title} stands in its place. {name}: {reason}"),
        AdjustmentKind.LEAVE_OUT: _("Left out for you by {name}: {reason}"),
    }
    if one.kind not in words or one.instead == key:
        return changed_words(one, library)
    return words[one.kind].format(title=title, name=one.by, reason=one.reason)


def _session(document: dict, setting: Setting) -> Session:
    shown, left_out = [], []
    for wanted in document.get("exercises", ()):
        if wanted["key"] not in setting.library or not is_asked_of(wanted, setting.pattern):
            continue
        exercise = setting.library[wanted["key"]]
        advice, note = _advice(wanted["key"], exercise, setting)
        if advice == "no":
            left_out.append(f"{exercise['title']}: {note}")
        else:
            shown.append(_exercise(wanted, exercise, note if advice == "caution" else "", setting))
    return Session(
        title=document["title"],
        summary=document.get("summary", ""),
        counts=document["counts"],
        how_often=_how_often(document.get("per_week")),
        run_walk=run_walk_of(document["run_walk"]) if "run_walk" in document else None,
        exercises=tuple(shown),
        advice=tuple(document.get("advice", ())),
        left_out=(*left_out, *_gone(document, setting)),
        key=document["key"],
        outing=document.get("run_walk"),
    )


def _advice(key: str, exercise: dict, setting: Setting) -> tuple[str, str]:
    """What a physiotherapist turned on is for this runner; what speaks against it is still said."""
    if not setting.given.is_enabled(key):
        return verdict(exercise, setting.pattern)
    advice, note = direction_advice(exercise, setting.pattern)
    return ("ok", "") if advice == "ok" else ("caution", note)


def _gone(document: dict, setting: Setting) -> list[str]:
    """What she left out by name, with her reason."""
    return [
        _("{title}: {reason} ({name})").format(
            title=setting.library[key]["title"], reason=one.reason, name=one.by
        )
        for key, one in document.get("gone", ())
        if key in setting.library
    ]


def _exercise(wanted: dict, document: dict, caution: str, setting: Setting) -> Exercise:
    # An edition since may have fewer levels than the programme was written for.
    level, up_to = (capped(name, name, document) for name in (wanted["level"], most_of(wanted)))
    adjusted = wanted.get("adjusted")
    return Exercise(
        key=wanted["key"],
        title=document["title"],
        dose=document["doses"][level]["words"],
        later_dose=document["doses"][up_to]["words"] if up_to != level else "",
        caution=caution,
        picture=picture_of(wanted["key"], document),
        picture_alt=document["picture_alt"],
        moving=moving_of(wanted["key"]),
        amount=document["doses"][level]["amount"],
        start=document["start"],
        steps=tuple(document["steps"]),
        easier=document.get("easier", ""),
        changed=changed_words(adjusted, setting.library) if adjusted else "",
    )


def _how_often(per_week: dict | None) -> str:
    if not per_week:
        return ""
    if per_week["min"] == 0:
        return _("up to {max} times a week").format(max=per_week["max"])
    return _("{min} to {max} times a week").format(min=per_week["min"], max=per_week["max"])
