"""Rows of the caseload as HTML: the template once, then hundreds of rows filled into it.

A template engine asks for every value by its name, one call after the other;
for 200 rows that alone took longer than the whole page may. So
``parts/row.html`` is rendered once, with its translations, and leaves places in
braces; here each row's values, escaped, are put into them.
"""

from collections.abc import Collection, Iterable
from html import escape
from operator import attrgetter

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe

from programs.selectors.caseload_row import CaseRow

TEMPLATE = "programs/clinician/parts/row.html"
#: What stands between the parts of the template: ``<!--name-->``.
_OPEN, _CLOSE = "<!--", "-->"

#: Stands in no text that is shown; where it does nevertheless, texts are escaped one by one.
_BETWEEN = "\x1f"

Parts = dict[str, str]
#: Place in the template -> what of a row stands there.
_VALUES = {
    name: attrgetter(path)
    for name, path in {
        "url": "url",
        "name": "name",
        "stage": "stage",
        "day": "day_words",
        "cover": "cover_words",
        "tone": "words.tag.tone",
        "icon": "words.tag.icon",
        "label": "words.tag.label",
        "standing": "words.standing",
        "reason": "words.reason",
        "next_step": "words.next_step",
        "choice": "choice",
        "put_off_url": "put_off_url",
        "end_url": "end_url",
        "sessions": "sessions",
        "last_entry": "last_entry",
        "refer": "refer",
        "picture": "spark.words",
        "line": "spark.line_path",
        "dots": "spark.dots",
        "feet": "spark.feet",
        "newest": "spark.newest",
    }.items()
}


def rows_html(rows: Iterable[CaseRow], request: HttpRequest, ticked: Collection[str] = ()) -> SafeString:
    """``ticked``: whom she had chosen, where a form comes back."""
    parts = parts_of(render_to_string(TEMPLATE, request=request))
    # Everything that is filled in was escaped, and everything else is our own template.
    return mark_safe("".join(_filled(parts, row, ticked) for row in rows))  # noqa: S308


def parts_of(rendered: str) -> Parts:
    """Name -> pattern. What stands before the first name is no part."""
    parts = (part.partition(_CLOSE) for part in rendered.split(_OPEN)[1:])
    return {name.strip(): pattern.strip() for name, _, pattern in parts}


def escaped(texts: list[str]) -> list[str]:
    """All of them at once: one by one it was most of the work of a row."""
    found = escape(_BETWEEN.join(texts)).split(_BETWEEN)
    return found if len(found) == len(texts) else [escape(text) for text in texts]


def _filled(parts: Parts, row: CaseRow, ticked: Collection[str]) -> str:
    said = dict(zip(_VALUES, escaped([str(value(row)) for value in _VALUES.values()]), strict=True))
    said["checked"] = "checked" if row.choice in ticked else ""
    for name, is_there in _optional(row):
        said[name] = parts[name].format_map(said) if is_there else ""
    said["marks"] = _marks(parts, row)
    said["put_off"] = _put_off(parts, row, said)
    return parts["row"].format_map(said)


def _optional(row: CaseRow) -> Iterable[tuple[str, object]]:
    """Part of the template -> whether this row has it."""
    return (
        ("cover_part", row.cover_words),
        ("choose", row.may_be_chosen),
        ("standing_part", row.words.standing),
        ("next_part", row.words.next_step),
        ("refer_part", row.refer),
        ("later", row.put_off_url and row.put_off is None),
    )


def _marks(parts: Parts, row: CaseRow) -> str:
    if not row.marks:
        return ""
    each = (parts["mark"].format(icon=escape(m.icon), words=escape(str(m.words))) for m in row.marks)
    return parts["marks"].format(each="".join(each))


def _put_off(parts: Parts, row: CaseRow, said: dict[str, str]) -> str:
    if row.put_off is None:
        return ""
    until = escape(date_format(row.put_off.until, "j F"))
    return parts["put_off"].format_map(said | {"until": until, "note": escape(row.put_off.note)})
