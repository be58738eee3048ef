"""The check of one stage of a programme document, and what its intervals add up to."""

from collections.abc import Iterator
from dataclasses import dataclass

from programs.engine.document_values import (
    Check,
    Fault,
    Spot,
    cited,
    cited_more,
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
from programs.engine.programme import Constants
from programs.engine.values import StageKind

DAYS_IN_WEEK = 7
#: Seed 000: no run longer than this in any programme (``docs/programme-format.md``, Stages).
LONGEST_RUN_MINUTES = 30
STAGE_KEY = matching(r"[A-Za-z][A-Za-z0-9_]{0,39}", "letters, digits and _ (at most 40, a letter first)")
LEVEL = one_of("A", "B", "C")
RUNNING_KINDS = (StageKind.ALTERNATE, StageKind.FINAL)
CRITERIA = {
    StageKind.REST: (),
    StageKind.DAILY: ("need_sessions", "min_days", "min_logged", "q"),
    StageKind.ALTERNATE: ("need_sessions", "min_days", "min_logged", "q"),
    StageKind.FINAL: ("q",),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What the check of a stage must know of the rest of the document."""

    sources: frozenset[str]
    exercises: frozenset[str]
    constants: Constants


def running_seconds(run_walk: dict) -> int:
    return sum(part["run_seconds"] * part["repeats"] for part in run_walk["intervals"])


def total_seconds(run_walk: dict) -> int:
    """Return the whole outing: warm-up, intervals and cool-down."""
    walking = sum(part["walk_seconds"] * part["repeats"] for part in run_walk["intervals"])
    before_and_after = 60 * (run_walk["warm_up_min"] + run_walk["cool_down_min"])
    return running_seconds(run_walk) + walking + before_and_after


def check_stage(stage: dict, kind: StageKind, known: Known) -> Iterator[Fault]:
    """Yield the faults of one stage whose key and kind are readable."""
    spot = Spot(f"stage {stage.get('key', '?')}")
    # A rest stage is left by the constants of the engine; it has no criteria of its own.
    optional = {StageKind.REST: {"criteria": mapping({})}, StageKind.FINAL: {"goal": text}}.get(
        kind, {"sign_off": yes_or_no}
    )
    faults = list(mapping(_fields(kind, known), optional)(spot, stage))
    yield from faults
    if not faults:
        yield from _agreement(spot, stage, kind, known.constants)


def _fields(kind: StageKind, known: Known) -> dict[str, Check]:
    fields: dict[str, Check] = {
        "key": STAGE_KEY,
        "title": title,
        "kind": one_of(*StageKind),
        "summary": text,
        "normal": list_of(text),
        "not_normal": list_of(text),
        "stop_if": list_of(text),
        "sessions": list_of(_session(kind, known)),
    }
    if kind is StageKind.REST:
        return fields
    return fields | {
        "criteria": _criteria(kind, known),
        "sessions_per_week": mapping(
            {"min": whole(1, DAYS_IN_WEEK), "max": whole(1, DAYS_IN_WEEK), **cited(known.sources)},
            cited_more(known.sources),
        ),
        "days_between": graded(whole(1 if kind in RUNNING_KINDS else 0, DAYS_IN_WEEK - 1), known.sources),
        "limits": _limits(kind, known),
    }


def _criteria(kind: StageKind, known: Known) -> Check:
    """The floor of ``docs/programme-format.md`` (Stages), and ceilings that can be reached."""
    constants = known.constants
    bounds = {
        "need_sessions": whole(2, constants.session_max_age_days),
        "min_days": whole(3, 56),
        "min_logged": whole(3, DAYS_IN_WEEK),
        "q": whole(0, min(5, constants.red_at - 1), why=", and below red_at"),
    }
    return mapping({name: graded(bounds[name], known.sources) for name in CRITERIA[kind]})


def _limits(kind: StageKind, known: Known) -> Check:
    needed = {"intensity_max": graded(one_of("easy"), known.sources)}
    if kind not in RUNNING_KINDS:
        return mapping(needed)
    growth = graded(whole(0, 10), known.sources)
    return mapping(
        {**needed, "run_minutes_max": graded(whole(1, LONGEST_RUN_MINUTES), known.sources)},
        {"single_run_growth_percent": growth, "week_growth_percent": growth},
    )


def _session(kind: StageKind, known: Known) -> Check:
    content: dict[str, Check] = {
        "summary": text,
        "per_week": mapping({"min": whole(0, DAYS_IN_WEEK), "max": whole(1, DAYS_IN_WEEK)}),
        "advice": list_of(text),
        "exercises": list_of(_exercise(known)),
    }
    if kind in RUNNING_KINDS:
        content["run_walk"] = _run_walk()
    check_fields = mapping(
        {
            "key": STAGE_KEY,
            "title": title,
            "counts": yes_or_no,
            "basis": mapping(cited(known.sources), cited_more(known.sources)),
        },
        content,
    )

    def check(spot: Spot, session: object) -> Iterator[Fault]:
        yield from check_fields(spot, session)
        if isinstance(session, dict) and not {"exercises", "run_walk", "advice"} & session.keys():
            yield spot.fault(session.get("key"), "given exercises, run_walk or advice")

    return check


def _exercise(known: Known) -> Check:
    return mapping(
        {"key": one_of(*sorted(known.exercises)), "level": LEVEL},
        {"up_to": LEVEL, "when": one_of("flexion_intolerant", "extension_intolerant")},
    )


def _run_walk() -> Check:
    seconds, repeats, walk_min = whole(0, LONGEST_RUN_MINUTES * 60), whole(1, 20), whole(5, 30)
    interval = mapping(
        {"run_seconds": seconds, "walk_seconds": seconds, "repeats": repeats}, {"repeats_from": repeats}
    )
    return mapping({"warm_up_min": walk_min, "intervals": list_of(interval), "cool_down_min": walk_min})


def _agreement(spot: Spot, stage: dict, kind: StageKind, constants: Constants) -> Iterator[Fault]:
    """Yield what is wrong between fields that are each right on their own."""
    yield from duplicates(spot.into("sessions"), (session["key"] for session in stage["sessions"]))
    for session in stage["sessions"]:
        if "per_week" in session:
            yield from _in_order(spot.into(f"sessions.{session['key']}.per_week"), session["per_week"])
    if kind is StageKind.REST:
        return
    if not any(session["counts"] for session in stage["sessions"]):
        limit = "a list in which one session or more counts"
        yield spot.into("sessions").fault("without one that counts", limit)
    yield from _weekly(spot, stage)
    yield from _attainable(spot, stage, constants)
    if kind in RUNNING_KINDS:
        yield from _run_minutes(spot, stage)


def _in_order(spot: Spot, span: dict) -> Iterator[Fault]:
    if span["min"] > span["max"]:
        yield spot.into("min").fault(span["min"], f"at most its max of {span['max']}")


def _weekly(spot: Spot, stage: dict) -> Iterator[Fault]:
    weekly, gap = stage["sessions_per_week"], stage["days_between"]["value"]
    yield from _in_order(spot.into("sessions_per_week"), weekly)
    most = _sessions_within(DAYS_IN_WEEK, gap)
    if weekly["max"] > most:
        limit = f"at most {most} with days_between {gap}"
        yield spot.into("sessions_per_week.max").fault(weekly["max"], limit)


def _attainable(spot: Spot, stage: dict, constants: Constants) -> Iterator[Fault]:
    """Older sessions do not count, so a higher need could never be met."""
    need = value_of(stage["criteria"], "need_sessions")
    most = _sessions_within(constants.session_max_age_days, stage["days_between"]["value"])
    if need is not None and need > most:
        age = constants.session_max_age_days
        limit = f"at most {most}: no more sessions fit into the last {age} days, and older ones do not count"
        yield spot.into("criteria.need_sessions").fault(need, limit)


def _sessions_within(days: int, days_between: int) -> int:
    return (days - 1) // (days_between + 1) + 1


def _run_minutes(spot: Spot, stage: dict) -> Iterator[Fault]:
    limit = stage["limits"]["run_minutes_max"]["value"]
    for session in stage["sessions"]:
        if "run_walk" not in session:
            continue
        if not session["counts"]:
            # What does not count is shown on days of rest as well, and no limit of a day concerns it.
            wanted = "true where there is running: what does not count is done on days of rest, too"
            yield spot.into(f"sessions.{session['key']}.counts").fault(False, wanted)
        place = spot.into(f"sessions.{session['key']}.run_walk")
        for part in session["run_walk"]["intervals"]:
            first, most = part.get("repeats_from", 1), part["repeats"]
            if first > most:
                yield place.into("repeats_from").fault(first, f"at most repeats, {most}")
        seconds = running_seconds(session["run_walk"])
        if seconds > limit * 60:
            yield place.fault(f"{seconds / 60:g} min of running", f"at most run_minutes_max, {limit} min")
        if seconds == 0:
            yield place.fault("0 min of running", "a session with some running, or walking as an exercise")
