"""Rows of the caseload as HTML: the template once, then hundreds of rows filled into it.

A template engine asks for every value by its name, one call after the other;
for 200 rows that alone took longer than the whole page may. So
``parts/row.html`` is rendered once, with its translations, and leaves places in
braces; here each row's values, escaped, are put into them. The HTML of a row that
is the same object as before (``selectors/kept_cases``) is kept with it.
"""

from collections.abc import Collection, Iterable
from functools import cached_property
from html import escape
from operator import attrgetter

from django.http import HttpRequest, HttpResponse
from django.template.backends.utils import csrf_input
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe

from accounts.kept import Kept
from programs.selectors.caseload_row import CaseRow

TEMPLATE = "programs/clinician/parts/row.html"
#: What stands between the parts of the template: ``<!--name-->``.
_OPEN, _CLOSE = "<!--", "-->"
#: Stands for the token of a form until a request asks; a text of anybody's is escaped, and is never this.
_CSRF = "<!--csrf-->"

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


#: Rows as HTML, and the parts of the template in each language.
_kept, _templates = Kept(most=2000), Kept(most=20)


class Rows:
    """Rows that are put into the page once it is rendered: in a template they would be copied at every level.

    ``ticked``: whom she had chosen, where a form comes back.
    """

    def __init__(self, request: HttpRequest, ticked: Collection[str] = ()) -> None:
        rendered = render_to_string(TEMPLATE)
        self._parts = _templates.of(rendered, lambda: parts_of(rendered))
        self._request, self._ticked = request, ticked
        self._places: dict[bytes, bytes] = {}

    def place(self, rows: Iterable[CaseRow]) -> SafeString:
        """What stands for these rows in the template. A text of anybody's is escaped, and is never this."""
        place = mark_safe(f"<!--rows {len(self._places)}-->")  # noqa: S308 - our own
        self._places[place.encode()] = b"".join(map(self._html, rows))
        return place

    def put_into(self, response: HttpResponse) -> HttpResponse:
        content = response.content
        for place, rows in self._places.items():
            before, found, after = content.partition(place)
            content = b"".join((before, rows, after)) if found else content
        response.content = content
        return response

    def _html(self, row: CaseRow) -> bytes:
        """What belongs to this request alone, a token or a tick, is never kept."""
        parts = self._parts
        if self._ticked:
            return _filled(parts, row, self._ticked).replace(_CSRF, self._csrf).encode()
        # What is kept holds both fast, so that nothing else has their places in the memory.
        html = _kept.of((id(parts), id(row)), _made, parts, row)[0]
        return html if row.put_off is None else html.replace(_CSRF.encode(), self._csrf.encode())

    @cached_property
    def _csrf(self) -> str:
        """One token for all forms of these rows."""
        return str(csrf_input(self._request))


def parts_of(rendered: str) -> Parts:
    """Name -> pattern. What stands before the first name is no part."""
    parts = (part.partition(_CLOSE) for part in rendered.split(_OPEN)[1:])
    return {name.strip(): pattern.strip() for name, _, pattern in parts}


def escaped(texts: list[str]) -> list[str]:
    """All of them at once: one by one it was most of the work of a row."""
    found = escape(_BETWEEN.join(texts)).split(_BETWEEN)
    return found if len(found) == len(texts) else [escape(text) for text in texts]


def _made(parts: Parts, row: CaseRow) -> tuple[bytes, Parts, CaseRow]:
    return _filled(parts, row).encode(), parts, row


def _filled(parts: Parts, row: CaseRow, ticked: Collection[str] = ()) -> str:
    said = dict(zip(_VALUES, escaped([str(value(row)) for value in _VALUES.values()]), strict=True))
    said["csrf"] = _CSRF
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
