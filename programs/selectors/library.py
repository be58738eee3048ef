"""The newest library rows in the form that pages use: exercises and questions."""

from dataclasses import dataclass

from programs.library.loader import EXERCISE, QUESTION_SET, RED_FLAG
from programs.models import LibraryItem


@dataclass(frozen=True, slots=True)
class Question:
    """One question with the number under which it is stored."""

    code: str
    text: str
    why: str = ""
    number: int = 0
    may_be_skipped: bool = False
    is_daily: bool = False
    level: str = ""
    label: str = ""


def exercise_documents() -> dict[str, dict]:
    """Exercise key -> document (one query)."""
    rows = LibraryItem.objects.of_kind(EXERCISE).current()
    return {row.key: row.document for row in rows}


def questions(*kinds: str) -> dict[str, tuple[Question, ...]]:
    """Kind -> its questions in their order (one query for all kinds)."""
    rows = LibraryItem.objects.filter(kind__in=kinds).current()
    ordered = sorted(rows, key=lambda row: row.document["position"])
    return {kind: tuple(_question(row) for row in ordered if row.kind == kind) for kind in kinds}


def red_flag_questions() -> tuple[Question, ...]:
    """All red-flag questions; a few of them are asked every day (one query)."""
    return questions(RED_FLAG)[RED_FLAG]


def introductions() -> dict[str, dict]:
    """Question set -> what is said before its questions (one query)."""
    rows = LibraryItem.objects.of_kind(QUESTION_SET).current()
    return {row.key: row.document for row in rows}


def _question(row: LibraryItem) -> Question:
    document = row.document
    return Question(
        code=row.key,
        text=document["question"],
        why=document.get("why", ""),
        number=row.number,
        may_be_skipped=document.get("may_be_skipped", False),
        is_daily=document.get("daily", False),
        level=document.get("level", ""),
        label=document.get("label", ""),
    )
