"""What the models of the domain share: refusal to change, choices from the engine."""

from enum import StrEnum

from django.db.models import Q

from accounts.models.base import AppendOnlyModel, AppendOnlyQuerySet, FrozenRowError

__all__ = ["AppendOnlyModel", "AppendOnlyQuerySet", "FrozenRowError", "choices", "known", "score"]


def choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    """Field choices from an enumeration of the engine."""
    return [(word.value, word.value.replace("_", " ")) for word in words]


def known(field: str, words: type[StrEnum]) -> Q:
    """Condition of a check: the column holds one of the words."""
    return Q(**{f"{field}__in": [word.value for word in words]})


def score(field: str) -> Q:
    """Condition of a check: a whole number 0-10, or not recorded."""
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__range": (0, 10)})
