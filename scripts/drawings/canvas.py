"""The sheet a drawing is made on: panels, styles and the SVG text itself.

The pages are served under a strict content security policy, so everything is
said with presentation attributes: no style attribute, style sheet or script.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from .geometry import Point, number, pair

WIDTH, HEIGHT = 640, 300

NEAR = "#1f4e5f"
FAR = "#8fb3bf"
ACCENT = "#c2410c"
MAT = "#dbe7ea"
PROP = "#5b6b72"
PROP_LIGHT = "#b9c4c8"
PAPER = "#ffffff"
GAP = 2.6  # white rim that keeps overlapping limbs apart, in screen units


@dataclass
class Sheet:
    """One exercise drawing: its words and its SVG elements in paint order."""

    key: str
    title: str
    desc: str
    parts: list[str] = field(default_factory=list)

    def path(self, data: str, **attributes: str) -> None:
        """Append a path; underscores in names become hyphens."""
        pairs = "".join(f' {k.replace("_", "-")}="{v}"' for k, v in attributes.items())
        self.parts.append(f'<path d="{data}"{pairs}/>')

    def solid(self, data: str, colour: str, rim: str | None = None) -> None:
        """Paint a body part with a white rim below it.

        rim is the shape that gets the rim when that is not the whole part: a
        near limb has none at its root, so that it grows out of the trunk. The
        shape is painted twice instead of using paint-order, which some
        programs that print SVG do not know.
        """
        self.path(
            data if rim is None else rim,
            fill=PAPER,
            stroke=PAPER,
            stroke_width=number(2 * GAP),
            stroke_linejoin="round",
        )
        self.path(data, fill=colour)

    def line(self, data: str, colour: str, width: float, **attributes: str) -> None:
        """Append an unfilled stroke with round ends."""
        self.path(
            data,
            fill="none",
            stroke=colour,
            stroke_width=number(width),
            stroke_linecap="round",
            stroke_linejoin="round",
            **attributes,
        )

    def label(self, x: float, y: float, words: str, size: int = 24) -> None:
        """Write a panel label."""
        self.parts.append(
            f'<text x="{number(x)}" y="{number(y)}" font-family="sans-serif" '
            f'font-size="{size}" font-weight="bold" fill="{NEAR}">{escape(words)}</text>'
        )

    def divider(self, x: float, top: float = 14, bottom: float = HEIGHT - 14) -> None:
        """Draw a thin dashed line between two panels."""
        self.line(f"M{pair((x, top))}V{number(bottom)}", PROP_LIGHT, 1.5, stroke_dasharray="3 6")

    def svg(self) -> str:
        """Return the whole file."""
        ids = f"{self.key}-title", f"{self.key}-desc"
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'role="img" aria-labelledby="{ids[0]} {ids[1]}">\n'
            f'<title id="{ids[0]}">{escape(self.title)}</title>\n'
            f'<desc id="{ids[1]}">{escape(self.desc)}</desc>\n'
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>\n'
        )
        return head + "\n".join(self.parts) + "\n</svg>\n"


@dataclass(frozen=True)
class Panel:
    """A place on the sheet: where body coordinate (0, 0) lies and how large.

    With flip the body faces the other way; joints are flipped before shapes
    are built, so no shape has to know about it.
    """

    sheet: Sheet
    x: float
    ground: float = 258
    scale: float = 1.3
    flip: bool = False

    def at(self, point: Point) -> Point:
        """Turn a body coordinate into a screen coordinate."""
        sign = -1 if self.flip else 1
        return (self.x + sign * self.scale * point[0], self.ground - self.scale * point[1])

    def size(self, length: float) -> float:
        """Turn a body length into a screen length."""
        return length * self.scale
