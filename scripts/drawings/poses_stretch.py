"""Stretches and the dead lift."""

from __future__ import annotations

from .canvas import PAPER, PROP, PROP_LIGHT, Panel, Sheet
from .figure import (
    SOLE,
    THIGH,
    UPRIGHT_SHIFT,
    Body,
    leg,
    reach,
    spine,
    spine_at_shoulder,
    step,
)
from .geometry import Point, along, angle_of, lerp
from .painting import draw_body
from .scene import arrow, box, floor, guide, mat, ring, straight_arrow, stroke, wall

PAD = 4.0


def hip_flexor_stretch() -> Sheet:
    """Half-kneeling; then the pelvis tucked and moved a little forward."""
    sheet = Sheet(
        "hip_flexor_stretch",
        "Hip-flexor stretch: start and end position",
        "Start: half-kneeling, the back knee on a pad under the hip, the front foot flat with the "
        "front knee bent about 90 degrees, trunk upright, hands resting lightly on the "
        "front thigh. End: the tail is "
        "tucked under so that the belt buckle points up, which flattens the low back, and the "
        "hips have moved 2 to 3 centimetres forward. The trunk stays upright and does not arch. "
        "The front leg is paler.",
    )
    left = Panel(sheet, 140, ground=264, scale=1.34)
    right = Panel(sheet, 456, ground=264, scale=1.34)
    sheet.label(16, 34, "Start")
    sheet.label(336, 34, "End")
    half_kneeling(left, 2.5, 26, -26)
    half_kneeling(right, 6, 1, -10)
    arrow(right, (-7, 86), (-19, 62), (0, 38))
    straight_arrow(right, (22, 46), (42, 46))
    sheet.divider(320)
    return sheet


def half_kneeling(panel: Panel, hip_x: float, lumbar: float, thoracic: float) -> None:
    """Paint a half-kneeling figure; one unit is about 8 millimetres of a person."""
    mat(panel, -76, 82)
    box(panel, -14, 14, -1, PAD, PROP_LIGHT)
    knee: Point = (0.0, 7.5 + PAD)
    hip: Point = (hip_x, knee[1] + (THIGH**2 - hip_x**2) ** 0.5)
    trunk = spine(hip, 90, lumbar, thoracic)
    back = leg(hip, angle_of(hip, knee), 188, toe=194, tip=180)
    front = step(hip, (51.0, SOLE), 1, toe=0)
    on_thigh = reach(trunk.shoulder, (hip[0] + 27, hip[1] + 12.5), -1, hand=-14)
    draw_body(panel, Body(trunk, on_thigh, on_thigh, back, front, 88, 90, UPRIGHT_SHIFT))


def hamstring_stretch() -> Sheet:
    """On the back with a strap; then the knee straightened to the ceiling."""
    sheet = Sheet(
        "hamstring_stretch",
        "Hamstring stretch, lying with a strap: start and end position",
        "Start: lying on the back, a strap round one foot and held with both hands, that thigh "
        "upright with the knee bent, the other knee bent with its foot on the floor. End: the "
        "strapped leg is straightened towards the ceiling until a mild pull; the back and head "
        "stay flat on the floor. The resting leg is paler.",
    )
    left = Panel(sheet, 80, ground=254, scale=1.46)
    right = Panel(sheet, 404, ground=254, scale=1.46)
    sheet.label(16, 34, "Start")
    sheet.label(336, 34, "End")
    strap_figure(left, 84, 12, (33.0, 54.0))
    strap_figure(right, 84, 80, (27.0, 58.0))
    arrow(right, (112, 66), (112, 98), (84, 112))
    sheet.divider(320)
    return sheet


def strap_figure(panel: Panel, thigh: float, shank: float, wrist: Point) -> None:
    """Paint a figure on its back that holds a strap round one foot."""
    mat(panel, -42, 126)
    shoulder: Point = (0.0, 11.0)
    trunk = spine_at_shoulder(shoulder, 181, 5, -7)
    strapped = leg(trunk.hip, thigh, shank, toe=shank + 84)
    resting = step(trunk.hip, (95.0, SOLE), 1, toe=0)
    hold = reach(shoulder, wrist, -1)
    grip = lerp(hold.joints[2], hold.joints[3], 0.5)
    sole = along(strapped.ball, shank, 4.4)
    draw_body(panel, Body(trunk, hold, hold, strapped, resting, 177, 181))
    stroke(panel, [grip, along(sole, shank + 84, 3)], PAPER, 6.4)
    stroke(panel, [grip, along(sole, shank + 84, 3), along(sole, shank + 84, -5)], PROP, 3.6)


def calf_stretch() -> Sheet:
    """Facing a wall; then leaning in with the back heel down."""
    sheet = Sheet(
        "calf_stretch",
        "Calf stretch at a wall: start and end position",
        "Start: facing a wall with the hands on it, one foot a step back, toes pointing at the "
        "wall. End: leaning in; the front knee and the elbows bend, the back knee is straight and "
        "the back heel stays on the floor; heel, hip and shoulder make one line, shown dashed. It "
        "is then repeated with the back knee slightly bent. The front leg is paler.",
    )
    left = Panel(sheet, 152, ground=270, scale=1.14)
    right = Panel(sheet, 470, ground=270, scale=1.14)
    sheet.label(16, 34, "Start")
    sheet.label(336, 34, "End")
    at_wall(left, (-9.5, 100.6), 86)
    at_wall(right, (2.0, 96.4), 66)
    guide(right, (-40.0, SOLE), along((2.0, 96.4), 66, 56))
    straight_arrow(right, (-62, 36), (-56, 10))
    straight_arrow(right, (-26, 112), (-4, 112))
    sheet.divider(320)
    return sheet


def at_wall(panel: Panel, hip: Point, chord: float) -> None:
    """Paint a figure with both hands on a wall and one foot a step back."""
    floor(panel, -84, 92)
    wall(panel, 60, 186)
    trunk = spine(hip, chord, 12, -16)
    back = step(hip, (-40.0, SOLE), 1, toe=0)
    front = step(hip, (8.0, SOLE), 1, toe=0)
    hands = reach(trunk.shoulder, (53.8, 142.0), -1, hand=86)
    draw_body(panel, Body(trunk, hands, hands, back, front, chord + 2, 90, UPRIGHT_SHIFT))


def deadlift() -> Sheet:
    """A hinge with the bar close to the shins; then standing tall."""
    sheet = Sheet(
        "deadlift",
        "Dead lift: start and end position",
        "Start: feet flat, hips pushed far back, shins almost upright, the back in its natural "
        "curve from tail to head, arms straight down to a bar that stands on blocks close to the "
        "shins; tail, upper back and head lie along one line, shown dashed. End: standing tall "
        "with the bar at the thighs, without leaning back. The weight "
        "discs and the near block are drawn as outlines so that the leg behind them can be seen.",
    )
    left = Panel(sheet, 160, ground=272, scale=1.14)
    right = Panel(sheet, 476, ground=272, scale=1.14)
    sheet.label(16, 34, "Start")
    sheet.label(336, 34, "End")
    lift(left, (-35.0, 82.5), 33.7, (15.5, 43.0), 33, blocks=True)
    lift(right, (1.0, 105.0), 90, (14.0, 92.1), 90, blocks=False)
    straight_arrow(left, (-58, 84), (-84, 84))
    tail = along((-35.0, 82.5), 123.7, 13.2)
    guide(left, along(tail, 213.7, 8), along(tail, 33.7, 106))
    straight_arrow(right, (52, 70), (52, 112))
    sheet.divider(320)
    return sheet


def lift(panel: Panel, hip: Point, chord: float, bar: Point, head: float, blocks: bool) -> None:
    """Paint a figure that holds a bar; the near block is an outline, so that the foot shows."""
    floor(panel, -92, 92)
    if blocks:
        box(panel, -2, 44, -1, 23)
    trunk = spine(hip, chord, 13, -13)
    limb = step(hip, (0.0, SOLE), 1, toe=0)
    wrist: Point = (bar[0] - 1.0, bar[1] + 9.0)
    hands = reach(trunk.shoulder, wrist, -1, hand=-88)
    ring(panel, (bar[0] + 6, bar[1] + 4), 20, PROP_LIGHT, 5)
    draw_body(
        panel,
        Body(trunk, hands, hands, limb, limb, head, head + (6 if blocks else 0), UPRIGHT_SHIFT),
    )
    if blocks:
        corners = [(-4, -1), (35, -1), (35, 23), (-4, 23), (-4, -1)]
        stroke(panel, corners, PAPER, 5)
        stroke(panel, corners, PROP, 2)
    ring(panel, bar, 20, PAPER, 8)
    ring(panel, bar, 20, PROP, 4.5)
    ring(panel, bar, 5, PAPER, 2.4, fill=PROP)
