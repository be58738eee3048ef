"""What the doctor says of one part: how it is, and what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    GOOD = "good"
    WARNING = "warning"
    WRONG = "WRONG"


@dataclass(frozen=True)
class Finding:
    """One line of the report; ``advice`` is empty where all is well."""

    part: str
    grade: Grade
    text: str
    advice: str = ""


def good(part: str, text: str) -> Finding:
    return Finding(part, Grade.GOOD, text)


def warning(part: str, text: str, advice: str) -> Finding:
    return Finding(part, Grade.WARNING, text, advice)


def wrong(part: str, text: str, advice: str) -> Finding:
    return Finding(part, Grade.WRONG, text, advice)
