"""Lines of text on a paper: sizes, colours, and the font that has the characters."""

from __future__ import annotations

from html import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph

from programs.papers.fonts import CHINESE, font_for

INK = "#1b2a30"
SOFT = "#4a5a61"
HEAD = "#1f4e5f"


def line(text: str, size: float = 9, *, bold: bool = False, colour: str = INK, lead: str = "") -> Paragraph:
    """A paragraph; ``lead`` is said in bold before it."""
    font = font_for(lead + text, bold)
    words = escape(text, quote=False)
    if lead:
        words = f'<font name="{font_for(lead + text, bold=True)}">{escape(lead, quote=False)}</font> {words}'
    return Paragraph(words, _style(font, size, colour))


def point(text: str, size: float = 9, mark: str = "•") -> Paragraph:
    """One line of a list."""
    style = _style(font_for(text), size, INK, leftIndent=11, bulletIndent=1)
    return Paragraph(escape(text, quote=False), style, bulletText=mark)


def _style(font: str, size: float, colour: str, **more) -> ParagraphStyle:
    return ParagraphStyle(
        f"{font} {size}",
        fontName=font,
        bulletFontName=font_for("•"),
        bulletFontSize=size,
        fontSize=size,
        leading=size * 1.32,
        textColor=HexColor(colour),
        spaceAfter=size * 0.18,
        # Chinese has no spaces at which a line could end.
        wordWrap="CJK" if font == CHINESE else None,
        **more,
    )
