"""The colours of the style sheet, measured: text 4.5 to 1, borders of controls 3 to 1."""

import re
from pathlib import Path

import pytest

SHEET = Path(__file__).resolve().parents[2] / "static" / "css" / "rehab.css"
COLOURS = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", SHEET.read_text())) | {"white": "#ffffff"}
TONES = ("advance", "hold", "step-back", "pause")
TEXT = [
    *(("ink", ground) for ground in ("paper", "surface", *(f"{tone}-tint" for tone in TONES))),
    *(("ink-soft", ground) for ground in ("paper", "surface", "primary-tint")),
    *((tone, ground) for tone in TONES for ground in (f"{tone}-tint", "surface", "paper")),
    *(("primary", ground) for ground in ("primary-tint", "surface", "paper")),
    *(("white", ground) for ground in ("primary", "primary-dark", "pause")),
]
EDGES = [("line-strong", "surface"), ("line-strong", "paper"), ("focus", "surface"), ("focus", "paper")]


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    dark, light = sorted((luminance(COLOURS[first]), luminance(COLOURS[second])))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read(text, ground):
    assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_controls_can_be_seen(edge, ground):
    assert contrast(edge, ground) >= 3
