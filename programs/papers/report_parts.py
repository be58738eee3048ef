"""The parts of the report of progress, from top to bottom."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from reportlab.platypus import Flowable, Spacer, Table

from programs.papers.chart import DrawnChart, MarkSign
from programs.papers.lettering import shortened
from programs.papers.pieces import SOFT, plain, table, text, title

if TYPE_CHECKING:
    from programs.papers.report import Measured, Report, Row, Stage

#: Longer texts are cut: one page that is read beats two that are not.
MOST_FACT, MOST_TITLE, MOST_WHAT, MOST_WHY, MOST_CHANGE, MOST_LINE = 90, 60, 60, 210, 240, 240
BETWEEN = 10


def flowables_of(report: Report, width: float) -> list[Flowable]:
    narrow = (width - BETWEEN) * 0.42
    wide = width - BETWEEN - narrow
    return [
        *_head(report, width),
        *_chart(report, width),
        _beside(_stages(report.stages, narrow), _measures(report.measures, wide), [narrow, BETWEEN, wide]),
        *_rows(gettext("Decisions that changed something, newest first"), report.decisions, width),
        *_rows(gettext("What physiotherapists did, and why, newest first"), report.acts, width),
        *_plan(report),
        *_foot(report),
    ]


def _head(report: Report, width: float) -> list[Flowable]:
    """Facts in two columns, the name first."""
    middle = -(-len(report.facts) // 2)
    pairs = zip_longest(report.facts[:middle], report.facts[middle:], fillvalue=("", ""))
    rows = [
        [
            text(left[0], color=SOFT),
            text(shortened(left[1], MOST_FACT), bold=left == report.facts[0]),
            text(right[0], color=SOFT),
            text(shortened(right[1], MOST_FACT)),
        ]
        for left, right in pairs
    ]
    shares = (0.13, 0.4, 0.13, 0.34)
    return [
        text(gettext("Report of progress"), 14, bold=True),
        Spacer(0, 4),
        text(report.written, 8, color=SOFT),
        Spacer(0, 3),
        Table(rows, colWidths=[share * width for share in shares], style=plain(), hAlign="LEFT"),
    ]


def _chart(report: Report, width: float) -> list[Flowable]:
    chart = report.chart
    if chart.geometry is None:
        return [*title(chart.title), text(gettext("No pain score was recorded in this time."))]
    notes = [text(" ".join(chart.notes), 7.5, color=SOFT)] if chart.notes else []
    return [
        *title(chart.title),
        DrawnChart(chart.geometry, chart.names, width),
        *([_key(chart.marks, width)] if chart.marks else []),
        *notes,
    ]


def _key(marks: Mapping[str, str], width: float) -> Table:
    """What the signs of decisions mean, three in a row."""
    cells = [[MarkSign(kind), text(words, 7.5)] for kind, words in marks.items()]
    rows = [
        [cell for pair in cells[at : at + 3] for cell in pair] + [""] * (6 - 2 * len(cells[at : at + 3]))
        for at in range(0, len(cells), 3)
    ]
    widths = [16, width / 3 - 16] * 3
    style = [*plain(), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    return Table(rows, colWidths=widths, style=style, hAlign="LEFT")


def _beside(left: list[Flowable], right: list[Flowable], widths: list[float]) -> Table:
    style = [
        *plain(),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
    ]
    return Table([[left, "", right]], colWidths=widths, style=style, hAlign="LEFT")


def _stages(stages: tuple[Stage, ...], width: float) -> list[Flowable]:
    head = (gettext("Step"), gettext("Since"), gettext("Days"), gettext("Sessions"))
    rows = [(shortened(s.title, MOST_TITLE), s.since, s.days, s.sessions) for s in stages]
    widths = [share * width for share in (0.44, 0.21, 0.13, 0.22)]
    return [*title(gettext("Steps, newest first")), table(head, rows, widths)]


def _measures(measures: tuple[Measured, ...], width: float) -> list[Flowable]:
    if not measures:
        return [*title(gettext("Outcome measures")), text(gettext("None was answered."))]
    head = ("", gettext("First"), gettext("Last"), gettext("Change"))
    rows = [
        (shortened(m.title, MOST_TITLE), m.first, m.last, shortened(m.change, MOST_CHANGE)) for m in measures
    ]
    widths = [share * width for share in (0.2, 0.14, 0.14, 0.52)]
    return [*title(gettext("Outcome measures")), table(head, rows, widths)]


def _rows(name: str, rows: tuple[Row, ...], width: float) -> list[Flowable]:
    if not rows:
        return []
    head = (gettext("Day"), gettext("What"), gettext("Why"))
    cells = [(row.date, shortened(row.what, MOST_WHAT), shortened(row.why, MOST_WHY)) for row in rows]
    return [*title(name), table(head, cells, [share * width for share in (0.1, 0.27, 0.63)])]


def _plan(report: Report) -> list[Flowable]:
    lines = [text(shortened(line, MOST_LINE), 8) for line in report.plan]
    return [*title(gettext("Present plan")), *lines] if lines else []


def _foot(report: Report) -> list[Flowable]:
    limits = gettext(
        "This is no diagnosis and no medical record. The site is not a medical device, and no clinician has "
        "approved its rules. The scores are the runner's own; a day without an entry is a gap."
    )
    return [Spacer(0, 5), text(" ".join([*report.cut, limits]), 7, color=SOFT)]
