"""The limits of the numbers in a draft, to be shown beside each field; ``check_document`` holds them."""

from programs.builder.parts import mapping_of
from programs.engine.document import CONSTANT_BOUNDS
from programs.engine.document_stages import DAYS_IN_WEEK, LONGEST_RUN_MINUTES, RUNNING_KINDS
from programs.engine.document_values import value_of
from programs.engine.programme import Constants

MOST_REPEATS = 20
WALK_MINUTES = (5, 30)


def constant(document: object, name: str) -> int:
    """A constant as the rules would read it: what is left out or out of bounds is the default."""
    low, high = CONSTANT_BOUNDS[name]
    given = value_of(mapping_of(document).get("engine"), name)
    return given if given is not None and low <= given <= high else getattr(Constants(), name)


def stage_bounds(document: object, kind: str) -> dict[str, tuple[int, int]]:
    """Field of a stage -> lowest and highest value."""
    days_between = (1 if kind in tuple(RUNNING_KINDS) else 0, DAYS_IN_WEEK - 1)
    return {
        "criteria.need_sessions": (2, constant(document, "session_max_age_days")),
        "criteria.min_days": (3, 56),
        "criteria.min_logged": (3, DAYS_IN_WEEK),
        "criteria.q": (0, min(5, constant(document, "red_at") - 1)),
        "sessions_per_week.min": (1, DAYS_IN_WEEK),
        "sessions_per_week.max": (1, DAYS_IN_WEEK),
        "days_between": days_between,
        "limits.run_minutes_max": (1, LONGEST_RUN_MINUTES),
        "limits.single_run_growth_percent": (0, 10),
        "limits.week_growth_percent": (0, 10),
    }


SESSION_BOUNDS = {
    "per_week.min": (0, DAYS_IN_WEEK),
    "per_week.max": (1, DAYS_IN_WEEK),
    "run_walk.warm_up_min": WALK_MINUTES,
    "run_walk.cool_down_min": WALK_MINUTES,
    "repeats": (1, MOST_REPEATS),
}
