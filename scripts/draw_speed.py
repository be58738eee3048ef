"""Draw how the cost of closing a day grows with the number of runners, from what the measurement printed.

    .venv/bin/python scripts/bench/day_close.py --full > day_close.jsonl
    .venv/bin/python scripts/draw_speed.py day_close.jsonl

Writes docs/pictures/day-close-growth.svg: plain SVG, readable on light and on dark paper.
"""

import json
import math
import sys
from pathlib import Path

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "pictures" / "day-close-growth.svg"
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 660, 320, 90, 170, 30, 50
#: Name of a measurement -> words and colour; the colours keep their distance on white and on black.
CURVES = {
    "one worker": ("one worker", "#0b84a5"),
    "two workers over one": ("two workers", "#c2571a"),
    "streaming the fortnight": ("limit: streaming, deciding nothing", "#7a7a7a"),
    "naive loop": ("naive loop", "#9d5fb8"),
}


def read(path: Path) -> dict[str, list[tuple[int, float]]]:
    """Curve -> (runners, microseconds for an enrolment), from figures by the second."""
    found: dict[str, list[tuple[int, float]]] = {}
    for line in path.read_text().splitlines():
        one = json.loads(line)
        if one["name"] in CURVES and one["value"]:
            found.setdefault(one["name"], []).append((one["size"], 1e6 / one["value"]))
    return {name: sorted(points) for name, points in found.items()}


class Scale:
    """Numbers -> places, both axes by powers of ten."""

    def __init__(self, curves: dict[str, list[tuple[int, float]]]) -> None:
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


def _axes(scale: Scale) -> list[str]:
    parts = []
    for power in range(scale.up[0], scale.up[1] + 1):
        y = scale.y(10**power)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10**power:,} µs</text>')
    for power in range(scale.across[0], scale.across[1] + 1):
        x = scale.x(10**power)
        parts.append(
            f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{10**power:,}</text>'
        )
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(
        f'<text x="{middle:.0f}" y="{HEIGHT - 8}" text-anchor="middle">runners in the database</text>'
    )
    return parts


def _curve(scale: Scale, name: str, points: list[tuple[int, float]]) -> list[str]:
    words, colour = CURVES[name]
    places = [(scale.x(x), scale.y(y)) for x, y in points]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    parts = [f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2.5"/>']
    parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in places]
    x, y = places[-1]
    first, _, rest = words.partition(": ")
    parts.append(f'<text x="{x + 10:.1f}" y="{y + 4:.1f}">{first}</text>')
    if rest:
        parts.append(f'<text class="small" x="{x + 10:.1f}" y="{y + 18:.1f}">{rest}</text>')
    return parts


def drawn(curves: dict[str, list[tuple[int, float]]]) -> str:
    scale = Scale(curves)
    parts = _axes(scale)
    for name, points in curves.items():
        parts += _curve(scale, name, points)
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">\n'
        "<title>Cost of closing one enrolment's day, by the number of runners</title>\n"
        "<style>text{font:13px sans-serif;fill:#222}.small{font-size:11px}.grid{stroke:#ccc}"
        "@media (prefers-color-scheme:dark){text{fill:#ddd}.grid{stroke:#555}}</style>\n"
        f"{body}\n</svg>\n"
    )


def main(path: str) -> int:
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(drawn(read(Path(path))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
