"""The newest library rows in the form that pages use: exercises and questions.

Where ``edition`` is given (``own_enrolment`` reads it) they cost no query.
"""

from dataclasses import dataclass

from django.utils.translation import get_language

from programs.library.loader import EXERCISE, QUESTION_SET, RED_FLAG
from programs.models import LibraryItem
from programs.said import said_document
from programs.shelf import Shelf, shelf


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


#: Language -> the shelf as it stood, and its exercises said in that language.
_exercises: dict[str, tuple[Shelf, dict[str, dict]]] = {}


def exercise_documents(edition: int | None = None) -> dict[str, dict]:
    """Exercise key -> document, which nobody changes: said once in each language."""
    current, language = shelf(edition), get_language()
    kept = _exercises.get(language)
    if kept is None or kept[0] is not current:
        documents = {row.key: said_document(row.document) for row in current.of(EXERCISE)}
        kept = _exercises[language] = (current, documents)
    return kept[1]


def questions(*kinds: str, edition: int | None = None) -> dict[str, tuple[Question, ...]]:
    """Kind -> its questions in their order."""
    current = shelf(edition)
    return {
        kind: tuple(
            _question(row) for row in sorted(current.of(kind), key=lambda row: row.document["position"])
        )
        for kind in kinds
    }


def red_flag_questions(edition: int | None = None) -> tuple[Question, ...]:
    """All red-flag questions; a few of them are asked every day."""
    return questions(RED_FLAG, edition=edition)[RED_FLAG]


def introductions(edition: int | None = None) -> dict[str, dict]:
    """Question set -> what is said before its questions."""
    return {row.key: said_document(row.document) for row in shelf(edition).of(QUESTION_SET)}


def _question(row: LibraryItem) -> Question:
    document = said_document(row.document)
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
