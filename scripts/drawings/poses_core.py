"""Core and back exercises."""

from __future__ import annotations

from .canvas import Panel, Sheet
from .common import ELBOW_DOWN, prone_leg, quadruped
from .figure import (
    KNEE_DOWN,
    SHANK,
    SOLE,
    THIGH,
    Body,
    Leg,
    arm,
    flat_toes,
    leg,
    reach,
    spine,
    spine_at_shoulder,
    step,
)
from .geometry import Point, along, angle_of, mix
from .painting import draw_body
from .scene import arrow, guide, mat, pillow, straight_arrow


def bird_dog() -> Sheet:
    """Hands and knees; then one leg back and the opposite arm forward."""
    sheet = Sheet(
        "bird_dog",
        "Bird dog: start and end position",
        "Start: on hands and knees, hands under the shoulders, knees under the hips, back in its "
        "natural shallow curve, eyes to the floor. End: one leg is stretched straight back at hip "
        "height, not higher, and the opposite arm reaches forward. The back keeps its shape, the "
        "hips stay level and the face still looks to the floor. Limbs of the far side are paler.",
    )
    trunk, hand, knee = quadruped()
    left = Panel(sheet, 110, ground=226, scale=1.26)
    sheet.label(16, 34, "Start")
    mat(left, -80, 92)
    draw_body(left, Body(trunk, hand, hand, knee, knee, neck=2, head=0))
    sheet.divider(252)
    right = Panel(sheet, 436, ground=226, scale=1.26)
    sheet.label(268, 34, "End")
    mat(right, -128, 128)
    back_leg = leg(trunk.hip, 180, 181, toe=-84)
    front_arm = arm(trunk.shoulder, 2, 1)
    draw_body(right, Body(trunk, hand, front_arm, back_leg, knee, neck=2, head=0))
    arrow(right, (-112, 14), (-120, 30), (-112, 46))
    arrow(right, (98, 22), (122, 30), (122, 55))
    return sheet


def bridge() -> Sheet:
    """On the back with bent knees; then shoulder, hip and knee in one line."""
    sheet = Sheet(
        "bridge",
        "Bridge: start and end position",
        "Start: lying on the back, knees bent, feet flat and hip-width apart, arms beside the "
        "body. End: the hips are raised until shoulder, hip and knee make one straight line, shown "
        "dashed. Shins are upright, shoulders, head and feet stay on the floor, and the low back "
        "does not arch.",
    )
    shoulder: Point = (0.0, 11.0)
    ankle: Point = (97.0, SOLE)
    low = spine_at_shoulder(shoulder, 181, 8, -10)
    high = spine_at_shoulder(shoulder, 205.6, 5, -7)
    for panel, trunk, name in (
        (Panel(sheet, 80, 236, 1.5), low, "Start"),
        (Panel(sheet, 402, 236, 1.5), high, "End"),
    ):
        sheet.label(panel.x - 64, 34, name)
        mat(panel, -42, 124)
        limb = step(trunk.hip, ankle, 1, toe=0)
        side = reach(shoulder, (62.5, 5.0), -1, hand=-4)
        draw_body(panel, Body(trunk, side, side, limb, limb, neck=177, head=181))
        if trunk is high:
            knee = limb.joints[1]
            guide(panel, shoulder, knee)
            straight_arrow(panel, (trunk.hip[0] - 4, 56), (trunk.hip[0] - 4, 76))
    sheet.divider(320)
    return sheet


def _forearm_arm(shoulder: Point):
    """Return an arm propped on the forearm, elbow below the shoulder."""
    return arm(shoulder, -90, -2, -2)


def plank() -> Sheet:
    """On the forearms; then a straight line to the knees, later to the toes."""
    sheet = Sheet(
        "plank",
        "Plank: start position, end position from the knees, later from the toes",
        "Start: lying on the front, propped on the forearms, elbows under the shoulders, hips "
        "still on the floor. End: forearms and knees carry the weight; the hips are lifted so "
        "that shoulder, hip and knee make one straight line, shown dashed. Later: forearms and "
        "toes carry the weight and shoulder, hip and ankle make one straight line. The hips "
        "neither sag nor point up, and the face looks to the floor.",
    )
    top = 34 + ELBOW_DOWN
    start = Panel(sheet, 172, ground=210, scale=1.16)
    sheet.label(16, 34, "Start")
    mat(start, -126, 98)
    low = spine((0.0, 11.0), 29, 12, 4)
    prop = _forearm_arm(low.shoulder)
    draw_body(start, Body(low, prop, prop, prone_leg(low.hip), prone_leg(low.hip), 20, 6))
    sheet.divider(320)
    knees = Panel(sheet, 527, ground=130, scale=1.06)
    body = plank_knees(knees, top)
    guide(knees, body.spine.shoulder, body.near_leg.joints[1])
    straight_arrow(knees, along(body.spine.hip, -90, 22), along(body.spine.hip, -90, 8))
    sheet.label(334, 34, "End: from the knees", 22)
    _plank_toes(Panel(sheet, 527, ground=272, scale=1.06), top)
    sheet.label(334, 178, "Later: from the toes", 22)
    return sheet


def plank_knees(panel: Panel, top: float, lift: float = 1) -> Body:
    """Paint a figure on forearms and knees; lift goes from 0, hips down, to 1, one line."""
    mat(panel, -180, 58)
    trunk = spine_at_shoulder((0.0, top), mix(29, 17.6, lift), mix(12, 10, lift), mix(4, -14, lift))
    drop = trunk.hip[1] - KNEE_DOWN
    thigh = angle_of((0.0, 0.0), (-((THIGH**2 - drop**2) ** 0.5), -drop))
    limb = leg(trunk.hip, thigh, 182.5, toe=196, tip=180)
    prop = _forearm_arm(trunk.shoulder)
    body = Body(trunk, prop, prop, limb, limb, mix(20, 8, lift), mix(6, 4, lift))
    draw_body(panel, body)
    return body


def _plank_toes(panel: Panel, top: float) -> None:
    mat(panel, -180, 58)
    trunk = spine_at_shoulder((0.0, top), 6.6, 10, -14)
    ankle_y = flat_toes(0, -78)[1]
    reach_x = ((THIGH + SHANK - 0.3) ** 2 - (trunk.hip[1] - ankle_y) ** 2) ** 0.5
    limb = step(trunk.hip, (trunk.hip[0] - reach_x, ankle_y), -1, toe=-78, tip=0)
    prop = _forearm_arm(trunk.shoulder)
    draw_body(panel, Body(trunk, prop, prop, limb, limb, 4, 2))
    guide(panel, trunk.shoulder, limb.joints[2])


def superman_little_swallow() -> Sheet:
    """Lying on the front; first one arm and the opposite leg, last chest and legs."""
    sheet = Sheet(
        "superman_little_swallow",
        "Superman, or little swallow flight: start, end and last form",
        "Start: lying on the front with a thin pillow under the abdomen, arms ahead, forehead "
        "down. End: one leg and the opposite arm float a few centimetres above the floor; begin "
        "with only one arm or one leg. Last form, only when the others are easy: arms beside the "
        "body, chest and both legs a few centimetres off the floor. Never lift high; the face "
        "keeps looking to the floor.",
    )
    start = Panel(sheet, 154, ground=210, scale=1.06)
    sheet.label(16, 34, "Start")
    sheet.divider(320)
    right = Panel(sheet, 476, ground=130, scale=1.06)
    last = Panel(sheet, 476, ground=272, scale=1.06)
    sheet.label(334, 34, "End: one arm, one leg", 22)
    sheet.label(334, 178, "Last: chest and legs", 22)
    for panel in (start, right, last):
        mat(panel, -126, 132)
        pillow(panel, (20, 3.2), 42, 8.5)
    hip: Point = (0.0, 16.5)
    trunk = spine(hip, -4, 8, -8)
    lying, ahead = prone_leg(hip), reach(trunk.shoulder, (119.5, 4.5), 1, hand=-2)
    draw_body(start, Body(trunk, ahead, ahead, lying, lying, 6, 0), head_last=True)
    lifted = leg(hip, 182, 181.4, toe=195)
    up = arm(trunk.shoulder, -1, -1)
    draw_body(right, Body(trunk, ahead, up, lifted, lying, 6, 0), head_last=True)
    arrow(right, (-118, 2), (-124, 12), (-120, 24))
    arrow(right, (136, 4), (141, 14), (138, 26))
    _swallow(last, hip, lifted)
    return sheet


def _swallow(panel: Panel, hip: Point, lifted: Leg) -> None:
    trunk = spine(hip, 2, 12, 2)
    side = reach(trunk.shoulder, (-5.0, 19.0), -1, hand=178)
    draw_body(panel, Body(trunk, side, side, lifted, lifted, 10, 5))
    arrow(panel, (-118, 2), (-124, 12), (-120, 24))
    arrow(panel, (98, 2), (104, 14), (101, 28))
