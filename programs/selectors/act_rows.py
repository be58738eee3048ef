"""Acts with whoever made them, out of the text that a kept statement gives of them."""

import datetime
from functools import cache

from django.db import DEFAULT_DB_ALIAS
from django.db.models import DateField, DateTimeField

from accounts.lines import Instant, Written, instant_of, written_of
from accounts.models import User
from programs.models import Adjustment, Override

Act = Override | Adjustment

#: Whoever acted is named, and nothing else of her is asked.
_OF_WHO_MADE_IT = ("id", "email", "name")


def with_who_made_it(model: type[Act]) -> Written:
    """All columns of an act, and then what names its author; for ``acts_of``."""
    fields = model._meta.concrete_fields
    own = (Instant(f.attname) if isinstance(f, DateTimeField) else f.attname for f in fields)
    return Written(*own, *(f"made_by__{name}" for name in _OF_WHO_MADE_IT))


def acts_of(model: type[Act], text: str) -> list[Act]:
    """The acts of one enrolment as a query would have made them, in no order."""
    return [_act(model, row) for row in written_of(text)]


def _act(model: type[Act], row: list) -> Act:
    for place, read in _read_by(model).items():
        if row[place] is not None:
            row[place] = read(row[place])
    own = len(row) - len(_OF_WHO_MADE_IT)
    act = model.from_db(DEFAULT_DB_ALIAS, (), row[:own])
    act.made_by = User.from_db(DEFAULT_DB_ALIAS, _OF_WHO_MADE_IT, row[own:])
    return act


@cache
def _read_by(model: type[Act]) -> dict:
    """Place of a column -> what makes of its text what the field holds."""
    fields = enumerate(model._meta.concrete_fields)
    return {
        place: instant_of if isinstance(field, DateTimeField) else datetime.date.fromisoformat
        for place, field in fields
        if isinstance(field, DateField)
    }
