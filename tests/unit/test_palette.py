"""The colours of the charts, as they are and as colour-blind people see them.

Shapes, dashes and names tell the series apart without any colour; this holds that the colours do not
get in the way. Dichromacy is simulated after Machado, Oliveira and Fernandes 2009 (severity 1.0) on
linear light; distances are Euclidean in Oklab, where 0.02 is about the least that can be seen.
"""

import itertools
import math
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
SHEET = (CSS / "charts.css").read_text()
LIGHT_SHEET, DARK_SHEET = SHEET.split("@media screen and (prefers-color-scheme: dark)")
SERIES = ("rest", "morning", "during", "after")
GROUNDS = ("zone-quiet", "zone-amber", "zone-red", "chart-paper")
LEAST_DISTANCE = 0.15
LEAST_CONTRAST = 3
EYES = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
Light = tuple[float, float, float]


def colours(sheet: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", sheet))


THEMES = {"light": colours(LIGHT_SHEET), "dark": colours(LIGHT_SHEET) | colours(DARK_SHEET)}


def dot(weights: Sequence[float], values: Sequence[float]) -> float:
    return sum(weight * value for weight, value in zip(weights, values, strict=True))


def light_of(colour: str) -> Light:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)


def seen_by(eye: str, light: Light) -> Light:
    return tuple(min(max(dot(row, light), 0), 1) for row in EYES[eye])


def oklab(light: Light) -> Light:
    cones = (
        (0.4122214708, 0.5363325363, 0.0514459929),
        (0.2119034982, 0.6806995451, 0.1073969566),
        (0.0883024619, 0.2817188376, 0.6299787005),
    )
    l, m, s = (dot(row, light) ** (1 / 3) for row in cones)  # noqa: E741
    return (
        0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
        1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
        0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
    )


def luminance(light: Light) -> float:
    return dot((0.2126, 0.7152, 0.0722), light)


def contrast(first: Light, second: Light) -> float:
    dark, bright = sorted((luminance(first), luminance(second)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("eye", EYES)
def test_series_can_be_told_apart(theme, eye):
    seen = {name: oklab(seen_by(eye, light_of(THEMES[theme][f"series-{name}"]))) for name in SERIES}
    near = {
        pair: math.dist(seen[pair[0]], seen[pair[1]])
        for pair in itertools.combinations(SERIES, 2)
        if math.dist(seen[pair[0]], seen[pair[1]]) < LEAST_DISTANCE
    }
    assert not near


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("ground", GROUNDS)
def test_series_stand_out_from_what_is_behind_them(theme, eye, ground):
    behind = seen_by(eye, light_of(THEMES[theme][ground]))
    for name in SERIES:
        drawn = seen_by(eye, light_of(THEMES[theme][f"series-{name}"]))
        assert contrast(drawn, behind) >= LEAST_CONTRAST, name


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("words", "ground"),
    [
        *(("chart-ink", ground) for ground in (*GROUNDS, "band-head", "band-head-odd")),
        ("chart-soft", "chart-paper"),
    ],
)
def test_words_in_pictures_can_be_read(theme, words, ground):
    assert contrast(light_of(THEMES[theme][words]), light_of(THEMES[theme][ground])) >= 4.5


def test_the_dark_theme_names_every_colour_of_the_charts():
    assert colours(DARK_SHEET).keys() == colours(LIGHT_SHEET).keys()


def test_no_colour_of_a_chart_stands_outside_its_names():
    rules = re.sub(r":root \{[^}]*\}", "", SHEET)
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", rules)) <= {"#fff"}
