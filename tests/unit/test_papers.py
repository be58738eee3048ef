"""Papers have a font for whatever they are to say."""

import json

import pytest
from reportlab.pdfbase import pdfmetrics

from programs.library.loader import shipped_library
from programs.papers.fonts import BOLD, CHINESE, PLAIN, font_for


@pytest.mark.parametrize(
    ("text", "bold", "font"),
    [
        ("At most 5 ≤ 6", False, PLAIN),
        ("Café, Zoë", True, BOLD),
        ("第 4 步，共 9 步", False, CHINESE),
        ("第 4 步", True, CHINESE),
    ],
)
def test_the_font_has_the_characters(text, bold, font):
    assert font_for(text, bold) == font
    assert pdfmetrics.stringWidth(text, font, 10) > 0


def test_the_embedded_font_has_every_character_of_the_library():
    written = {
        character
        for document in shipped_library().documents
        for character in json.dumps(document.content, ensure_ascii=False)
    }
    font_for("")
    for font in (PLAIN, BOLD):
        missing = {
            c for c in written if c.isprintable() and ord(c) not in pdfmetrics.getFont(font).face.charToGlyph
        }
        assert not missing
