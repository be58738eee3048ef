"""Columns of the ledger that may be kept in short, and are always read in full.

A row of a day close would be 4 kB of words that repeat. What is written in
short is read back as the same criteria and inputs to the letter, so whoever
reads a row, or exports it, never sees how it was kept. Both are JSON in the
database: ``inputs->'state'`` can be asked for however the row was kept.
"""

from django.db.models import JSONField
from django.db.models.fields.json import KeyTransform

from programs.engine.packed_criteria import criteria_from
from programs.engine.packed_entries import entries_from


class _PackedField(JSONField):
    def deconstruct(self):
        # To the database it is JSON; nothing has to be migrated.
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def from_db_value(self, value, expression, connection):
        found = super().from_db_value(value, expression, connection)
        return found if found is None or isinstance(expression, KeyTransform) else self.in_full(found)


class CriteriaField(_PackedField):
    """A list of criteria; in short a text with a word for each."""

    @staticmethod
    def in_full(stored):
        return criteria_from(stored)


class InputsField(_PackedField):
    """The inputs of a decision; in short only the entries, as a text with a word for each day."""

    @staticmethod
    def in_full(stored):
        if isinstance(stored, dict) and isinstance(stored.get("entries"), str):
            stored["entries"] = entries_from(stored["entries"])
        return stored
