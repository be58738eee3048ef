"""Draw how costs grow, from what was measured: of a day with the runners, of a page with the days behind it.

    .venv/bin/python scripts/bench/day_close.py --full > figures.jsonl
    .venv/bin/python scripts/bench/pages_wrk.py --json figures.jsonl
    .venv/bin/python scripts/bench/caseload.py --json figures.jsonl
    .venv/bin/python scripts/draw_speed.py figures.jsonl

Writes docs/pictures/day-close-growth.svg and pages-growth.svg, whichever the file has figures for:
plain SVG, readable on light and on dark paper.
"""

import json
import math
import sys
from dataclasses import dataclass
from pathlib import Path

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 660, 320, 90, 170, 30, 50
#: Between the words of two curves that end in one place.
LINE = 17
Points = list[tuple[int, float]]


@dataclass(frozen=True)
class Picture:
    """One picture: its file, its words, and which figures are its curves.

    ``curves``: name of a measurement -> words and colour, which keep their distance on white
    and on black. What is drawn is the time of one, in ``unit``.
    """

    file: str
    title: str
    across: str
    unit: str
    in_a_second: float
    curves: dict[str, tuple[str, str]]


DAY_CLOSE = Picture(
    "day-close-growth.svg",
    "Cost of closing one enrolment's day, by the number of runners",
    "runners in the database",
    "µs",
    1e6,
    {
        "one worker": ("one worker", "#0b84a5"),
        "two workers over one": ("two workers", "#c2571a"),
        "streaming the fortnight": ("limit: streaming, deciding nothing", "#7a7a7a"),
        "naive loop": ("naive loop", "#9d5fb8"),
    },
)
PAGES = Picture(
    "pages-growth.svg",
    "Time of two cores for one page, by the days of history behind it",
    "days of history",
    "ms",
    1e3,
    {
        "caseload": ("caseload: 200 runners", "#9d5fb8"),
        "progress": ("progress", "#c2571a"),
        "check-in POST": ("check-in, sent", "#7a7a7a"),
        "today": ("Today", "#0b84a5"),
    },
)


def read(path: Path, picture: Picture) -> dict[str, Points]:
    """Curve -> (runners or days, time of one), from figures by the second."""
    found: dict[str, Points] = {}
    for line in path.read_text().splitlines():
        one = json.loads(line)
        if one["name"] in picture.curves and one["value"]:
            found.setdefault(one["name"], []).append((one["size"], picture.in_a_second / one["value"]))
    return {name: sorted(points) for name, points in found.items()}


class Scale:
    """Numbers -> places, both axes by powers of ten."""

    def __init__(self, curves: dict[str, Points]) -> None:
        points = [point for curve in curves.values() for point in curve]
        self.across = self._decades([x for x, _ in points])
        self.up = self._decades([y for _, y in points])

    @staticmethod
    def _decades(values: list[float]) -> tuple[int, int]:
        low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        return low, max(high, low + 1)

    def x(self, value: float) -> float:
        low, high = self.across
        return LEFT + (math.log10(value) - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        low, high = self.up
        return HEIGHT - BOTTOM - (math.log10(value) - low) / (high - low) * (HEIGHT - TOP - BOTTOM)


def _middle(x: float, y: float, words: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{words}</text>'


def _axes(scale: Scale, picture: Picture) -> list[str]:
    parts = []
    for power in range(scale.up[0], scale.up[1] + 1):
        y = scale.y(10**power)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(
            f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10**power:,} {picture.unit}</text>'
        )
    for power in range(scale.across[0], scale.across[1] + 1):
        parts.append(_middle(scale.x(10**power), HEIGHT - BOTTOM + 20, f"{10**power:,}"))
    parts.append(_middle((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, picture.across))
    return parts


def _curve(places: list[tuple[float, float]], words: str, colour: str, told_at: float) -> list[str]:
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    parts = [f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2.5"/>']
    parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in places]
    x, (first, _, rest) = places[-1][0], words.partition(": ")
    parts.append(f'<text x="{x + 10:.1f}" y="{told_at + 4:.1f}">{first}</text>')
    if rest:
        parts.append(f'<text class="small" x="{x + 10:.1f}" y="{told_at + 18:.1f}">{rest}</text>')
    return parts


def _apart(ends: dict[str, float]) -> dict[str, float]:
    """Curve -> where its words stand: at its end, or below those of another that ends there too."""
    found: dict[str, float] = {}
    free = 0.0
    for name, y in sorted(ends.items(), key=lambda end: end[1]):
        found[name] = max(y, free)
        free = found[name] + LINE
    return found


def drawn(curves: dict[str, Points], picture: Picture = DAY_CLOSE) -> str:
    scale = Scale(curves)
    places = {name: [(scale.x(x), scale.y(y)) for x, y in points] for name, points in curves.items()}
    told = _apart({name: of_curve[-1][1] for name, of_curve in places.items()})
    parts = _axes(scale, picture)
    for name, of_curve in places.items():
        parts += _curve(of_curve, *picture.curves[name], told[name])
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">\n'
        f"<title>{picture.title}</title>\n"
        "<style>text{font:13px sans-serif;fill:#222}.small{font-size:11px}.grid{stroke:#ccc}"
        "@media (prefers-color-scheme:dark){text{fill:#ddd}.grid{stroke:#555}}</style>\n"
        f"{body}\n</svg>\n"
    )


def main(path: str) -> int:
    PICTURES.mkdir(exist_ok=True)
    for picture in (DAY_CLOSE, PAGES):
        curves = read(Path(path), picture)
        if curves:
            (PICTURES / picture.file).write_text(drawn(curves, picture))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
