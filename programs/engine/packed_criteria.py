"""Criteria in short, as a ledger keeps them: the number of a pattern, how it stands, and the numbers in it.

What was said then has to be readable for ever. So ``PATTERNS`` only ever
grows: a pattern that is there never changes and never moves, and a criterion
that fits none of them has no short form and is kept in full. ``packed`` gives
a short form only where reading it back gives the same words to the letter.
"""

import re

_NUMBER = re.compile(r"\d+")
#: Status -> its letter.
_LETTERS = {"met": "m", "not_met": "n", "no_data": "d"}
_STATUSES = {letter: status for status, letter in _LETTERS.items()}
_PACKED = re.compile(r"(\d+)([mnd])((?:\d+(?:\.\d+)*)?)")
FIELDS = ("code", "text", "value", "limit", "place")

_STAGE_DAYS = "At least # days on this step"
_LOGGED = "A pain score on # of the last # days of this step"
_SESSIONS = "# comfortable sessions in a row (pain #-# during, after and next morning)"
_QUIET = "Three quiet days in a row (#-#)"
_MORNING = "The morning after the last session is known"
_EASED = "Pain at rest is at most #/# (day # of at most #)"
_EASED_PLACES = ("engine.s0_cap_max", "engine.s0_eased_at")
_LEG_REST, _LEG = "No pain below the knee today", "No pain below the knee in the last # days"

#: (code, text, value, limit, place); ``#`` stands for a whole number.
PATTERNS: tuple[tuple[str, str, str, str, str], ...] = (
    ("score_today", "Pain at rest is recorded today", "#/#", "recorded", ""),
    ("score_today", "Pain at rest is recorded today", "not recorded", "recorded", ""),
    ("stage_days", _STAGE_DAYS, "day #", "# days", "min_days"),
    ("logged_days", _LOGGED, "# days", "# days", "min_logged"),
    ("sessions", _SESSIONS, "# in a row", "# in a row", "need_sessions"),
    (
        *("sessions", _SESSIONS, "# in a row, and yesterday's waits for this morning's score"),
        *("# in a row", "need_sessions"),
    ),
    ("quiet_days", _QUIET, "highest #/#", "#-#", "q"),
    ("quiet_days", _QUIET, "highest #/#, # of # scores not recorded", "#-#", "q"),
    ("quiet_days", _QUIET, "not recorded, # of # scores not recorded", "#-#", "q"),
    ("next_morning", _MORNING, "known", "known", ""),
    ("next_morning", _MORNING, "known tomorrow", "known", ""),
    ("next_morning", _MORNING, "not recorded", "known", ""),
    ("rest_eased", _EASED, "#/#", "#/#", _EASED_PLACES[0]),
    ("rest_eased", _EASED, "not recorded", "#/#", _EASED_PLACES[0]),
    ("rest_eased", _EASED, "#/#", "#/#", _EASED_PLACES[1]),
    ("rest_eased", _EASED, "not recorded", "#/#", _EASED_PLACES[1]),
    ("no_pause", "No pause and no red flag", "none", "none", ""),
    ("no_pause", "No pause and no red flag", "paused", "none", ""),
    ("no_pause", "No pause and no red flag", "answered today", "none", ""),
    ("no_leg_pain", _LEG, "none reported", "none", ""),
    ("no_leg_pain", _LEG, "reported", "none", ""),
    ("no_leg_pain", _LEG_REST, "none reported", "none", ""),
    ("no_leg_pain", _LEG_REST, "reported", "none", ""),
    ("no_easy_days", "No easy days after a step back", "none", "none", "engine.cooldown_days"),
    ("no_easy_days", "No easy days after a step back", "easy days", "none", "engine.cooldown_days"),
    ("no_hold", "No hold by a physiotherapist", "none", "none", ""),
    ("no_hold", "No hold by a physiotherapist", "held", "none", ""),
    ("signed_off", "A physiotherapist confirms the next step", "confirmed", "confirmed", ""),
    ("signed_off", "A physiotherapist confirms the next step", "not yet", "confirmed", ""),
)
_NUMBER_OF = {pattern: number for number, pattern in enumerate(PATTERNS)}


def packed(code: str, status: str, text: str, value: str, limit: str, place: str) -> str | None:
    """The short form of one criterion, such as ``2n4.3.4``; None where it has none."""
    pattern = (code, *(_NUMBER.sub("#", words) for words in (text, value, limit)), place)
    number = _NUMBER_OF.get(pattern)
    if number is None:
        return None
    numbers = [found for words in (text, value, limit) for found in _NUMBER.findall(words)]
    short = f"{number}{_LETTERS[status]}{'.'.join(numbers)}"
    said = {"code": code, "status": status, "text": text, "value": value, "limit": limit, "place": place}
    return short if unpacked(short) == said else None


def unpacked(short: str) -> dict:
    """A criterion as it was said, from its short form. Raises ValueError where it is none."""
    found = _PACKED.fullmatch(short)
    if not found or int(found[1]) >= len(PATTERNS):
        raise ValueError(f"{short!r} is no criterion")
    pattern = dict(zip(FIELDS, PATTERNS[int(found[1])], strict=True))
    numbers = found[3].split(".") if found[3] else []
    wanted = sum(pattern[name].count("#") for name in ("text", "value", "limit"))
    if len(numbers) != wanted:
        raise ValueError(f"{short!r} has {len(numbers)} numbers, not {wanted}")
    left = iter(numbers)
    for name in ("text", "value", "limit"):
        pattern[name] = "".join(next(left) if letter == "#" else letter for letter in pattern[name])
    return {
        "code": pattern["code"],
        "status": _STATUSES[found[2]],
        "text": pattern["text"],
        "value": pattern["value"],
        "limit": pattern["limit"],
        "place": pattern["place"],
    }


def criteria_from(stored: str | list) -> list[dict]:
    """Criteria as they were said, however they are kept."""
    return [unpacked(short) for short in stored.split()] if isinstance(stored, str) else stored
