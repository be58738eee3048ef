"""The pain chart on paper: the coordinates of the screen, drawn with a pen."""

from __future__ import annotations

from collections.abc import Mapping

from reportlab.platypus import Flowable

from programs.charts.frame import Frame
from programs.charts.pain import PainGeometry
from programs.charts.weeks import Panel, WeeksGeometry
from programs.papers.pen import Pen
from programs.papers.signs import draw_mark, draw_score

#: Lower than on a screen: the page has more to say.
PAPER = Frame(width=720, height=284, left=26, right=78, top=72, bottom=38, scale=1, letter=6.6)
#: Of each score: how thick its line is, and in which dashes.
LINES = {
    "rest": (2.4, ()),
    "morning": (2.0, (6, 4)),
    "during": (1.6, (1, 3.5)),
    "after": (1.4, (9, 3, 1.5, 3)),
}
_WEEK_LINE, _DENSE_LINE, _AREA = 1.8, 1.3, 0.22


class DrawnChart(Flowable):
    """A chart that takes its place in the flow of a page; ``names``: score -> its name in words."""

    def __init__(
        self, geometry: PainGeometry | WeeksGeometry, names: Mapping[str, str], width: float
    ) -> None:
        super().__init__()
        self.geometry, self.names = geometry, names
        self.width = width
        self.height = width * geometry.frame.height / geometry.frame.width

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        self.canv.saveState()
        # A chart counts downwards from its top, a page upwards from its foot.
        self.canv.translate(0, self.height)
        self.canv.scale(1, -1)
        pen = Pen(self.canv, size=self.width / self.geometry.frame.width)
        if isinstance(self.geometry, WeeksGeometry):
            _draw_weeks(pen, self.geometry, self.names)
        else:
            _draw_days(pen, self.geometry, self.names)
        self.canv.restoreState()


def _draw_days(pen: Pen, chart: PainGeometry, names: Mapping[str, str]) -> None:
    frame = chart.frame
    for zone in chart.zones:
        pen.box(frame.left, zone.y, frame.plot_width, zone.height, zone.name)
    _draw_steps(pen, chart)
    for tick in chart.score_ticks:
        pen.line(frame.left, tick.at, frame.plot_right, tick.at, "grid")
        pen.text(frame.score_label_x, tick.at + 4, tick.label, fill="soft", anchor="end")
    _draw_gaps(pen, chart)
    _draw_dates(pen, chart)
    for series in chart.series:
        width, dash = LINES[series.name]
        for path in series.line.paths:
            pen.path(path, stroke=series.name, width=_DENSE_LINE if chart.is_dense else width, dash=dash)
        for point in series.line.points:
            draw_score(pen.moved(point.x, point.y, chart.scale), series.name)
        if series.label:
            _draw_name(pen.moved(series.label.x, series.label.y), series.name, names[series.name])
    for name, points in (("flare", chart.flares), ("note", chart.notes)):
        for point in points:
            draw_score(pen.moved(point.x, point.y, chart.scale), name)
    _draw_marks(pen, chart, with_lines=True)


def _draw_name(pen: Pen, score: str, name: str) -> None:
    width, dash = LINES[score]
    pen.line(-4, 0, 10, 0, score, width=width, dash=dash)
    draw_score(pen.moved(3, 0, 0.8), score)
    pen.text(13, 4, name, bold=True)


def _draw_weeks(pen: Pen, chart: WeeksGeometry, names: Mapping[str, str]) -> None:
    _draw_steps(pen, chart)
    _draw_gaps(pen, chart)
    for panel in chart.panels:
        _draw_panel(pen, panel, chart.frame, names[panel.name])
    _draw_dates(pen, chart)
    _draw_marks(pen, chart, with_lines=False)


def _draw_panel(pen: Pen, panel: Panel, frame: Frame, name: str) -> None:
    for tick in panel.grid:
        pen.line(frame.left, tick.at, frame.plot_right, tick.at, "grid")
        pen.text(frame.score_label_x, tick.at + 4, tick.label, fill="soft", anchor="end")
    for area in panel.areas:
        pen.path(area, fill=panel.name, alpha=_AREA)
    for path in panel.paths:
        pen.path(path, stroke=panel.name, width=_WEEK_LINE)
    for point in panel.points:
        draw_score(pen.moved(point.x, point.y, 0.6), panel.name)
    pen.text(frame.left, panel.label_y, name, bold=True)


def _draw_steps(pen: Pen, chart: PainGeometry | WeeksGeometry) -> None:
    frame = chart.frame
    for band in chart.bands:
        pen.box(band.x, 2, band.width, 24, "odd" if band.is_odd else "head")
        if band.starts_here:
            pen.line(band.x, 2, band.x, frame.plot_bottom, "axis", width=0.8)
        if band.label:
            pen.text(band.middle, 18, band.label, anchor="middle", bold=True)


def _draw_gaps(pen: Pen, chart: PainGeometry | WeeksGeometry) -> None:
    frame = chart.frame
    for gap in chart.gaps:
        pen.box(gap.x, frame.top, gap.width, frame.plot_height, "gap")
        pen.box(gap.x, frame.gap_y, gap.width, 5, "axis")


def _draw_dates(pen: Pen, chart: PainGeometry | WeeksGeometry) -> None:
    frame = chart.frame
    pen.line(frame.left, frame.plot_bottom, frame.plot_right, frame.plot_bottom, "axis")
    for tick in chart.date_ticks:
        pen.line(tick.at, frame.plot_bottom, tick.at, frame.tick_foot, "axis")
        pen.text(tick.at, frame.date_label_y, tick.label, fill="soft", anchor=tick.anchor)


def _draw_marks(pen: Pen, chart: PainGeometry | WeeksGeometry, *, with_lines: bool) -> None:
    for mark in chart.marks:
        if with_lines:
            pen.line(mark.x, mark.y, mark.x, chart.frame.plot_bottom, "axis", width=0.6, dash=(2, 3))
        draw_mark(pen.moved(mark.x, mark.y), mark.kind, mark.count)


class MarkSign(Flowable):
    """One sign of a decision, for the key under a chart."""

    SIZE = 13.0

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind, self.width, self.height = kind, self.SIZE, self.SIZE

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        return self.SIZE, self.SIZE

    def draw(self) -> None:
        self.canv.saveState()
        self.canv.translate(self.SIZE / 2, self.SIZE / 2)
        self.canv.scale(1, -1)
        draw_mark(Pen(self.canv, size=0.62), self.kind)
        self.canv.restoreState()
