"""One cell of a diary: its text becomes a value of the engine, or is not accepted."""

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum

from programs.engine.redflags import RED_FLAGS

_SCORE = re.compile(r"[0-9]|10")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DATE_WORDS = "a date as YYYY-MM-DD"


class NotAccepted(ValueError):
    """The message says what would be accepted."""


def score(text: str) -> int:
    if not _SCORE.fullmatch(text):
        raise NotAccepted("a whole number from 0 to 10, or empty for not recorded")
    return int(text)


def word(kind: type[StrEnum]) -> Callable[[str], StrEnum]:
    """One of the words of an enumeration; spreadsheets like to capitalise them."""
    words = {member.value: member for member in kind}

    def read(text: str) -> StrEnum:
        member = words.get(text.lower())
        if member is None:
            raise NotAccepted(f"one of {', '.join(words)}")
        return member

    return read


def yes_or_no(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise NotAccepted("true or false")
    return text.lower() == "true"


def red_flags(text: str) -> tuple[str, ...]:
    """Codes joined by ``;``. Unknown ones stay: the engine treats them as urgent.

    A known code in small letters is still that code, or an emergency would be
    decided as merely urgent.
    """
    codes = [code.strip() for code in text.split(";")]
    if not text.isprintable():
        raise NotAccepted("codes in printable characters, joined by ;")
    known = [code.upper() if code.upper() in RED_FLAGS else code for code in codes if code]
    if not known:
        raise NotAccepted("codes joined by ;, or empty for none")
    return tuple(dict.fromkeys(known))


def day(text: str) -> int:
    """An ISO date as the ordinal that the engine counts with."""
    try:
        if _ISO_DATE.fullmatch(text):
            return date.fromisoformat(text).toordinal()
    except ValueError:
        pass
    raise NotAccepted(DATE_WORDS)
