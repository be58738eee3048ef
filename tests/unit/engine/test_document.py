"""A programme document is refused with one message per fault, or it is sound."""

import copy

import pytest

from programs.engine.document import (
    CONSTANT_BOUNDS,
    Fault,
    check_document,
    programme_from_document,
    running_seconds,
    total_seconds,
)
from programs.engine.programme import Constants
from programs.engine.values import StageKind

EXERCISES = frozenset({"walking", "bird_dog"})


def threshold(value: object) -> dict:
    return {"value": value, "grade": "own_choice", "source": "design"}


def weekly(low: int, high: int) -> dict:
    return {"min": low, "max": high, "grade": "convention", "source": "OUH24"}


def criteria() -> dict:
    values = {"need_sessions": 3, "min_days": 7, "min_logged": 5, "q": 2}
    return {name: threshold(value) for name, value in values.items()}


def walk_session() -> dict:
    return {
        "key": "walk",
        "title": "Walk",
        "counts": True,
        "basis": {"grade": "convention", "source": "OUH24"},
        "exercises": [{"key": "walking", "level": "A", "up_to": "C"}],
    }


def run_session(run: int = 60, walk: int = 240, repeats: int = 5) -> dict:
    return {
        "key": "run",
        "title": "Run",
        "counts": True,
        "basis": {"grade": "convention", "source": "OUH24"},
        "run_walk": {
            "warm_up_min": 5,
            "intervals": [{"run_seconds": run, "walk_seconds": walk, "repeats": repeats}],
            "cool_down_min": 5,
        },
    }


def stage(key: str, kind: str) -> dict:
    texts = {"summary": "s", "normal": ["n"], "not_normal": ["n"], "stop_if": ["s"]}
    common = {"key": key, "title": key, "kind": kind, **texts}
    if kind == "rest":
        return {**common, "sessions": [{**walk_session(), "counts": False}]}
    running = kind in ("alternate", "final")
    limits = {"intensity_max": threshold("easy")}
    return {
        **common,
        "criteria": {"q": threshold(2)} if kind == "final" else criteria(),
        "sessions": [run_session() if running else walk_session()],
        "sessions_per_week": weekly(3, 4 if running else 7),
        "days_between": threshold(1 if running else 0),
        "limits": {**limits, "run_minutes_max": threshold(30)} if running else limits,
    }


def sound() -> dict:
    kinds = {"S0": "rest", "S1": "daily", "S2": "alternate", "S3": "final"}
    return {
        "key": "own-ladder",
        "title": "Our ladder",
        "language": "en-GB",
        "family": "low-back-pain",
        "condition": "c",
        "audience": "a",
        "summary": "s",
        "sources": ["OUH24", "design"],
        "engine": {name: threshold(getattr(Constants(), name)) for name in CONSTANT_BOUNDS},
        "stages": [stage(key, kind) for key, kind in kinds.items()],
    }


def put(document: dict, path: str, value: object) -> dict:
    """Return a copy in which one place holds another value."""
    changed = copy.deepcopy(document)
    *way, last = [int(name) if name.isdigit() else name for name in path.split("/")]
    place = changed
    for name in way:
        place = place[name]
    place[last] = value
    return changed


def take(document: dict, path: str) -> dict:
    changed = put(document, path, None)
    *way, last = [int(name) if name.isdigit() else name for name in path.split("/")]
    place = changed
    for name in way:
        place = place[name]
    del place[last]
    return changed


def changed(path: str, value: object) -> dict:
    return put(sound(), path, value)


def without(path: str) -> dict:
    return take(sound(), path)


def faults_of(document: object) -> list[Fault]:
    return check_document(document, known_exercises=EXERCISES)


def test_the_sound_document_has_no_fault():
    assert faults_of(sound()) == []


def test_start_stages_and_sessions_beside_the_run_are_sound():
    beside = {**walk_session(), "counts": False, "per_week": {"min": 2, "max": 3}}
    document = changed("stages/2/sessions", [run_session(), beside])
    assert faults_of(put(document, "start_stages", ["S1", "S0"])) == []
    assert faults_of(put(kinds("alternate", "final"), "start_stages", ["K0"])) == []


WHOLE_NUMBERS = [
    # path, place, field, lowest accepted, highest accepted
    *(
        (f"engine/{name}/value", "programme", f"engine.{name}.value", low, high)
        for name, (low, high) in CONSTANT_BOUNDS.items()
        # These also hang on other fields and have examples of their own.
        if name not in ("red_at", "s0_cap_max", "session_max_age_days")
    ),
    ("stages/1/criteria/need_sessions/value", "stage S1", "criteria.need_sessions.value", 2, 10),
    ("stages/1/criteria/min_days/value", "stage S1", "criteria.min_days.value", 3, 56),
    ("stages/1/criteria/min_logged/value", "stage S1", "criteria.min_logged.value", 3, 7),
    ("stages/1/criteria/q/value", "stage S1", "criteria.q.value", 0, 5),
    ("stages/2/criteria/q/value", "stage S2", "criteria.q.value", 0, 5),
    ("stages/3/criteria/q/value", "stage S3", "criteria.q.value", 0, 5),
    ("stages/2/criteria/min_logged/value", "stage S2", "criteria.min_logged.value", 3, 7),
    ("stages/1/sessions_per_week/min", "stage S1", "sessions_per_week.min", 1, 7),
    ("stages/2/sessions/0/run_walk/warm_up_min", "stage S2", "sessions.1.run_walk.warm_up_min", 5, 30),
    ("stages/2/sessions/0/run_walk/cool_down_min", "stage S2", "sessions.1.run_walk.cool_down_min", 5, 30),
]


@pytest.mark.parametrize(("path", "place", "field", "low", "high"), WHOLE_NUMBERS)
def test_whole_numbers_at_their_limits(path, place, field, low, high):
    for accepted in (low, high):
        assert faults_of(changed(path, accepted)) == []
    for refused in (low - 1, high + 1):
        faults = [(fault.place, fault.field) for fault in faults_of(changed(path, refused))]
        assert faults == [(place, field)]


@pytest.mark.parametrize(("path", "place", "field", "low", "high"), WHOLE_NUMBERS)
@pytest.mark.parametrize("odd", [True, 3.0, "3", None, [3]])
def test_only_whole_numbers_are_numbers(path, place, field, low, high, odd):
    assert [(fault.place, fault.field) for fault in faults_of(changed(path, odd))] == [(place, field)]


@pytest.mark.parametrize(("red_at", "fine"), [(2, False), (3, True), (6, True), (7, False)])
def test_red_begins_above_every_quality_limit_and_at_six_at_the_latest(red_at, fine):
    assert (faults_of(changed("engine/red_at/value", red_at)) == []) is fine


@pytest.mark.parametrize(
    ("severe", "cap", "fine"), [(7, 5, False), (7, 6, True), (7, 7, False), (5, 3, False), (5, 4, True)]
)
def test_rest_ends_for_every_score(severe, cap, fine):
    """Between the two limits nothing would end a rest stage after its two days."""
    document = put(changed("engine/severe_at/value", severe), "engine/s0_cap_max/value", cap)
    assert (faults_of(document) == []) is fine


@pytest.mark.parametrize(
    ("path", "value", "fine"),
    [
        ("stages/1/sessions_per_week/max", 2, False),
        ("stages/1/sessions_per_week/max", 3, True),
        ("stages/1/sessions_per_week/max", 7, True),
        ("stages/1/sessions_per_week/max", 8, False),
        ("stages/2/sessions_per_week/max", 4, True),
        ("stages/2/sessions_per_week/max", 5, False),
        ("stages/2/limits/run_minutes_max/value", 4, False),
        ("stages/2/limits/run_minutes_max/value", 5, True),
        ("stages/2/limits/run_minutes_max/value", 30, True),
        ("stages/2/limits/run_minutes_max/value", 31, False),
        ("engine/session_max_age_days/value", 4, False),
        ("engine/session_max_age_days/value", 5, True),
        ("engine/session_max_age_days/value", 10, True),
        ("engine/session_max_age_days/value", 11, False),
    ],
)
def test_limits_that_hang_on_other_fields(path, value, fine):
    assert (faults_of(changed(path, value)) == []) is fine


def test_without_a_rest_stage_the_limits_of_rest_may_be_anything():
    document = changed("engine/s0_cap_max/value", 0)
    assert faults_of(take(document, "stages/0")) == []


@pytest.mark.parametrize(
    ("kind_index", "age", "need", "fine"),
    [
        (1, 10, 10, True),
        (1, 9, 10, False),
        (2, 10, 5, True),
        (2, 10, 6, False),
        (2, 8, 4, True),
        (2, 8, 5, False),
    ],
)
def test_no_more_sessions_are_needed_than_fit_into_the_days_that_count(kind_index, age, need, fine):
    document = changed("engine/session_max_age_days/value", age)
    document = put(document, f"stages/{kind_index}/criteria/need_sessions/value", need)
    assert (faults_of(document) == []) is fine


@pytest.mark.parametrize(
    ("run", "limit", "fine"), [(239, 20, True), (240, 20, True), (241, 20, False), (0, 20, False)]
)
def test_running_stays_within_the_limit_of_the_stage(run, limit, fine):
    document = changed("stages/2/limits/run_minutes_max/value", limit)
    document = put(document, "stages/2/sessions/0", run_session(run=run))
    assert (faults_of(document) == []) is fine


def test_every_run_counts_because_what_does_not_is_done_on_days_of_rest_too():
    document = sound()
    beside = {**run_session(), "key": "again", "counts": False}
    next(stage for stage in document["stages"] if stage["kind"] == "alternate")["sessions"].append(beside)
    assert [fault.field for fault in faults_of(document)] == ["sessions.again.counts"]


def kinds(*names: str) -> dict:
    return changed("stages", [stage(f"K{number}", name) for number, name in enumerate(names)])


@pytest.mark.parametrize(
    ("ladder", "fine"),
    [
        (("final",), True),
        (("rest", "daily", "final"), True),
        (("rest", "final"), False),
        (("rest", "alternate", "final"), False),
        (("daily", "daily", "alternate", "alternate", "final"), True),
        (("rest",), False),
        (("rest", "rest", "final"), False),
        (("daily", "rest", "final"), False),
        (("daily", "alternate"), False),
        (("daily", "final", "final"), False),
        (("daily", "final", "alternate"), False),
        (("alternate", "daily", "final"), False),
    ],
)
def test_the_order_of_kinds(ladder, fine):
    assert (faults_of(kinds(*ladder)) == []) is fine


@pytest.mark.parametrize(
    ("document", "place", "field"),
    [
        ("text", "programme", "document"),
        (None, "programme", "document"),
        (changed("key", "Own Ladder"), "programme", "key"),
        (changed("key", "a" * 61), "programme", "key"),
        (changed("title", ""), "programme", "title"),
        (changed("title", "t" * 121), "programme", "title"),
        (changed("summary", "nul \0"), "programme", "summary"),
        (changed("language", "English"), "programme", "language"),
        (changed("colour", "red"), "programme", "colour"),
        (without("audience"), "programme", "audience"),
        (changed("stages", []), "programme", "stages"),
        (changed("stages", "S1"), "programme", "stages"),
        (changed("stages/1", "S1"), "stage number 2", "document"),
        (changed("stages/1/kind", "weekly"), "stage number 2", "kind"),
        (changed("stages/1/key", "S 1"), "stage number 2", "key"),
        (without("stages/1/key"), "stage number 2", "key"),
        (changed("stages/2/key", "S1"), "programme", "stages"),
        (changed("start_stages", ["S9"]), "programme", "start_stages"),
        (changed("start_stages", ["S2"]), "programme", "start_stages"),
        (changed("engine/mood", threshold(3)), "programme", "engine.mood"),
        (changed("engine/strikes", 3), "programme", "engine.strikes"),
        (without("engine/strikes/grade"), "programme", "engine.strikes.grade"),
        (without("engine/strikes/source"), "programme", "engine.strikes.source"),
        (changed("engine/strikes/source", "NOWHERE"), "programme", "engine.strikes.source"),
        (changed("engine/strikes/grade", "sure"), "programme", "engine.strikes.grade"),
        (changed("engine/strikes/also", ["NOWHERE"]), "programme", "engine.strikes.also.1"),
        (without("stages/1/criteria/q"), "stage S1", "criteria.q"),
        (without("stages/1/criteria/q/grade"), "stage S1", "criteria.q.grade"),
        (changed("stages/1/criteria/q/source", ["OUH24"]), "stage S1", "criteria.q.source"),
        (without("stages/1/criteria"), "stage S1", "criteria"),
        (changed("stages/0/criteria", criteria()), "stage S0", "criteria.need_sessions"),
        (changed("stages/3/criteria", criteria()), "stage S3", "criteria.need_sessions"),
        (changed("stages/0/limits", {}), "stage S0", "limits"),
        (without("stages/1/stop_if"), "stage S1", "stop_if"),
        (changed("stages/1/normal", []), "stage S1", "normal"),
        (changed("stages/2/days_between/value", 0), "stage S2", "days_between.value"),
        (changed("stages/2/days_between/value", 2), "stage S2", "sessions_per_week.max"),
        (changed("stages/2/sessions_per_week/min", 5), "stage S2", "sessions_per_week.min"),
        (without("stages/2/sessions_per_week/source"), "stage S2", "sessions_per_week.source"),
        (changed("stages/2/limits/intensity_max/value", "hard"), "stage S2", "limits.intensity_max.value"),
        (without("stages/2/limits/run_minutes_max"), "stage S2", "limits.run_minutes_max"),
        (
            changed("stages/3/limits/week_growth_percent", threshold(11)),
            "stage S3",
            "limits.week_growth_percent.value",
        ),
        (changed("stages/1/sessions/0/counts", False), "stage S1", "sessions"),
        (changed("stages/1/sessions/0/counts", "yes"), "stage S1", "sessions.1.counts"),
        (without("stages/1/sessions/0/basis"), "stage S1", "sessions.1.basis"),
        (without("stages/1/sessions/0/exercises"), "stage S1", "sessions.1"),
        (changed("stages/1/sessions/0/exercises/0/key", "sit_up"), "stage S1", "sessions.1.exercises.1.key"),
        (changed("stages/1/sessions/0/exercises/0/level", "D"), "stage S1", "sessions.1.exercises.1.level"),
        (changed("stages/1/sessions/0", run_session()), "stage S1", "sessions.1.run_walk"),
        (changed("stages/1/sessions", [walk_session(), walk_session()]), "stage S1", "sessions"),
        (
            changed("stages/1/sessions/0/per_week", {"min": 3, "max": 2}),
            "stage S1",
            "sessions.walk.per_week.min",
        ),
        (changed("stages/2/sessions/0/run_walk/intervals", []), "stage S2", "sessions.1.run_walk.intervals"),
        (
            changed("stages/2/sessions/0/run_walk/intervals/0/repeats", 0),
            "stage S2",
            "sessions.1.run_walk.intervals.1.repeats",
        ),
        (
            changed("stages/2/sessions/0/run_walk/intervals/0/repeats_from", 6),
            "stage S2",
            "sessions.run.run_walk.repeats_from",
        ),
    ],
)
def test_faults_name_place_and_field(document, place, field):
    found = faults_of(document)
    assert (place, field) in [(fault.place, fault.field) for fault in found]
    assert all(fault.message.startswith(f"{fault.place}: {fault.field} is ") for fault in found)


def test_a_message_names_stage_field_value_and_limit():
    (fault,) = faults_of(changed("stages/2/criteria/q/value", 6))
    assert fault.message == (
        "stage S2: criteria.q.value is 6; it must be a whole number from 0 to 5, and below red_at."
    )


def test_a_missing_field_is_called_missing():
    (fault,) = faults_of(without("stages/1/criteria/min_days"))
    assert fault.message == "stage S1: criteria.min_days is missing; it must be given."


def test_long_values_are_cut_in_messages():
    (fault,) = faults_of(changed("title", "t" * 500))
    assert len(fault.message) < 160


def test_all_faults_are_reported_at_once():
    document = changed("engine/strikes/value", 4)
    document = put(document, "stages/1/criteria/q/value", 6)
    document = put(document, "stages/2/criteria/min_days/value", 2)
    assert len(faults_of(document)) == 3


@pytest.mark.parametrize(
    "junk", [{}, {"stages": [{}]}, {"stages": [[]], "sources": [[]], "engine": []}, [], 7]
)
def test_junk_gives_faults_and_no_error(junk):
    assert faults_of(junk)


def test_constants_that_are_not_given_keep_their_defaults():
    programme = programme_from_document(without("engine"), version=3)
    assert (programme.key, programme.version, programme.constants) == ("own-ladder", 3, Constants())


def test_the_bounds_cover_every_constant_and_end_at_the_default_or_the_floor():
    default = Constants()
    ends = {name: getattr(default, name) in bounds for name, bounds in CONSTANT_BOUNDS.items()}
    # A shorter cool-down than two days is allowed by the floor itself.
    assert ends == dict.fromkeys(Constants.__slots__, True) | {"cooldown_days": False}


def test_a_sound_document_becomes_a_programme():
    document = changed("engine/flare_delta/value", 1)
    programme = programme_from_document(document, version=1)
    assert [stage.key for stage in programme.stages] == ["S0", "S1", "S2", "S3"]
    assert programme.stages[0].kind is StageKind.REST
    assert (programme.stages[0].need_sessions, programme.stages[3].min_days) == (0, 0)
    daily = programme.stages[1]
    assert (daily.need_sessions, daily.min_days, daily.min_logged, daily.q) == (3, 7, 5, 2)
    assert [(stage.per_week, stage.days_between) for stage in programme.stages] == [
        (7, 0),
        (7, 0),
        (4, 1),
        (4, 1),
    ]
    assert programme.constants.flare_delta == 1
    assert programme.floor == 1


def test_seconds_of_an_outing():
    run_walk = run_session(run=60, walk=240, repeats=5)["run_walk"]
    assert (running_seconds(run_walk), total_seconds(run_walk)) == (300, 1500 + 600)


@pytest.mark.parametrize(
    ("path", "value", "fine"),
    [
        ("stages/1/criteria/q/value", 5, True),
        ("stages/1/criteria/q/value", 6, False),
        ("stages/1/criteria/need_sessions/value", 2, True),
        ("stages/1/criteria/need_sessions/value", 1, False),
        ("stages/1/criteria/min_days/value", 3, True),
        ("stages/1/criteria/min_days/value", 2, False),
        ("engine/red_at/value", 6, True),
        ("engine/red_at/value", 7, False),
        ("engine/rest_cap_days/value", 2, True),
        ("engine/rest_cap_days/value", 3, False),
        ("engine/cooldown_days/value", 1, True),
        ("engine/cooldown_days/value", 0, False),
    ],
)
def test_the_validation_floor_in_numbers(path, value, fine):
    """INV-20, written out, so that no change of a table can lower it unseen."""
    assert (faults_of(changed(path, value)) == []) is fine
