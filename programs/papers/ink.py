"""Putting a picture's shapes on a PDF page."""

from __future__ import annotations

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import FILL_NON_ZERO, Canvas
from reportlab.platypus import Flowable

from programs.papers.fonts import font_for
from programs.papers.svg import Picture, Shape

_ROUND = 1


class Drawn(Flowable):
    """A picture that takes its place in the flow of a page."""

    def __init__(self, picture: Picture, width: float) -> None:
        super().__init__()
        self.picture = picture
        self.width, self.height = width, width * picture.height / picture.width

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        scale = self.width / self.picture.width
        self.canv.saveState()
        # A drawing counts downwards from its top, a page upwards from its foot.
        self.canv.translate(0, self.height)
        self.canv.scale(scale, -scale)
        for shape in self.picture.shapes:
            if shape.words:
                _write(self.canv, shape)
            else:
                _paint(self.canv, shape)
        self.canv.restoreState()


def _write(canvas: Canvas, shape: Shape) -> None:
    canvas.saveState()
    canvas.translate(*shape.pieces[0][1][0])
    canvas.scale(1, -1)
    canvas.setFont(font_for(shape.words, bold=True), float(shape.look["font-size"]))
    canvas.setFillColor(HexColor(shape.look["fill"]))
    canvas.drawString(0, 0, shape.words)
    canvas.restoreState()


def _paint(canvas: Canvas, shape: Shape) -> None:
    look = shape.look
    fill, stroke = look.get("fill", "#000000"), look.get("stroke", "none")
    canvas.saveState()
    if fill != "none":
        canvas.setFillColor(HexColor(fill))
        canvas.setFillAlpha(float(look.get("fill-opacity", "1")))
    if stroke != "none":
        canvas.setStrokeColor(HexColor(stroke))
        canvas.setLineWidth(float(look.get("stroke-width", "1")))
        canvas.setLineCap(_ROUND if look.get("stroke-linecap") == "round" else 0)
        canvas.setLineJoin(_ROUND if look.get("stroke-linejoin") == "round" else 0)
        canvas.setDash([float(length) for length in look.get("stroke-dasharray", "").split()])
    canvas.drawPath(
        _outline(canvas, shape), stroke=stroke != "none", fill=fill != "none", fillMode=FILL_NON_ZERO
    )
    canvas.restoreState()


def _outline(canvas: Canvas, shape: Shape):
    path = canvas.beginPath()
    acts = {"move": path.moveTo, "line": path.lineTo, "curve": path.curveTo, "close": path.close}
    for kind, points in shape.pieces:
        acts[kind](*(number for point in points for number in point))
    return path
