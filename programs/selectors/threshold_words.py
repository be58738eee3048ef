"""Every threshold of a programme as a sentence."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.said import said

#: Criterion of a stage -> its sentence.
CRITERIA: dict[str, Callable[[int], str]] = {
    "need_sessions": lambda n: _("{n} comfortable sessions in a row").format(n=n),
    "min_days": lambda n: _("At least {n} days on this step").format(n=n),
    "min_logged": lambda n: _("A pain score on at least {n} of the last 7 days").format(n=n),
    "q": lambda n: _(
        "Pain of 0 to {n} counts as quiet: in the session, after it and the next morning"
    ).format(n=n),
}
LIMITS: dict[str, Callable[[int | str], str]] = {
    "intensity_max": lambda word: _("No faster than {word}: you can talk in whole sentences").format(
        word=said(word)
    ),
    "run_minutes_max": lambda n: _("At most {n} minutes of running in one outing").format(n=n),
    "single_run_growth_percent": lambda n: _(
        "No run over {n} % longer than the longest of the last 30 days"
    ).format(n=n),
    "week_growth_percent": lambda n: _(
        "At most {n} % more minutes in seven days than in the fullest seven days before them"
    ).format(n=n),
}
#: Constant of the rules -> its sentence.
ENGINE: dict[str, Callable[[int], str]] = {
    "red_at": lambda n: _(
        "Pain of {n} or more in or after a session, or on waking after one: one step back"
    ).format(n=n),
    "severe_at": lambda n: _("Pain at rest of {n} or more on two days: pause, and get advice").format(n=n),
    "flare_delta": lambda n: _(
        "Waking {n} points above your usual after a session: the session does not count"
    ).format(n=n),
    "rest_cap_days": lambda n: _("At most {n} easy days in place of bed rest").format(n=n),
    "s0_eased_at": lambda n: _("Pain at rest of {n} or less ends the easy days early").format(n=n),
    "s0_cap_max": lambda n: _(
        "Pain at rest of {n} or less after the easy days: gentle walking begins"
    ).format(n=n),
    "cooldown_days": lambda n: _("{n} easy days after a step back").format(n=n),
    "strikes": lambda n: _("Step back number {n} in a short time: pause, and get advice").format(n=n),
    "strikes_window_days": lambda n: _("That short time is {n} days").format(n=n),
    "long_gap_days": lambda n: _(
        "{n} days without an entry while running: start again one step lower"
    ).format(n=n),
    "session_max_age_days": lambda n: _("Sessions older than {n} days do not count").format(n=n),
    "not_better_from_day": lambda n: _("From day {n} on, pain at rest should be clearly better").format(n=n),
    "not_better_points": lambda n: _(
        "Clearly better means at least {n} points less than at the start"
    ).format(n=n),
    "not_better_percent": lambda n: _("or at least {n} % less").format(n=n),
    "not_better_floor": lambda n: _("This is only asked where pain is {n} or more").format(n=n),
}


def weekly_words(span: dict) -> str:
    low, high = span["min"], span["max"]
    words = _("{low} sessions a week") if low == high else _("{low} to {high} sessions a week")
    return words.format(low=low, high=high)


def gap_words(days: int) -> str:
    if days == 0:
        return _("Days in a row are fine")
    words = ngettext("At least {days} day between sessions", "At least {days} days between sessions", days)
    return words.format(days=days)
