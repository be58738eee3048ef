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


def printed(story: list[Flowable], *, title: str, language: str, foot: Foot) -> bytes:
    """The paper as PDF; the same story gives the same bytes."""
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

    def canvas(*given, **more) -> _CountedCanvas:
        return _CountedCanvas(*given, foot=foot, **more)

    document.build(story, canvasmaker=canvas)
    return target.getvalue()


class _CountedCanvas(Canvas):
    """Keeps every page until the last is known, because a foot says how many there are."""

    def __init__(self, *given, foot: Foot, **more) -> None:
        super().__init__(*given, **more)
        self._foot = foot
        self._pages: list[dict] = []

    def showPage(self) -> None:  # noqa: N802 - the name is reportlab's
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        pages = self._pages
        for number, page in enumerate(pages, 1):
            self.__dict__.update(page)
            self._write_foot(self._foot(number, len(pages)))
            super().showPage()
        super().save()

    def _write_foot(self, words: str) -> None:
        self.setStrokeColor(HexColor(SOFT))
        self.setLineWidth(0.4)
        self.line(MARGIN + 6, FOOT + 10, MARGIN + 6 + WIDTH, FOOT + 10)
        self.setFillColor(HexColor(SOFT))
        self.setFont(font_for(words), 7.5)
        self.drawString(MARGIN + 6, FOOT, words)
