"""What each kind of library item must hold: exercises, cards, questions, questionnaires, sources."""

from collections.abc import Callable, Iterator
from functools import partial

from programs.engine.document_values import (
    GRADES,
    Check,
    Fault,
    Spot,
    cited,
    cited_more,
    graded,
    list_of,
    mapping,
    matching,
    one_of,
    text,
    title,
    whole,
    yes_or_no,
)
from programs.engine.redflags import RED_FLAGS
from programs.library import loader
from programs.library.questionnaire import questionnaire_check

ADVICE = one_of("ok", "caution", "no")
DIRECTIONS = ("flexion_intolerant", "extension_intolerant")
TRUNK_GROUPS = ("core", "glute", "back_extensor", "strength")
GROUPS = (*TRUNK_GROUPS, "mobility", "stretch", "aerobic", "cross_training", "run")
NAME = matching(r"[a-z][a-z0-9_]{0,59}", "small letters, digits and _ (at most 60, a letter first)")
CODE = matching(r"[A-Z][A-Z0-9_]{0,59}", "capital letters, digits and _ (at most 60, a letter first)")
LINES = list_of(text)
COUNT = whole(1, 100)
AMOUNT = mapping(
    {},
    {
        **dict.fromkeys(("sets", "sets_max", "reps", "reps_max", "breaths", "breaths_max"), COUNT),
        **dict.fromkeys(("hold_seconds", "hold_seconds_max", "minutes", "minutes_max"), COUNT),
        **dict.fromkeys(("times_a_day", "times_a_week"), whole(1, 7)),
        **dict.fromkeys(("per_side", "by_stage"), yes_or_no),
    },
)

Fields = dict[str, Check]


def check_for(kind: str, sources: frozenset[str], exercises: frozenset[str]) -> Check:
    """Return the check of one kind of item."""
    makers: dict[str, Callable[[], Check]] = {
        loader.SOURCE: _source,
        loader.EXERCISE: partial(_exercise, sources, exercises),
        loader.CARD: partial(_card, sources),
        loader.RULES: partial(_rules, sources),
        loader.RED_FLAG: partial(_red_flag, sources),
        loader.INTAKE_QUESTION: partial(_question, sources, CODE, {"why": text}),
        loader.YELLOW_FLAG: partial(_question, sources, CODE, {}),
        loader.DIRECTION: partial(_question, sources, one_of(*DIRECTIONS), {}),
        loader.QUESTION_SET: partial(_question_set, sources),
        loader.QUESTIONNAIRE: partial(questionnaire_check, sources),
    }
    return makers[kind]()


def _evidence(sources: frozenset[str]) -> Check:
    return mapping({"text": text, **cited(sources)}, cited_more(sources))


def _range(sources: frozenset[str]) -> Check:
    return mapping({"min": COUNT, "max": COUNT, **cited(sources)}, cited_more(sources))


def _source() -> Check:
    seen = one_of("copy", "second_hand", "supplied", "own_choice", "from_memory")
    return mapping({"title": title, "address": text, "seen": seen})


def _exercise(sources: frozenset[str], exercises: frozenset[str]) -> Check:
    advice = mapping({"advice": ADVICE, "note": text})
    dose = mapping({"amount": AMOUNT, "words": text, **cited(sources)}, cited_more(sources))
    needed: Fields = {
        "key": NAME,
        "title": title,
        "groups": list_of(one_of(*GROUPS)),
        "from_stage": whole(1, 8),
        "direction": text,
        "flexion_intolerant": advice,
        "extension_intolerant": advice,
        "default": one_of("on", "off", "optional", "by_stage"),
        "enabled_by": one_of("anyone", "physiotherapist"),
        "start": text,
        "steps": LINES,
        "doses": mapping({"A": dose}, {"B": dose, "C": dose}),
        "mistakes": LINES,
        "stop_if": LINES,
        "evidence": _evidence(sources),
        "picture_alt": text,
    }
    optional: Fields = {
        "from_stage_note": text,
        "default_note": text,
        "on_when": one_of(*DIRECTIONS),
        "substitute": one_of(*sorted(exercises)),
        "easier": text,
        "harder": text,
        "caution": LINES,
        # A clinic's own: the key of what was uploaded.
        "picture": matching(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "the key of a picture"),
    }
    return mapping(needed, optional)


def _card(sources: frozenset[str]) -> Check:
    needed: Fields = {
        "key": NAME,
        "title": title,
        "kind": one_of("self_care", "medication"),
        "optional": yes_or_no,
        "when": text,
        "text": LINES,
        "evidence": _evidence(sources),
    }
    hours = graded(whole(1, 48), sources)
    return mapping(needed, {"minutes": _range(sources), "hours_before": hours, "ask_first": LINES})


def _rules(sources: frozenset[str]) -> Check:
    score = whole(0, 10)
    zone = mapping({"scores": mapping({"min": score, "max": score}), "advice": text})
    said = _evidence(sources)
    directions: Fields = {"text": text, "reexpose_from_stage": whole(1, 8), "both": text, "neither": text}
    return mapping(
        {
            "key": matching(r"[a-z-]+", "small letters and hyphens"),
            "title": title,
            "pain": list_of(zone),
            "pain_basis": mapping(cited(sources), cited_more(sources)),
            "breathing": said,
            "brace": said,
            "session_minutes": _range(sources),
            "core_per_week": mapping({"before_running": _range(sources), "with_running": _range(sources)}),
            "levels": said,
            "directions": mapping({**directions, **cited(sources)}, cited_more(sources)),
            "not_now": said,
            "honest": said,
        }
    )


def _red_flag(sources: frozenset[str]) -> Check:
    needed: Fields = {
        "code": one_of(*RED_FLAGS),
        "position": COUNT,
        "question": text,
        "label": text,
        "daily": yes_or_no,
        "cause": text,
        "level": one_of("urgent", "emergency"),
    }
    fields = mapping({**needed, **cited(sources)}, {**cited_more(sources), "may_be_skipped": yes_or_no})

    def check(spot: Spot, value: object) -> Iterator[Fault]:
        faults = list(fields(spot, value))
        yield from faults or _other_level(spot, value)

    return check


def _other_level(spot: Spot, flag: dict) -> Iterator[Fault]:
    """No data file decides whether an answer is an emergency."""
    code, level = flag["code"], flag["level"]
    if level != RED_FLAGS[code].level:
        yield spot.into("level").fault(level, f"{RED_FLAGS[code].level} for {code}, as the engine has it")


def _question(sources: frozenset[str], code: Check, more: Fields) -> Check:
    needed: Fields = {"code": code, "position": COUNT, "question": text, **more}
    return mapping({**needed, **cited(sources)}, cited_more(sources))


def _question_set(sources: frozenset[str]) -> Check:
    return mapping(
        {"intro": text},
        {
            "intro_basis": mapping({"grade": one_of(*GRADES), "source": cited(sources)["source"]}),
            "daily_intro": text,
            "actions": mapping({"emergency": text, "urgent": text}),
            "ask_when": LINES,
            "gap_days": graded(whole(1, 28), sources),
            "if_yes": text,
        },
    )
