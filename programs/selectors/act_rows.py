"""Acts with whoever made them, out of the rows of a kept statement."""

from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet

from accounts.models import User
from programs.models import Adjustment, Override

#: Whoever acted is named, and nothing else of her is asked.
_OF_WHO_MADE_IT = ("id", "email", "name")


def with_who_made_it(acts: QuerySet) -> QuerySet:
    """All columns of an act, and then what names its author."""
    own = [field.attname for field in acts.model._meta.concrete_fields]
    return acts.values_list(*own, *(f"made_by__{name}" for name in _OF_WHO_MADE_IT))


def act_of(model: type[Override] | type[Adjustment], row: tuple) -> Override | Adjustment:
    """A row of ``with_who_made_it`` as the query would have made it."""
    own = len(row) - len(_OF_WHO_MADE_IT)
    act = model.from_db(DEFAULT_DB_ALIAS, (), row[:own])
    act.made_by = User.from_db(DEFAULT_DB_ALIAS, _OF_WHO_MADE_IT, row[own:])
    return act


def place_of(model: type[Override] | type[Adjustment], name: str) -> int:
    """Where a column of the act stands in such a row."""
    return [field.attname for field in model._meta.concrete_fields].index(name)
