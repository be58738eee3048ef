"""What letters and reports are made of: text, titles, tables, in one look."""

from __future__ import annotations

from collections.abc import Iterable

from reportlab.lib.colors import HexColor, white
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph, Spacer, Table

from programs.papers.fonts import BOLD, PLAIN
from programs.papers.lettering import has_chinese, marked

INK, SOFT, ALARM, LINE = HexColor("#1d2b31"), HexColor("#4b5a63"), HexColor("#a3162c"), HexColor("#b9c4c8")
TINT = HexColor("#f3f1ed")


def text(words: str, size: float = 8.5, *, bold: bool = False, color=INK, before: float = 0) -> Paragraph:
    style = ParagraphStyle(
        "text",
        fontName=BOLD if bold else PLAIN,
        fontSize=size,
        leading=size * 1.3,
        textColor=color,
        spaceBefore=before,
        wordWrap="CJK" if has_chinese(words) else None,
        splitLongWords=1,
    )
    return Paragraph(marked(words), style)


def title(words: str) -> list[Flowable]:
    return [Spacer(0, 7), text(words, 9.5, bold=True), Spacer(0, 2)]


def plain() -> list[tuple]:
    everywhere = (0, 0), (-1, -1)
    return [
        ("VALIGN", *everywhere, "TOP"),
        ("TOPPADDING", *everywhere, 1.5),
        ("BOTTOMPADDING", *everywhere, 1.5),
        ("LEFTPADDING", *everywhere, 3),
        ("RIGHTPADDING", *everywhere, 3),
    ]


def table(head: Iterable[str], rows: Iterable[Iterable[str]], widths: list[float]) -> Table:
    cells = [[text(name, 7.5, bold=True) for name in head]]
    cells += [[text(cell, 7.5) for cell in row] for row in rows]
    style = [
        *plain(),
        ("BACKGROUND", (0, 0), (-1, 0), TINT),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
        ("BACKGROUND", (0, 1), (-1, -1), white),
    ]
    return Table(cells, colWidths=widths, style=style, repeatRows=1, hAlign="LEFT")
