"""Things around the figure: mat, floor, props, arrows and guide lines."""

from __future__ import annotations

from .canvas import ACCENT, MAT, PAPER, PROP, PROP_LIGHT, Panel
from .geometry import Point, along, angle_of, disc_path, lerp, pair, polygon_path


def mat(panel: Panel, left: float, right: float) -> None:
    """Draw an exercise mat seen slightly from above."""
    top = [(left, -2.5), (left + 8, 6), (right + 8, 6), (right, -2.5)]
    edge = [(left, -2.5), (right, -2.5), (right, -6), (left, -6)]
    panel.sheet.path(polygon_path([panel.at(p) for p in top]), fill=MAT)
    panel.sheet.path(polygon_path([panel.at(p) for p in edge]), fill=PROP_LIGHT)


def floor(panel: Panel, left: float, right: float) -> None:
    """Draw plain ground with a firm front line."""
    top = [(left, -2.5), (left + 8, 6), (right + 8, 6), (right, -2.5)]
    panel.sheet.path(polygon_path([panel.at(p) for p in top]), fill=MAT)
    stroke(panel, [(left, -2.5), (right, -2.5)], PROP, 2)


def stroke(panel: Panel, points: list[Point], colour: str, width: float, **more: str) -> None:
    """Draw a line through points; the width is in screen units."""
    panel.sheet.line("M" + "L".join(pair(panel.at(p)) for p in points), colour, width, **more)


def box(panel: Panel, left: float, right: float, low: float, high: float, colour: str = PROP_LIGHT) -> None:
    """Draw an upright box such as a block or a pad."""
    corners = [(left, low), (right, low), (right, high), (left, high)]
    data = polygon_path([panel.at(p) for p in corners])
    panel.sheet.path(data, fill=colour, stroke=PROP, stroke_width="1.5", stroke_linejoin="round")


def pillow(panel: Panel, centre: Point, width: float, height: float) -> None:
    """Draw a thin cushion."""
    x, y = panel.at(centre)
    w, h = panel.size(width), panel.size(height)
    panel.sheet.parts.append(
        f'<rect x="{x - w / 2:.1f}" y="{y - h / 2:.1f}" width="{w:.1f}" height="{h:.1f}" '
        f'rx="{h / 2:.1f}" fill="{PROP_LIGHT}" stroke="{PROP}" stroke-width="1.5"/>'
    )


def wall(panel: Panel, x: float, height: float) -> None:
    """Draw a wall, seen edge-on, at the right of the figure."""
    side = [(x, -2.5), (x + 9, 6), (x + 9, height + 8), (x, height)]
    panel.sheet.path(polygon_path([panel.at(p) for p in side]), fill=PROP_LIGHT)
    stroke(panel, [(x, -2.5), (x, height)], PROP, 2.5)


def ring(panel: Panel, centre: Point, radius: float, colour: str, width: float, fill: str = "none") -> None:
    """Draw a circle; the stroke width is in screen units."""
    panel.sheet.path(
        disc_path(panel.at(centre), panel.size(radius)),
        fill=fill,
        stroke=colour,
        stroke_width=f"{width:g}",
    )


def guide(panel: Panel, start: Point, end: Point) -> None:
    """Draw a dashed line that shows what has to line up.

    It is drawn dark on a white rim so that it reads on the body too.
    """
    stroke(panel, [start, end], PAPER, 4.6)
    stroke(panel, [start, end], ACCENT, 2.4, stroke_dasharray="7 5")


def arrow(panel: Panel, start: Point, bulge: Point, end: Point, width: float = 3.4) -> None:
    """Draw a curved movement arrow through a control point.

    A white rim keeps it readable where it crosses a limb.
    """
    a, b, c = panel.at(start), panel.at(bulge), panel.at(end)
    heading = angle_of(b, c)
    neck = along(c, heading, -7)
    tip = [
        along(c, heading, 3),
        along(along(c, heading, -8), heading + 90, 6.2),
        along(along(c, heading, -8), heading - 90, 6.2),
    ]
    line, head = f"M{pair(a)}Q{pair(b)} {pair(neck)}", polygon_path(tip)
    panel.sheet.line(line, PAPER, width + 3)
    panel.sheet.path(head, fill=PAPER, stroke=PAPER, stroke_width="3", stroke_linejoin="round")
    panel.sheet.line(line, ACCENT, width)
    panel.sheet.path(head, fill=ACCENT, stroke=ACCENT, stroke_width="1", stroke_linejoin="round")


def straight_arrow(panel: Panel, start: Point, end: Point) -> None:
    """Draw a straight movement arrow."""
    arrow(panel, start, lerp(start, end, 0.5), end)


def water(panel: Panel, left: float, right: float, level: float, depth: float) -> None:
    """Draw the water below its surface; the surface line comes later, on top."""
    corners = [(left, level), (right, level), (right, level - depth), (left, level - depth)]
    panel.sheet.path(polygon_path([panel.at(p) for p in corners]), fill=MAT)


def ripples(panel: Panel, left: float, right: float, level: float) -> None:
    """Draw the wavy surface of the water."""
    count = 12
    step = (right - left) / count
    data = f"M{pair(panel.at((left, level)))}"
    for i in range(count):
        x = left + i * step
        lift = 3 if i % 2 else -3
        data += f"Q{pair(panel.at((x + step / 2, level + lift)))} {pair(panel.at((x + step, level)))}"
    panel.sheet.line(data, PAPER, 4.5)
    panel.sheet.line(data, PROP, 2)
