"""Exercises and cards of the library, for people who do them."""

from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from programs.adjusting.directions import INTOLERANT, verdict
from programs.adjusting.in_force import NONE, Adjustments, adjustments_of
from programs.library.loader import CARD, EXERCISE, RULES
from programs.models import Enrolment, LibraryItem
from programs.own_library import NOBODY, Reader, may_read
from programs.said import said_document
from programs.selectors.drawings import moving_of, picture_of
from programs.selectors.evidence import Evidence, Source, evidence_of, sources_by_key
from programs.selectors.prescription import exercise_change_words

#: Title of a shelf -> groups that stand on it; an exercise stands on the first that fits.
_SHELVES = {
    gettext_noop("Walking, running and other endurance"): ("aerobic", "run", "cross_training"),
    gettext_noop("Core and hips"): ("core", "glute"),
    gettext_noop("Moving the back gently"): ("mobility",),
    gettext_noop("Stretches"): ("stretch",),
    gettext_noop("Strength with more load"): ("strength", "back_extensor"),
}
_DIRECTION_WORDS = {
    "flexion_intolerant": _("If bending forward makes your back worse"),
    "extension_intolerant": _("If arching back makes your back worse"),
}
_ADVICE = {"ok": (_("Fine"), "advance", "check"), "caution": (_("With care"), "hold", "warning")}
_NOT_THIS = (_("Leave it out"), "pause", "cross")
_LEVELS = {"A": _("A, to begin with"), "B": _("B, the usual"), "C": _("C, the most")}


@dataclass(frozen=True, slots=True)
class ExerciseCard:
    key: str
    title: str
    picture: str
    picture_alt: str
    #: The same drawing in motion; shown only where somebody asks for it.
    moving: str
    first_dose: str
    only_with_physiotherapist: bool
    from_step: int


@dataclass(frozen=True, slots=True)
class Shelf:
    title: str
    exercises: tuple[ExerciseCard, ...]


@dataclass(frozen=True, slots=True)
class Dose:
    level: str
    words: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class DirectionAdvice:
    question: str
    label: str
    tone: str
    icon: str
    note: str
    is_yours: bool


@dataclass(frozen=True, slots=True)
class CommonRules:
    """What holds for every exercise and is not said again with each."""

    zones: tuple[tuple[str, str], ...]
    more: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExercisePage:
    card: ExerciseCard
    start: str
    steps: tuple[str, ...]
    easier: str
    harder: str
    doses: tuple[Dose, ...]
    mistakes: tuple[str, ...]
    stop_if: tuple[str, ...]
    cautions: tuple[str, ...]
    directions: tuple[DirectionAdvice, ...]
    off_note: str
    substitute: ExerciseCard | None
    evidence: Evidence
    evidence_text: str
    rules: CommonRules
    not_for_you: str
    #: What her physiotherapist changed of it for this runner, with the reason.
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CareCard:
    key: str
    title: str
    is_optional: bool
    when: str
    facts: tuple[str, ...]
    lines: tuple[str, ...]
    ask_first: tuple[str, ...]
    evidence_text: str
    evidence: Evidence


def shelves(reader: Reader = NOBODY) -> tuple[Shelf, ...]:
    """All exercises that the reader may see, by what they are for; few queries."""
    rows = LibraryItem.objects.of_kind(EXERCISE).current()
    documents = [said_document(row.document) for row in rows if may_read(row, reader)]
    named = [(title, [d for d in documents if _shelf_of(d) == title]) for title in _SHELVES]
    return tuple(
        Shelf(
            gettext(title),
            tuple(_card(d) for d in sorted(found, key=lambda d: (d["from_stage"], d["title"]))),
        )
        for title, found in named
        if found
    )


def exercise_page(key: str, enrolment: Enrolment | None, reader: Reader = NOBODY) -> ExercisePage | None:
    """One exercise, seen by a runner where there is an enrolment; few queries. None where it is not hers."""
    rows = {row.key: row for row in LibraryItem.objects.of_kind(EXERCISE).current()}
    if key not in rows or not may_read(rows[key], reader):
        return None
    documents = {name: said_document(row.document) for name, row in rows.items()}
    document, sources = documents[key], sources_by_key()
    pattern = enrolment.pattern if enrolment else ""
    given = adjustments_of(enrolment) if enrolment else NONE
    is_on = given.is_enabled(key)
    advice, note = verdict(document, pattern) if enrolment and not is_on else ("ok", "")
    substitute = documents.get(document.get("substitute", ""))
    return ExercisePage(
        card=_card(document),
        start=document["start"],
        steps=tuple(document["steps"]),
        easier=document.get("easier", ""),
        harder=document.get("harder", ""),
        doses=tuple(_dose(level, dose, sources) for level, dose in sorted(document["doses"].items())),
        mistakes=tuple(document["mistakes"]),
        stop_if=tuple(document["stop_if"]),
        cautions=tuple(document.get("caution", ())),
        directions=tuple(_direction(document, name, pattern) for name in _DIRECTION_WORDS),
        off_note="" if is_on else _off_note(document),
        substitute=_card(substitute) if substitute else None,
        evidence=evidence_of(document["evidence"], sources),
        evidence_text=document["evidence"]["text"],
        rules=_common_rules(),
        not_for_you=note if advice == "no" else "",
        changed=_changed(key, given, documents),
    )


def care_cards() -> dict[str, tuple[CareCard, ...]]:
    """Kind ("self_care" or "medication") -> its cards. Two queries."""
    sources = sources_by_key()
    rows = LibraryItem.objects.of_kind(CARD).current().order_by("key")
    documents = sorted(
        (said_document(row.document) for row in rows), key=lambda d: (d["optional"], d["title"])
    )
    return {
        kind: tuple(_care_card(d, sources) for d in documents if d["kind"] == kind)
        for kind in ("self_care", "medication")
    }


def _changed(key: str, given: Adjustments, documents: dict[str, dict]) -> tuple[str, ...]:
    """Also where it stands in the place of another one."""
    changes = (one for one in given.by_key.values() if key in (one.exercise, one.instead))
    return tuple(exercise_change_words(key, one, documents) for one in changes)


def _shelf_of(document: dict) -> str:
    if document["enabled_by"] != "anyone":
        return "Strength with more load"
    found = (title for title, groups in _SHELVES.items() if set(groups) & set(document["groups"]))
    return next(found, "Core and hips")


def _card(document: dict) -> ExerciseCard:
    return ExerciseCard(
        key=document["key"],
        title=document["title"],
        picture=picture_of(document["key"], document),
        picture_alt=document["picture_alt"],
        moving=moving_of(document["key"]),
        first_dose=document["doses"]["A"]["words"],
        only_with_physiotherapist=document["enabled_by"] != "anyone",
        from_step=document["from_stage"],
    )


def _dose(level: str, dose: dict, sources: dict[str, Source]) -> Dose:
    return Dose(_LEVELS[level], dose["words"], evidence_of(dose, sources))


def _direction(document: dict, name: str, pattern: str) -> DirectionAdvice:
    advice = document[name]
    label, tone, icon = _ADVICE.get(advice["advice"], _NOT_THIS)
    is_yours = bool(pattern) and name in INTOLERANT[pattern]
    return DirectionAdvice(_DIRECTION_WORDS[name], label, tone, icon, advice["note"], is_yours)


def _off_note(document: dict) -> str:
    if document["enabled_by"] != "anyone":
        return _("This exercise is off. Only your physiotherapist may turn it on for you.")
    if document["default"] == "off":
        return document.get("default_note", _("This exercise is not part of a set by itself."))
    return ""


def _common_rules() -> CommonRules:
    row = LibraryItem.objects.of_kind(RULES).current().first()
    if row is None:
        return CommonRules((), ())
    rules = said_document(row.document)
    zones = (
        (_("{min} to {max}").format(min=z["scores"]["min"], max=z["scores"]["max"]), z["advice"])
        for z in rules["pain"]
    )
    return CommonRules(
        zones=tuple(zones),
        more=tuple(rules[name]["text"] for name in ("breathing", "brace", "levels", "not_now")),
    )


def _care_card(document: dict, sources: dict[str, Source]) -> CareCard:
    facts = []
    if "minutes" in document:
        low, high = document["minutes"]["min"], document["minutes"]["max"]
        span = f"{low}" if low == high else _("{low} to {high}").format(low=low, high=high)
        facts.append(
            _("{span} minutes ({grade})").format(
                span=span, grade=evidence_of(document["minutes"], sources).grade
            )
        )
    if "hours_before" in document:
        hours = document["hours_before"]
        facts.append(
            _("{value} hours before ({grade})").format(
                value=hours["value"], grade=evidence_of(hours, sources).grade
            )
        )
    return CareCard(
        key=document["key"],
        title=document["title"],
        is_optional=document["optional"],
        when=document["when"],
        facts=tuple(facts),
        lines=tuple(document["text"]),
        ask_first=tuple(document.get("ask_first", ())),
        evidence_text=document["evidence"]["text"],
        evidence=evidence_of(document["evidence"], sources),
    )
