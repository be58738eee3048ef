"""A clinic's own exercises, and which exercises a physiotherapist may put in a programme."""

import datetime
from dataclasses import dataclass

from accounts.models import User
from programs.models import LibraryItem
from programs.own_library import items_for, own_items
from programs.said import said_document
from programs.selectors.drawings import picture_of


@dataclass(frozen=True, slots=True)
class OwnExerciseCard:
    key: str
    title: str
    number: int
    doses: tuple[str, ...]
    picture: str
    picture_alt: str
    is_off: bool
    changed_at: datetime.datetime


def exercises_for(clinician: User) -> dict[str, dict]:
    """Key -> document, by title: what is shipped and her clinic's own, nobody else's (three queries)."""
    documents = {row.key: said_document(row.document) for row in items_for(clinician)}
    return dict(sorted(documents.items(), key=lambda pair: pair[1]["title"].casefold()))


def own_exercise_cards(clinician: User) -> tuple[OwnExerciseCard, ...]:
    """Her clinic's own, by title. Three queries at most."""
    rows = sorted(own_items(clinician), key=lambda row: row.document["title"].casefold())
    return tuple(_card(row) for row in rows)


def own_exercise_of(clinician: User, key: str) -> LibraryItem | None:
    """The newest number of one of them."""
    return next((row for row in own_items(clinician) if row.key == key), None)


def _card(row: LibraryItem) -> OwnExerciseCard:
    document = row.document
    return OwnExerciseCard(
        key=row.key,
        title=document["title"],
        number=row.number,
        doses=tuple(f"{level}: {dose['words']}" for level, dose in sorted(document["doses"].items())),
        picture=picture_of(row.key, document),
        picture_alt=document["picture_alt"],
        is_off=document["enabled_by"] != "anyone",
        changed_at=row.published_at,
    )
