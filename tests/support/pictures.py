"""Pictures and tables of a page, read back as numbers: what is drawn must be what is written.

The drawn numbers are taken from where things lie, not from what the page says of them.
"""

import datetime
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from xml.etree import ElementTree

from programs.charts.facts import HIGHEST
from programs.charts.frame import NARROW, WIDE, Days, Frame
from programs.charts.series import SHIFTS

SVG = "{http://www.w3.org/2000/svg}"


def pictures(html: str, css_class: str) -> list[ElementTree.Element]:
    """Every inline picture of that class."""
    found = re.findall(rf'<svg class="{css_class}.*?</svg>', html, flags=re.DOTALL)
    return [ElementTree.fromstring(svg.replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" ', 1)) for svg in found]  # noqa: S314


def dated(texts: str) -> dict[str, str]:
    """``2026-11-01:advance 2026-11-04:pause`` as a mapping."""
    return dict(part.split(":", 1) for part in texts.split() if ":" in part)


@dataclass(frozen=True)
class Daily:
    """A pain chart of days: series -> date -> score as drawn; missing dates; and the rest as it says."""

    scores: dict[str, dict[datetime.date, int]]
    said: dict[str, list[int | None]]
    missing: set[datetime.date]
    flares: set[datetime.date]
    notes: dict[str, str]
    marks: dict[str, str]


def daily(svg: ElementTree.Element) -> Daily:
    width = int(svg.get("viewBox").split()[2])
    frame = WIDE if width == WIDE.width else NARROW
    groups = {g.get("data-series"): g for g in svg.iter(f"{SVG}g") if g.get("data-series")}
    said = {name: numbers(group.get("data-scores")) for name, group in groups.items()}
    first = datetime.date.fromisoformat(svg.get("data-first"))
    days = Days(frame, len(said["rest"]))
    gaps = [rect for rect in svg.iter(f"{SVG}rect") if rect.get("class") == "gap"]
    return Daily(
        scores={name: _drawn(group, SHIFTS[name], days, first) for name, group in groups.items()},
        said=said,
        missing={date for rect in gaps for date in _gap(rect, days, first)},
        flares={datetime.date.fromisoformat(day) for day in _part(svg, "flares").get("data-flares").split()},
        notes=dated(_part(svg, "notes").get("data-notes")),
        marks=dated(_part(svg, "marks").get("data-marks")),
    )


def numbers(words: str) -> list[int | None]:
    return [None if word == "-" else int(word) for word in words.split()]


def _part(svg: ElementTree.Element, css_class: str) -> ElementTree.Element:
    return next(group for group in svg.iter(f"{SVG}g") if group.get("class") == css_class)


def _drawn(group: ElementTree.Element, shift: float, days: Days, first: datetime.date):
    places = [(float(use.get("x")), float(use.get("y"))) for use in group.findall(f"{SVG}use")]
    for path in group.findall(f"{SVG}path"):
        places += [tuple(map(float, pair)) for pair in re.findall(r"[ML]\s*([\d.]+) ([\d.]+)", path.get("d"))]
    at = {round(days.middle(n, shift), 1): n for n in range(days.count)}
    return {first + datetime.timedelta(days=at[x]): score_at(y, days.frame) for x, y in places}


def score_at(y: float, frame: Frame) -> int:
    """The score at a height; a height that is no score is an error of the picture."""
    score = (frame.plot_bottom - y) / frame.plot_height * HIGHEST
    assert abs(score - round(score)) < 0.02
    return round(score)


def _gap(rect: ElementTree.Element, days: Days, first: datetime.date):
    start = round((float(rect.get("x")) - days.frame.left) / days.pitch)
    count = round(float(rect.get("width")) / days.pitch)
    assert count == int(rect.get("data-days"))
    return [first + datetime.timedelta(days=start + n) for n in range(count)]


class _Tables(HTMLParser):
    """Rows of one table: the key in ``data-date`` or ``data-week``, and its cells."""

    def __init__(self, css_class: str) -> None:
        super().__init__()
        self.css_class, self.rows, self.inside, self.cell = css_class, {}, False, None
        self.key = ""

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "table":
            self.inside = self.css_class in given.get("class", "").split()
        elif self.inside and tag == "tr" and ("data-date" in given or "data-week" in given):
            self.key = given.get("data-date") or given["data-week"]
            self.rows[self.key] = []
        elif self.inside and self.key and tag in ("td", "th"):
            self.cell = ""
            self.span = int(given.get("colspan", 1))

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data

    def handle_endtag(self, tag):
        if tag in ("td", "th") and self.cell is not None:
            self.rows[self.key] += [self.cell.strip()] * self.span
            self.cell = None


def table(html: str, css_class: str) -> dict[str, list[str]]:
    """Key of a row -> its cells; a cell over several columns stands in each."""
    parser = _Tables(css_class)
    parser.feed(html)
    return parser.rows
