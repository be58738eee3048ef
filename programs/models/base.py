"""What the models of the domain share: refusal to change, choices from the engine."""

from enum import StrEnum

from django.db import models
from django.db.models import Q


class FrozenRowError(Exception):
    """A row that is a record was about to be changed or deleted."""


def choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    """Field choices from an enumeration of the engine."""
    return [(word.value, word.value.replace("_", " ")) for word in words]


def known(field: str, words: type[StrEnum]) -> Q:
    """Condition of a check: the column holds one of the words."""
    return Q(**{f"{field}__in": [word.value for word in words]})


def score(field: str) -> Q:
    """Condition of a check: a whole number 0-10, or not recorded."""
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__range": (0, 10)})


class AppendOnlyQuerySet(models.QuerySet):
    """Rows are added and read; the database refuses the rest as well (triggers)."""

    def update(self, **kwargs):
        raise FrozenRowError(f"{self.model._meta.verbose_name_plural} are append-only")

    def delete(self):
        raise FrozenRowError(f"{self.model._meta.verbose_name_plural} are append-only")


class AppendOnlyModel(models.Model):
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise FrozenRowError(f"a {self._meta.verbose_name} is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise FrozenRowError(f"a {self._meta.verbose_name} is never deleted")
