"""README.txt of an archive: what it holds, in plain words."""

import textwrap

from programs.archive.check import rows_of
from programs.archive.columns import Table
from programs.archive.tables import SINGLE, TABLES

INTRODUCTION = """\
Everything that this site keeps about you
=========================================

These are your data. You may keep them, read them, give them to somebody, or
bring them to another installation of the same software, which takes this file
as it is.

data.json     everything, for programs
schema.json   what data.json looks like (JSON Schema)
tables/       the same as one spreadsheet for each table (CSV, UTF-8)
attachments/  files; the site keeps none for you

They say a lot about your health. Keep this file where nobody else can open it,
and do not send it by e-mail.

Times are in UTC and end with Z. Dates are the local dates of your diary. An
empty cell, or null, means that nothing was recorded; it never means zero. Where
a person is a number, 0 is you and the others are in the table people. In the
spreadsheets an apostrophe before a text keeps it from being taken for a
formula.

What is not in here: your password, the secrets of your second factor, where you
are signed in just now, and what mails with codes and links said. Nobody but you
needs the first; the others are worth nothing a little later.

The tables
----------
"""
INDENT = "    "


def readme(document: dict) -> str:
    """The text for one person; nothing in it changes with the day on which it is written."""
    return INTRODUCTION + "".join(_about(table, document) for table in TABLES)


def _about(table: Table, document: dict) -> str:
    count = len(rows_of(document, table))
    rows = "" if table.name == SINGLE else f" ({count} {'row' if count == 1 else 'rows'})"
    words = textwrap.fill(table.about, 79, initial_indent=INDENT, subsequent_indent=INDENT)
    return f"\n{table.name}{rows}\n{words}\n"
