"""Words on paper in whatever script they come: each run in a font that has it, long texts cut short."""

import functools
import unicodedata
from html import escape
from itertools import groupby

from reportlab.pdfbase import pdfmetrics

from programs.papers.fonts import CHINESE, PLAIN, register

#: What stands for a character that no font here has.
UNKNOWN = "?"


@functools.cache
def _glyphs() -> frozenset[int]:
    """Characters of the embedded font; the other one is made known to paragraphs too."""
    register()
    pdfmetrics.registerFontFamily(CHINESE, normal=CHINESE, bold=CHINESE, italic=CHINESE, boldItalic=CHINESE)
    return frozenset(pdfmetrics.getFont(PLAIN).face.charToGlyph)


def marked(text: str) -> str:
    """Text as a paragraph takes it, safe and with every run in a font that has its characters."""
    runs = groupby("".join(map(_printable, text)), key=_is_embedded)
    return "".join(
        escape("".join(run), quote=False)
        if embedded
        else f'<font face="{CHINESE}">{escape("".join(run), quote=False)}</font>'
        for embedded, run in runs
    )


def shortened(text: str, most: int) -> str:
    """At most so many characters, cut at a space where there is one near."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    at = cut.rfind(" ")
    return (cut[:at] if at > most // 2 else cut).rstrip(" ,;:.") + "…"


def has_chinese(text: str) -> bool:
    """Lines of it may break between any two characters."""
    return not all(map(_is_embedded, text))


def _is_embedded(character: str) -> bool:
    return ord(character) in _glyphs()


def _printable(character: str) -> str:
    """The character, the letter under its accent, or a mark that it cannot be printed."""
    if _is_embedded(character) or _is_in_chinese_font(character):
        return character
    base = unicodedata.normalize("NFKD", character)[0]
    return base if _is_embedded(base) or _is_in_chinese_font(base) else UNKNOWN


def _is_in_chinese_font(character: str) -> bool:
    try:
        return bool(character.encode("gbk"))
    except UnicodeEncodeError:
        return False
