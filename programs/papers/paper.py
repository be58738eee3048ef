"""An A4 paper from a story of flowables, with a foot that counts the pages."""

from __future__ import annotations

import io
from collections.abc import Callable

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, SimpleDocTemplate

from programs.papers.fonts import font_for
from programs.papers.words import SOFT

MARGIN = 16 * mm
FOOT = 10 * mm
WIDTH = A4[0] - 2 * MARGIN - 12  # a frame keeps 6 points free on each side

#: (page, pages) -> what stands at the foot of that page.
Foot = Callable[[int, int], str]


def printed(story: Callable[[], list[Flowable]], *, title: str, language: str, foot: Foot) -> bytes:
    """The paper as PDF; the same story gives the same bytes.

    It is laid out twice, because a foot says how many pages there are.
    """
    _, pages = _laid_out(story(), title=title, language=language, foot=lambda page: "")
    paper, _ = _laid_out(story(), title=title, language=language, foot=lambda page: foot(page, pages))
    return paper


def _laid_out(
    story: list[Flowable], *, title: str, language: str, foot: Callable[[int], str]
) -> tuple[bytes, int]:
    """The paper, and how many pages it has."""
    target = io.BytesIO()
    document = SimpleDocTemplate(
        target,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=14 * mm,
        bottomMargin=18 * mm,
        title=title,
        author="",
        lang=language,
        invariant=1,
    )

    def write_foot(canvas: Canvas, template: SimpleDocTemplate) -> None:
        _write_foot(canvas, foot(template.page))

    document.build(story, onFirstPage=write_foot, onLaterPages=write_foot)
    return target.getvalue(), document.page


def _write_foot(canvas: Canvas, words: str) -> None:
    canvas.saveState()
    canvas.setStrokeColor(HexColor(SOFT))
    canvas.setLineWidth(0.4)
    canvas.line(MARGIN + 6, FOOT + 10, MARGIN + 6 + WIDTH, FOOT + 10)
    canvas.setFillColor(HexColor(SOFT))
    canvas.setFont(font_for(words), 7.5)
    canvas.drawString(MARGIN + 6, FOOT, words)
    canvas.restoreState()
