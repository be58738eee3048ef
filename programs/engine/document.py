"""A programme document: its check, and its translation for the engine.

A document is what a clinic writes as YAML (``docs/programme-format.md``), here
already parsed. ``check_document`` returns every fault at once; only a document
without faults may be stored, and only such a one is given to
``programme_from_document``.
"""

from collections.abc import Iterator
from dataclasses import fields
from itertools import pairwise

from programs.engine.document_stages import (
    STAGE_KEY,
    Known,
    check_stage,
    running_seconds,
    total_seconds,
)
from programs.engine.document_values import (
    MISSING,
    Check,
    Fault,
    Spot,
    duplicates,
    graded,
    list_of,
    mapping,
    matching,
    one_of,
    text,
    title,
    value_of,
    whole,
    yes_or_no,
)
from programs.engine.programme import Constants, Programme, Stage
from programs.engine.values import StageKind

__all__ = ["Fault", "check_document", "programme_from_document", "running_seconds", "total_seconds"]

#: Lowest and highest value of each engine constant (``docs/engine.md`` section
#: 6). One end is the default: a programme may only be more conservative. The
#: other end keeps a slip of the pen from making a rule idle.
CONSTANT_BOUNDS = {
    "red_at": (1, 6),
    "severe_at": (1, 7),
    "flare_delta": (1, 2),
    "rest_cap_days": (1, 2),
    "s0_eased_at": (0, 4),
    "s0_cap_max": (0, 6),
    "cooldown_days": (1, 14),
    "strikes": (1, 3),
    "strikes_window_days": (21, 84),
    "long_gap_days": (2, 14),
    "session_max_age_days": (4, 10),
    "not_better_from_day": (7, 28),
    "not_better_points": (2, 10),
    "not_better_percent": (30, 100),
    "not_better_floor": (1, 3),
}
#: A ladder goes from rest over walking to running; the last step stays.
KIND_ORDER = list(StageKind)
PROGRAMME = Spot("programme")
SLUG = matching(r"(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*", "small letters, digits and hyphens, at most 60")


def check_document(document: object, *, known_exercises: frozenset[str]) -> list[Fault]:
    """Return every fault of a parsed document; an empty list is a sound one."""
    sources = _listed_sources(document)
    faults = list(_fields(sources)(PROGRAMME, document))
    if not isinstance(document, dict):
        return faults
    constants = _sound_constants(document)
    known = Known(sources=sources, exercises=known_exercises, constants=constants)
    for number, stage in enumerate(_as_list(document.get("stages")), start=1):
        faults += _one_stage(number, stage, known)
    return faults + list(_ladder(document)) + list(_rest_has_an_end(document, constants))


def programme_from_document(document: dict, version: int) -> Programme:
    """Translate a sound document; sources, grades and texts stay behind."""
    constants, sign_off = _constants(document), document.get("sign_off", False)
    return Programme(
        key=document["key"],
        version=version,
        stages=tuple(_stage(stage, constants, sign_off) for stage in document["stages"]),
        constants=constants,
    )


def _stage(stage: dict, constants: Constants, sign_off: bool) -> Stage:
    """``sign_off``: what the programme asks for where the stage does not say."""
    kind = StageKind(stage["kind"])
    named = {"key": stage["key"], "title": stage["title"], "kind": kind}
    if kind is StageKind.REST:
        # No rule reads the limit of a rest stage; this is the score that ends it early.
        return Stage(**named, q=constants.s0_eased_at)
    return Stage(
        **named,
        **{name: threshold["value"] for name, threshold in stage["criteria"].items()},
        per_week=stage["sessions_per_week"]["max"],
        days_between=stage["days_between"]["value"],
        goal=stage.get("goal", ""),
        sign_off=kind is not StageKind.FINAL and stage.get("sign_off", sign_off),
    )


def _constants(document: dict) -> Constants:
    """Read the constants; what is missing or unreadable keeps its default."""
    given = {field.name: value_of(document.get("engine"), field.name) for field in fields(Constants)}
    return Constants(**{name: value for name, value in given.items() if value is not None})


def _sound_constants(document: dict) -> Constants:
    """Read the constants for the check: what is out of bounds has its own fault and sets no other limit."""
    found = _constants(document)
    sound = {
        name: getattr(found, name)
        for name, (low, high) in CONSTANT_BOUNDS.items()
        if low <= getattr(found, name) <= high
    }
    return Constants(**sound)


def _listed_sources(document: object) -> frozenset[str]:
    listed = document.get("sources") if isinstance(document, dict) else None
    return frozenset(key for key in _as_list(listed) if isinstance(key, str))


def _as_list(value: object) -> list:
    """Return a list as it is, and an empty one where there is none to go through."""
    return value if isinstance(value, list) else []


def _readable_stages(document: dict) -> list[dict]:
    return [stage for stage in _as_list(document.get("stages")) if isinstance(stage, dict)]


def _fields(sources: frozenset[str]) -> Check:
    constants = {name: graded(whole(*bounds), sources) for name, bounds in CONSTANT_BOUNDS.items()}
    return mapping(
        {
            "key": SLUG,
            "title": title,
            "language": matching(r"[a-z]{2}(-[A-Z]{2})?", "a language tag such as en-GB"),
            "family": SLUG,
            "condition": text,
            "audience": text,
            "summary": text,
            "sources": list_of(text),
            "stages": _anything_listed,
        },
        {
            "entry": list_of(text),
            "notes": list_of(text),
            "start_stages": list_of(STAGE_KEY),
            "sign_off": yes_or_no,
            "engine": mapping({}, constants),
        },
    )


def _anything_listed(spot: Spot, value: object) -> Iterator[Fault]:
    """Stages are checked one by one, under their own names."""
    yield from list_of(lambda _spot, _value: iter(()))(spot, value)


def _one_stage(number: int, stage: object, known: Known) -> list[Fault]:
    spot = Spot(f"stage number {number}")
    if not isinstance(stage, dict):
        return [spot.fault(stage, "a mapping with key, title, kind and more")]
    unreadable = [
        fault
        for name, check in (("key", STAGE_KEY), ("kind", one_of(*StageKind)))
        for fault in check(spot.into(name), stage.get(name, MISSING))
    ]
    return unreadable or list(check_stage(stage, StageKind(stage["kind"]), known))


def _ladder(document: dict) -> Iterator[Fault]:
    """Yield what is wrong with the order of the stages."""
    stages = _readable_stages(document)
    keys = [stage.get("key") for stage in stages]
    yield from duplicates(PROGRAMME.into("stages"), keys)
    kinds = [(stage.get("key"), stage["kind"]) for stage in stages if stage.get("kind") in tuple(StageKind)]
    for (_, before), (key, kind) in pairwise(kinds):
        yield from _step(Spot(f"stage {key}", "kind"), before, kind)
    if kinds and kinds[-1][1] != StageKind.FINAL:
        key, kind = kinds[-1]
        yield Spot(f"stage {key}", "kind").fault(kind, "final: the last stage is the one that stays")
    for start in _as_list(document.get("start_stages")):
        yield from _start(start, stages)


def _start(key: object, stages: list[dict]) -> Iterator[Fault]:
    """Nobody begins in the middle of the running stages."""
    gentle = [stage for stage in stages if stage.get("kind") in (StageKind.REST, StageKind.DAILY)]
    if key not in [stage.get("key") for stage in (*stages[:1], *gentle)]:
        limit = "the key of the first stage, or of one of kind rest or daily"
        yield PROGRAMME.into("start_stages").fault(key, limit)


def _step(spot: Spot, before: str, kind: str) -> Iterator[Fault]:
    if kind == StageKind.REST:
        yield spot.fault(kind, "used for the first stage only")
    elif before == StageKind.FINAL:
        yield spot.fault(kind, "before the stage of kind final, which is the last")
    elif before == StageKind.REST and kind != StageKind.DAILY:
        # When rest is over the next stage is shown without further ado: walking, never a run.
        yield spot.fault(kind, "daily: after the easy days comes walking")
    elif KIND_ORDER.index(kind) < KIND_ORDER.index(before):
        order = ", ".join(StageKind)
        yield spot.fault(kind, f"in the order {order}; a stage of kind {before} comes before it")


def _rest_has_an_end(document: dict, constants: Constants) -> Iterator[Fault]:
    """A score between the two limits would keep a runner at rest beyond the cap."""
    kinds = [stage.get("kind") for stage in _readable_stages(document)]
    severe, ends_up_to = constants.severe_at, constants.s0_cap_max
    if StageKind.REST in kinds and ends_up_to < severe - 1:
        limit = f"{severe - 1} or more with severe_at {severe}, so that rest ends after rest_cap_days"
        yield PROGRAMME.into("engine.s0_cap_max").fault(ends_up_to, limit)
