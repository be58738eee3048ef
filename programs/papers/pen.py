"""A pen that draws in the measures of a chart: x to the right, y downwards, colours by name."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from programs.papers.fonts import font_for
from programs.papers.svg import path_pieces

#: As on the screen by day (static/css/charts.css): paper is white.
COLOURS = {
    "rest": "#0f2a35",
    "morning": "#c2500a",
    "during": "#6a1b9a",
    "after": "#4b82c2",
    "quiet": "#eef7f2",
    "amber": "#fdf6e7",
    "red": "#fbeceb",
    "paper": "#ffffff",
    "ink": "#163a47",
    "soft": "#43525a",
    "axis": "#5d6b73",
    "head": "#e3e9ec",
    "odd": "#cfdade",
    "gap": "#d5dade",
    "grid": "#dfe4e6",
    "advance": "#1d6b45",
    "refer": "#8a5000",
    "step-back": "#44525c",
    "pause": "#a3162c",
    "person": "#1f4e5f",
    "several": "#163a47",
}


class Pen:
    """Everything is in pixels of the chart; the canvas was turned and scaled before."""

    def __init__(self, canvas: Canvas, at: tuple[float, float] = (0.0, 0.0), size: float = 1.0) -> None:
        self.canvas, self.at, self.size = canvas, at, size

    def moved(self, x: float, y: float, size: float = 1.0) -> Pen:
        """The same pen round another middle."""
        return Pen(self.canvas, (self.at[0] + x * self.size, self.at[1] + y * self.size), self.size * size)

    def box(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        self.canvas.setFillColor(HexColor(COLOURS[fill]))
        left, top = self._place(x, y)
        self.canvas.rect(left, top, width * self.size, height * self.size, stroke=0, fill=1)

    def circle(self, x: float, y: float, radius: float, fill: str, edge: str = "") -> None:
        self._look(fill, edge, 1.0)
        self.canvas.circle(*self._place(x, y), radius * self.size, stroke=bool(edge), fill=1)

    def path(
        self,
        data: str,
        *,
        fill: str = "",
        stroke: str = "",
        width: float = 1.0,
        dash: Sequence[float] = (),
        alpha: float = 1.0,
    ) -> None:
        """A path as charts write it."""
        self._look(fill, stroke, width)
        self.canvas.setFillAlpha(alpha)
        self.canvas.setDash([length * self.size for length in dash])
        path = self.canvas.beginPath()
        acts = {"move": path.moveTo, "line": path.lineTo, "curve": path.curveTo, "close": path.close}
        for kind, points in path_pieces(data):
            acts[kind](*(number for point in points for number in self._place(*point)))
        self.canvas.drawPath(path, stroke=bool(stroke), fill=bool(fill))
        self.canvas.setFillAlpha(1)
        self.canvas.setDash([])

    def line(self, x1: float, y1: float, x2: float, y2: float, stroke: str, **look) -> None:
        self.path(f"M{x1:.2f} {y1:.2f} L{x2:.2f} {y2:.2f}", stroke=stroke, **look)

    def text(
        self, x: float, y: float, words: str, *, fill: str = "ink", anchor: str = "start", bold: bool = False
    ) -> None:
        """``y`` is the line on which the letters stand."""
        font, size = font_for(words, bold), 12 * self.size
        left, foot = self._place(x, y)
        left -= stringWidth(words, font, size) * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
        self.canvas.saveState()
        self.canvas.translate(left, foot)
        self.canvas.scale(1, -1)
        self.canvas.setFillColor(HexColor(COLOURS[fill]))
        self.canvas.setFont(font, size)
        self.canvas.drawString(0, 0, words)
        self.canvas.restoreState()

    def _look(self, fill: str, stroke: str, width: float) -> None:
        if fill:
            self.canvas.setFillColor(HexColor(COLOURS[fill]))
        if stroke:
            self.canvas.setStrokeColor(HexColor(COLOURS[stroke]))
        self.canvas.setLineWidth(width * self.size)
        self.canvas.setLineCap(1)
        self.canvas.setLineJoin(1)

    def _place(self, x: float, y: float) -> tuple[float, float]:
        return self.at[0] + x * self.size, self.at[1] + y * self.size
