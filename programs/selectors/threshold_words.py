"""Every threshold of a programme as a sentence."""

from collections.abc import Callable

#: Criterion of a stage -> its sentence.
CRITERIA: dict[str, Callable[[int], str]] = {
    "need_sessions": lambda n: f"{n} comfortable sessions in a row",
    "min_days": lambda n: f"At least {n} days on this step",
    "min_logged": lambda n: f"A pain score on at least {n} of the last 7 days",
    "q": lambda n: f"Pain of 0 to {n} counts as quiet: in the session, after it and the next morning",
}
LIMITS: dict[str, Callable[[int | str], str]] = {
    "intensity_max": lambda word: f"No faster than {word}: you can talk in whole sentences",
    "run_minutes_max": lambda n: f"At most {n} minutes of running in one outing",
    "single_run_growth_percent": lambda n: f"No run over {n} % longer than the longest of the last 30 days",
    "week_growth_percent": lambda n: f"At most {n} % more minutes than in the week before",
}
#: Constant of the rules -> its sentence.
ENGINE: dict[str, Callable[[int], str]] = {
    "red_at": lambda n: f"Pain of {n} or more in or after a session, or on waking after one: one step back",
    "severe_at": lambda n: f"Pain at rest of {n} or more on two days: pause, and get advice",
    "flare_delta": lambda n: (
        f"Waking {n} points above your usual after a session: the session does not count"
    ),
    "rest_cap_days": lambda n: f"At most {n} easy days in place of bed rest",
    "s0_eased_at": lambda n: f"Pain at rest of {n} or less ends the easy days early",
    "s0_cap_max": lambda n: f"Pain at rest of {n} or less after the easy days: gentle walking begins",
    "cooldown_days": lambda n: f"{n} easy days after a step back",
    "strikes": lambda n: f"Step back number {n} in a short time: pause, and get advice",
    "strikes_window_days": lambda n: f"That short time is {n} days",
    "long_gap_days": lambda n: f"{n} days without an entry while running: start again one step lower",
    "session_max_age_days": lambda n: f"Sessions older than {n} days do not count",
    "not_better_from_day": lambda n: f"From day {n} on, pain at rest should be clearly better",
    "not_better_points": lambda n: f"Clearly better means at least {n} points less than at the start",
    "not_better_percent": lambda n: f"or at least {n} % less",
    "not_better_floor": lambda n: f"This is only asked where pain is {n} or more",
}


def weekly_words(span: dict) -> str:
    low, high = span["min"], span["max"]
    return f"{low} sessions a week" if low == high else f"{low} to {high} sessions a week"


def gap_words(days: int) -> str:
    if days == 0:
        return "Days in a row are fine"
    return "At least 1 day between sessions" if days == 1 else f"At least {days} days between sessions"
