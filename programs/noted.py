"""The extra notes of a day as one short text: ``rest back 4 2,flare below_knee 7 1``.

Occasion, site, score, and how often that was noted; only notes in force, as
``snapshots.notes_in_force`` has them. PostgreSQL keeps the text in a column that
no model knows (migrations 0016 and 0017); SQLite makes it of the rows.
"""

from django.db.models import Func, TextField

from programs.engine.daily import Note
from programs.engine.values import Occasion, Site


class Noted(Func):
    """That text of a diary entry, given by its primary key."""

    output_field = TextField()
    template = """(
        SELECT COALESCE(GROUP_CONCAT(n.occasion || ' ' || n.site || ' ' || n.score || ' 1', ','), '')
        FROM programs_painnote n WHERE n.entry_id = %(expressions)s AND n.score IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM programs_painnote r WHERE r.replaces_id = n.id AND r.entry_id = n.entry_id))"""

    def as_postgresql(self, compiler, connection, **context):
        (entry,) = self.source_expressions
        return f'{compiler.quote_name_unless_alias(entry.alias)}."noted"', []


def notes_of(text: str) -> list[Note]:
    """The notes that such a text tells of. Raises ValueError where it is none."""
    notes = []
    for words in filter(None, text.split(",")):
        occasion, site, score, times = words.split(" ")
        notes += [Note(Occasion(occasion), Site(site), int(score))] * int(times)
    return notes
