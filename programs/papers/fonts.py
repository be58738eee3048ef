"""Which font a paper is set in: one that is embedded for Latin, one for Chinese.

Vera comes with reportlab and is embedded, so that "≤" and accents print
everywhere. A font with Chinese has megabytes, so none comes with us: where the
server has one (Debian: fonts-wqy-microhei) its glyphs are embedded, and
elsewhere the paper names a standard font that PDF readers have a stand-in for.
"""

from __future__ import annotations

import functools
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

PLAIN = "Vera"
BOLD = "VeraBd"
_HEI = Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")
CHINESE = "WenQuanYi" if _HEI.is_file() else "STSong-Light"

#: From here on come the scripts of East Asia and their punctuation marks.
_EAST_ASIA = 0x2E80


@functools.cache
def register() -> None:
    """Make the fonts known to reportlab, once in a process."""
    pdfmetrics.registerFont(TTFont(PLAIN, "Vera.ttf"))
    pdfmetrics.registerFont(TTFont(BOLD, "VeraBd.ttf"))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)
    chinese = TTFont(CHINESE, str(_HEI)) if _HEI.is_file() else UnicodeCIDFont(CHINESE)
    pdfmetrics.registerFont(chinese)


def font_for(text: str, bold: bool = False) -> str:
    """Name the font that has every character of this text.

    There is no bold Chinese among them: a heading in it is told
    by its size.
    """
    register()
    if any(ord(character) >= _EAST_ASIA for character in text):
        return CHINESE
    return BOLD if bold else PLAIN
