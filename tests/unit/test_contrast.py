"""The colours of the style sheets, light and dark, measured: text 4.5 to 1, borders of controls 3 to 1."""

import re
from pathlib import Path

import pytest

SHEETS = Path(__file__).resolve().parents[2] / "static" / "css"


def colours(sheet: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", (SHEETS / sheet).read_text()))


LIGHT = colours("rehab.css")
THEMES = {"light": LIGHT, "dark": LIGHT | colours("dark.css")}
BOTH = pytest.mark.parametrize("theme", THEMES)
TONES = ("advance", "hold", "step-back", "pause")
TEXT = [
    *(("ink", ground) for ground in ("paper", "surface", *(f"{tone}-tint" for tone in TONES))),
    *(("ink-soft", ground) for ground in ("paper", "surface", "primary-tint")),
    *((tone, ground) for tone in TONES for ground in (f"{tone}-tint", "surface", "paper")),
    *(("primary", ground) for ground in ("primary-tint", "surface", "paper")),
    *(("on-tone", ground) for ground in ("primary", "primary-dark", "pause", "pause-dark", "disabled")),
    ("ink", "muted"),
    ("ink-soft", "muted"),
    *(("bs-link-color", ground) for ground in ("paper", "surface")),
]
EDGES = [("line-strong", "surface"), ("line-strong", "paper"), ("focus", "surface"), ("focus", "paper")]


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(theme: str, first: str, second: str) -> float:
    dark, light = sorted(luminance(THEMES[theme][name]) for name in (first, second))
    return (light + 0.05) / (dark + 0.05)


@BOTH
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read(theme, text, ground):
    assert contrast(theme, text, ground) >= 4.5


@BOTH
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_controls_can_be_seen(theme, edge, ground):
    assert contrast(theme, edge, ground) >= 3


def test_the_dark_theme_names_every_colour_of_the_light_one():
    kept = {"accent"}
    assert {name for name in LIGHT if not name.startswith("bs-")} - kept <= colours("dark.css").keys()
