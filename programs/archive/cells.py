"""Cells of every CSV that the site gives out: text stays text.

A spreadsheet takes a cell for a formula that begins with one of a few
characters, and a formula can send what stands beside it to somebody else.
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence

#: ASCII, and the full-width forms that some programs take for them.
FORMULA_STARTS = tuple("=+-@\t\r\n\0＝＋－＠")
#: Said first, so that spreadsheets read the rest as UTF-8.
BYTE_ORDER_MARK = "\ufeff"


def safe_cell(value) -> str:
    """The text of one cell. A text that could be a formula gets an apostrophe before it.

    Numbers are numbers and stay as they are; null is an empty cell.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    # Leading blanks are skipped by some programs before they look.
    return f"'{text}" if text.lstrip(" \u00a0\u3000").startswith(FORMULA_STARTS) else text


def sheet(header: Sequence[str], rows: Iterable[Sequence], line_end: str = "\r\n") -> str:
    """A CSV of safe cells."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=line_end)
    writer.writerow([safe_cell(name) for name in header])
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return out.getvalue()
