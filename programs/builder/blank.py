"""What a new programme, stage or session begins with: sound, and within the floor by a good margin.

The numbers are those of the shipped default programme. They are marked as our own choice:
whoever puts another source there says so on the page.
"""

import copy

from programs.builder.parts import mapping_of
from programs.engine.values import StageKind

OWN = {"grade": "own_choice", "source": "design"}
#: What a new document must list for the stages below.
SOURCES = ["design"]
_STOP = [
    "New pain, tingling or numbness in a leg.",
    "Any warning sign on the check-in page. Then stop everything and follow what the page says.",
]
_RUNNING_WORDS = {
    "normal": [
        "Pain of 0 to 2 out of 10 while you run and after it.",
        "Tired or sore muscles that are gone within a day.",
    ],
    "not_normal": [
        "Pain of 3 to 5 out of 10. It is acceptable, but you repeat this step.",
        "Waking with clearly more pain than usual on the day after a run.",
        "Pain below the knee.",
    ],
    "stop_if": [
        "Pain reaches 6 out of 10, or 2 points more than when you started. Walk home.",
        "Pain changes the way you move, or you limp.",
        *_STOP,
    ],
}
_WORDS = {
    StageKind.REST: {
        "normal": ["Pain when you turn over, get up or sit for long."],
        "not_normal": [
            "Pain of 7 or more out of 10 after two easy days. Then you need advice and not more rest.",
            "Pain below the knee.",
        ],
        "stop_if": ["A move sends pain, tingling or numbness into a leg.", _STOP[1]],
    },
    StageKind.DAILY: {
        "normal": ["Pain of 0 to 2 out of 10 in the session and after it."],
        "not_normal": ["Waking with clearly more pain than usual.", "Pain below the knee."],
        "stop_if": [
            "Pain reaches 6 out of 10. Slow down, turn back and rest.",
            "You begin to limp.",
            *_STOP,
        ],
    },
    StageKind.ALTERNATE: _RUNNING_WORDS,
    StageKind.FINAL: _RUNNING_WORDS,
}
_NAMES = {
    StageKind.REST: ("rest", "Easy days", "Take it easy, and get up often. Gentle walking follows soon."),
    StageKind.DAILY: ("walking", "Walking", "A walk on flat ground."),
    StageKind.ALTERNATE: ("run_walk", "Run 1, walk 4", "Short easy runs with long walks between."),
    StageKind.FINAL: ("run", "Run 20 minutes", "You are there. Run 20 easy minutes."),
}


def blank_programme(title: str) -> dict:
    """A programme without a stage; what it still needs, the page says."""
    return {
        "title": title,
        "language": "en-GB",
        "family": "low-back-pain",
        "sources": list(SOURCES),
        "stages": [],
    }


def blank_stage(kind: StageKind) -> dict:
    """A stage of that kind without a fault."""
    key, title, summary = _NAMES[kind]
    stage = {"key": key, "title": title, "kind": kind.value, "summary": summary, **_WORDS[kind]}
    return copy.deepcopy(stage | _numbers(kind) | {"sessions": [_first_session(kind)]})


def fitted(stage: dict) -> dict:
    """A stage whose kind is another now: what that kind asks for is added, what it does not know goes."""
    if stage.get("kind") not in tuple(StageKind):
        return stage
    kind = StageKind(stage["kind"])
    model = blank_stage(kind)
    optional = {"goal"} if kind is StageKind.FINAL else {"sign_off"}
    kept = {name: value for name, value in stage.items() if name in {*model, *optional}}
    fresh = {**model, **kept}
    for name in ("criteria", "limits"):
        if name in model:
            own = mapping_of(stage.get(name))
            fresh[name] = model[name] | {key: own[key] for key in own if key in model[name]}
    return fresh


def blank_session(sort: str, key: str = "") -> dict:
    """A session of that sort: ``run_walk``, ``exercises`` or ``advice``. Of these only a run counts yet."""
    title, content = _SESSIONS[sort]
    # A run always counts: what does not is done on days of rest, too.
    session = {"key": key or sort, "title": title, "counts": sort == "run_walk", "basis": OWN, **content}
    return copy.deepcopy(session)


def _first_session(kind: StageKind) -> dict:
    sort = {StageKind.REST: "advice", StageKind.DAILY: "exercises"}.get(kind, "run_walk")
    session = blank_session(sort) | {"counts": kind is not StageKind.REST}
    if kind is StageKind.FINAL:
        whole_run = {"run_seconds": 1200, "walk_seconds": 0, "repeats": 1}
        session |= {
            "title": "Run 20 min",
            "run_walk": {"warm_up_min": 5, "intervals": [whole_run], "cool_down_min": 5},
        }
    return session


def _numbers(kind: StageKind) -> dict:
    """Criteria, week and limits; a stage of rest has none."""
    if kind is StageKind.REST:
        return {}
    is_running = kind is not StageKind.DAILY
    criteria = {"need_sessions": 3, "min_days": 7, "min_logged": 5, "q": 2}
    if kind is StageKind.FINAL:
        criteria = {"q": 2}
    limits = {"intensity_max": graded("easy")}
    if is_running:
        limits["run_minutes_max"] = graded(20 if kind is StageKind.FINAL else 5)
    if kind is StageKind.FINAL:
        limits |= {"single_run_growth_percent": graded(10), "week_growth_percent": graded(10)}
    return {
        "criteria": {name: graded(value) for name, value in criteria.items()},
        "sessions_per_week": {"min": 3, "max": 4 if is_running else 7, **OWN},
        "days_between": graded(1 if is_running else 0),
        "limits": limits,
    }


def graded(value: object) -> dict:
    return {"value": value, **OWN}


_SESSIONS = {
    "run_walk": (
        "Run 1 min, walk 4 min, five times",
        {
            "run_walk": {
                "warm_up_min": 5,
                "intervals": [{"run_seconds": 60, "walk_seconds": 240, "repeats": 5}],
                "cool_down_min": 5,
            }
        },
    ),
    "exercises": ("Walk", {"exercises": [{"key": "walking", "level": "A"}]}),
    "advice": ("Easy days", {"advice": ["Change your position at least every 30 minutes."]}),
}
SORTS = tuple(_SESSIONS)
