"""What the check of a document asks for, in plain words; it speaks of fields as a file names them."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.engine.document_values import MISSING, Fault

_N = r"(-?\d+)"
#: Pattern of a limit -> the same in plain words, with its numbers in order.
_LIMITS: tuple[tuple[str, str | Promise], ...] = (
    (rf"a whole number from {_N} to {_N}", gettext_lazy("a whole number from {0} to {1}")),
    (
        rf"a whole number from {_N} to {_N}, and below red_at",
        gettext_lazy("a whole number from {0} to {1}, below the score that means one step back"),
    ),
    (rf"text of 1 to {_N} characters", gettext_lazy("text of at most {0} characters")),
    ("text without control characters", gettext_lazy("text without control characters")),
    ("true or false", gettext_lazy("yes or no")),
    (rf"a list of {_N} or more", gettext_lazy("at least {0} of them")),
    ("a mapping with .*", gettext_lazy("filled in")),
    ("one of the keys listed under sources", gettext_lazy("a source that this programme lists")),
    ("a source of the library", gettext_lazy("a source of the library")),
    ("used once only", gettext_lazy("used once only")),
    (rf"at most its max of {_N}", gettext_lazy("at most {0}, the higher of the two")),
    (
        rf"at most {_N} with days_between {_N}",
        gettext_lazy("at most {0}: with {1} days between sessions no more fit into a week"),
    ),
    (
        rf"at most {_N}: no more sessions fit into the last {_N} days, and older ones do not count",
        gettext_lazy("at most {0}: no more sessions fit into the last {1} days, and older ones do not count"),
    ),
    (rf"at most repeats, {_N}", gettext_lazy("at most {0}, the number of repeats")),
    (
        rf"at most run_minutes_max, {_N} min",
        gettext_lazy("at most {0} minutes, the limit of this stage"),
    ),
    (
        "a session with some running, or walking as an exercise",
        gettext_lazy("a session with some running; a mere walk is an exercise"),
    ),
    (
        "given exercises, run_walk or advice",
        gettext_lazy("filled with exercises, running and walking, or advice"),
    ),
    (
        "a list in which one session or more counts",
        gettext_lazy("a list in which at least one session counts for moving on"),
    ),
    (
        "true where there is running: what does not count is done on days of rest, too",
        gettext_lazy("yes, where there is running: what does not count is done on days of rest, too"),
    ),
    (
        "the key of the first stage, or of one of kind rest or daily",
        gettext_lazy("the first stage, or one without running"),
    ),
    ("used for the first stage only", gettext_lazy("used for the first stage only")),
    (
        "before the stage of kind final, which is the last",
        gettext_lazy("before the last stage; nothing comes after it"),
    ),
    (
        "daily: after the easy days comes walking",
        gettext_lazy("a stage without running: after the easy days comes walking"),
    ),
    (
        "in the order .*",
        gettext_lazy("in order: easy days, stages without running, running stages, the last stage"),
    ),
    (
        "final: the last stage is the one that stays",
        gettext_lazy("the last stage: a programme ends with one in which people stay"),
    ),
    (
        rf"{_N} or more with severe_at {_N}, so that rest ends after rest_cap_days",
        gettext_lazy("{0} or more, where pain of {1} means a pause: otherwise the easy days would not end"),
    ),
    (r"letters, digits and _ .*", gettext_lazy("letters, digits and _, at most 40, a letter first")),
    (r"small letters, digits and hyphens.*", gettext_lazy("small letters, digits and hyphens, at most 60")),
    ("a language tag such as en-GB", gettext_lazy("a language tag such as en-GB")),
)
_COMPILED = tuple((re.compile(pattern), words) for pattern, words in _LIMITS)


def limit_words(limit: str) -> str:
    """The limit in plain words; one that is not known here as the check says it."""
    for pattern, words in _COMPILED:
        match = pattern.fullmatch(limit)
        if match:
            return str(words).format(*match.groups())
    return limit


def wrong_words(fault: Fault) -> str:
    """What is wrong with a field, without its name."""
    if fault.value is MISSING:
        return _("This is missing.")
    if fault.limit.startswith("left out"):
        return _("This field is not known here. Saving the page leaves it out.")
    limit = _exercise_limit(fault) or limit_words(fault.limit)
    shown = _shown(fault.value)
    if not shown:
        return _("It must be {limit}.").format(limit=limit)
    return _("{value} is not accepted. It must be {limit}.").format(value=shown, limit=limit)


def _exercise_limit(fault: Fault) -> str:
    """The keys of all exercises help nobody."""
    is_exercise = re.fullmatch(r"sessions\.\d+\.exercises\.\d+\.key", fault.field)
    return _("an exercise of the library, or one of your own") if is_exercise else ""


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str) and value.strip():
        return f"“{value[:60]}…”" if len(value) > 60 else f"“{value}”"
    return ""
