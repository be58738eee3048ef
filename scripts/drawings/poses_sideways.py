"""Exercises that are understood best from the front: side plank and triangle."""

from __future__ import annotations

import math

from .canvas import MAT, PROP_LIGHT, Panel, Sheet
from .common import ELBOW_DOWN
from .figure import FOREARM, SHANK, SOLE, THIGH, UPPER_ARM
from .frontal import (
    Space,
    Torso,
    draw_limb_arm,
    draw_limb_leg,
    draw_torso,
    seen,
    shifted,
    torso,
)
from .geometry import Point, along, angle_of, lerp, middle_joint, polygon_path
from .scene import arrow, box, floor, guide, straight_arrow

KNEE = 8.0  # lower knee above the floor in side lying


def deep_mat(panel: Panel, left: float, right: float) -> None:
    """Draw a mat that is deep enough for shins behind and a forearm in front."""
    corners = [
        seen((left, 0, 52)),
        seen((left, 0, -78)),
        seen((right, 0, -78)),
        seen((right, 0, 52)),
    ]
    front = [corners[0], corners[3], shifted(corners[3], 0, -4), shifted(corners[0], 0, -4)]
    panel.sheet.path(polygon_path([panel.at(p) for p in corners]), fill=MAT)
    panel.sheet.path(polygon_path([panel.at(p) for p in front]), fill=PROP_LIGHT)
    shade = [seen((-104, 0, 9)), seen((-104, 0, -9)), seen((2, 0, -9)), seen((2, 0, 9))]
    panel.sheet.path(
        polygon_path([panel.at(p) for p in shade]),
        fill=PROP_LIGHT,
        stroke=PROP_LIGHT,
        stroke_width="6",
        stroke_linejoin="round",
    )


def space_leg(hip: Point, knee: Space, shank: float, foot: float) -> list[Point]:
    """Return a leg whose shin lies level; angles are in the floor plane.

    0 degrees is to the left of the sheet, 90 degrees away from the viewer.
    """

    def level(start: Space, angle: float, length: float) -> Space:
        rad = math.radians(angle)
        return (start[0] - length * math.cos(rad), start[1], start[2] - length * math.sin(rad))

    ankle = level(knee, shank, SHANK)
    heel, toes = level(ankle, shank, 4), level(level(ankle, shank, 4), foot, 19)
    return [hip, seen(knee), seen(ankle), seen(heel), seen(toes)]


def side_plank() -> Sheet:
    """On the side with bent knees; then a straight line shoulder, hip, knee."""
    sheet = Sheet(
        "side_plank",
        "Side plank, easy version with bent knees: start and end position",
        "Seen from the front. Start: lying on the side, elbow under the shoulder, forearm "
        "pointing forward, knees bent about 90 degrees, heels in line with the back, hips on the "
        "floor. End: the forearm pushes down and the hips are lifted, so that shoulder, hip and "
        "knee make one straight line, shown dashed. Knees stay bent with the feet behind, and the "
        "chest and hips face forward without rolling back. The lower arm and leg are paler.",
    )
    left = Panel(sheet, 244, ground=206, scale=1.3)
    right = Panel(sheet, 562, ground=206, scale=1.3)
    sheet.label(16, 34, "Start")
    sheet.label(336, 34, "End")
    deep_mat(left, -148, 30)
    deep_mat(right, -148, 30)
    _side_start(left)
    _side_end(right)
    sheet.divider(320)
    return sheet


def _prop_arm(shoulder: Point) -> list[Point]:
    """Return the lower arm: elbow below the shoulder, forearm to the front."""
    elbow = (shoulder[0], shoulder[1] - UPPER_ARM)
    return [
        shoulder,
        elbow,
        shifted(elbow, *seen((0, 0, FOREARM))),
        shifted(elbow, *seen((0, 0, FOREARM + 13))),
    ]


def paint_side(panel: Panel, t: Torso, low_leg: list[Point], top_leg: list[Point], top_wrist: Point) -> None:
    """Paint a side-lying figure, supporting side first."""
    draw_limb_leg(panel, low_leg, far=True)
    draw_torso(panel, t)
    draw_limb_leg(panel, top_leg)
    draw_limb_arm(panel, _prop_arm(t.shoulder_low), far=True)
    elbow = middle_joint(t.shoulder_high, top_wrist, UPPER_ARM, FOREARM, -1)
    tips = along(top_wrist, angle_of(elbow, top_wrist), 13)
    draw_limb_arm(panel, [t.shoulder_high, elbow, top_wrist, tips])


def at_prop(t: Torso) -> Torso:
    """Move a trunk so that its lower shoulder is one upper arm above the elbow."""
    dx, dy = -t.shoulder_low[0], UPPER_ARM + ELBOW_DOWN - t.shoulder_low[1]
    return Torso(
        shifted(t.shoulder_low, dx, dy),
        shifted(t.shoulder_high, dx, dy),
        shifted(t.hip_low, dx, dy),
        shifted(t.hip_high, dx, dy),
        t.neck,
    )


def _side_start(panel: Panel) -> None:
    t = at_prop(torso((0, 0), 35, -84, neck=26))
    forward = THIGH * math.sin(math.radians(45))
    legs = []
    for hip, y in ((t.hip_low, KNEE), (t.hip_high, KNEE + 15)):
        drop = hip[1] - y
        out = math.sqrt(max(0.0, THIGH**2 - forward**2 - drop**2))
        legs.append(space_leg(hip, (hip[0] - out, y, forward), 45, -15))
    paint_side(panel, t, legs[0], legs[1], lerp(t.hip_high, t.shoulder_high, 0.16))


def _side_end(panel: Panel) -> None:
    slope = 22.6
    t = at_prop(torso((0, 0), slope, slope - 90))
    middle = along(t.pelvis, slope + 180, THIGH)
    low = along(middle, slope - 90, 7)
    high = along(middle, slope + 90, 7)
    legs = [
        space_leg(hip, (knee[0], knee[1], 0.0), 90, 8) for hip, knee in ((t.hip_low, low), (t.hip_high, high))
    ]
    paint_side(panel, t, legs[0], legs[1], lerp(t.hip_high, t.shoulder_high, 0.16))
    guide(panel, t.chest, middle)
    straight_arrow(panel, shifted(t.hip_low, 8, -34), shifted(t.hip_low, 8, -12))


def triangle() -> Sheet:
    """Feet wide; then a hinge sideways with the hand on a block."""
    sheet = Sheet(
        "triangle",
        "Triangle: start and end position",
        "Seen from the front. Start: feet wide, the front foot turned out to the side, trunk "
        "upright, arms out at shoulder height. End: the trunk hinges sideways from the hip over "
        "the front leg, long and not twisted; the front hand rests on a block beside the shin, "
        "the other arm points straight up, the chest stays open to the front and the front knee "
        "is not locked. The back leg and the upper arm are paler.",
    )
    left = Panel(sheet, 160, ground=270, scale=1.14)
    right = Panel(sheet, 472, ground=270, scale=1.14)
    sheet.label(16, 34, "Start")
    sheet.label(336, 34, "End")
    for panel in (left, right):
        floor(panel, -98, 98)
    _triangle_start(left)
    _triangle_end(right)
    sheet.divider(320)
    return sheet


def wide_legs(panel: Panel, t: Torso) -> None:
    """Paint the turned-out front leg and the back leg, whose foot faces us."""
    front, back = (58.0, SOLE), (-60.0, SOLE)
    knee = middle_joint(t.hip_high, back, THIGH, SHANK, -1)
    draw_limb_leg(panel, [t.hip_high, knee, back, shifted(back, -1, -2), shifted(back, 3, -7)], far=True)
    draw_torso(panel, t)
    knee = middle_joint(t.hip_low, front, THIGH, SHANK, 1)
    draw_limb_leg(panel, [t.hip_low, knee, front, shifted(front, -4, -3.6), shifted(front, 21, -4.8)])


def _triangle_start(panel: Panel) -> None:
    t = torso((0, 91.5), 90, 0)
    low, high = t.shoulder_low, t.shoulder_high
    draw_limb_arm(
        panel,
        [high, shifted(high, -34, -1), shifted(high, -63, 0), shifted(high, -76, 0)],
        far=True,
    )
    wide_legs(panel, t)
    draw_limb_arm(panel, [low, shifted(low, 34, -1), shifted(low, 63, 0), shifted(low, 76, 0)])
    arrow(panel, (84, 128), (92, 104), (80, 84))


def _triangle_end(panel: Panel) -> None:
    t = torso((-8, 89), 22, -35)
    box(panel, 30, 47, -1, 17)
    high, low = t.shoulder_high, t.shoulder_low
    draw_limb_arm(
        panel,
        [high, shifted(high, 0, UPPER_ARM), shifted(high, 0, 63), shifted(high, 0, 76)],
        far=True,
    )
    wide_legs(panel, t)
    wrist = (39.0, 32.8)
    elbow = lerp(low, wrist, UPPER_ARM / (UPPER_ARM + FOREARM))
    draw_limb_arm(panel, [low, elbow, wrist, (39.0, 20.0)])
