"""Mobility exercises on the floor."""

from __future__ import annotations

from .canvas import Panel, Sheet
from .common import ELBOW_DOWN, WRIST_DOWN, prone_leg, quadruped
from .figure import (
    KNEE_DOWN,
    UPPER_ARM,
    Body,
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
from .scene import arrow, guide, mat, straight_arrow


def cat_cow() -> Sheet:
    """Hands and knees; then gently rounded, then gently arched."""
    sheet = Sheet(
        "cat_cow",
        "Cat-cow: start position, end of the breath out, end of the breath in",
        "Start: on hands and knees with the back in its natural shallow curve. End of the breath "
        "out: the back is gently rounded upwards, tail and head hang down. End of the breath in: "
        "the back sinks to a gentle arch, tail and chest lift a little. Elbows stay straight, "
        "hands stay under the shoulders, knees under the hips, and neither end is forced.",
    )
    shapes = (
        ("Start", (11, -17), 2, 0),
        ("End: breath out", (-32, -38), -38, -44),
        ("End: breath in", (38, 8), 30, 22),
    )
    for i, (name, (low, high), neck, head) in enumerate(shapes):
        panel = Panel(sheet, 92 + 213 * i, ground=222, scale=1.12)
        sheet.label(14 + 213 * i, 34, name, 20)
        mat(panel, -78, 90)
        trunk, hand, knee = quadruped(low, high)
        draw_body(panel, Body(trunk, hand, hand, knee, knee, neck, head))
        if i:
            sheet.divider(213 * i)
    out, into = Panel(sheet, 305, 222, 1.12), Panel(sheet, 518, 222, 1.12)
    straight_arrow(out, (28, 94), (28, 112))
    straight_arrow(into, (28, 98), (28, 80))
    return sheet


def child_pose() -> Sheet:
    """Hands and knees; then hips on the heels and forehead on the floor."""
    sheet = Sheet(
        "child_pose",
        "Child's pose: start and end position",
        "Start: on hands and knees. End: the hips rest back on the heels, the chest lies over the "
        "thighs, the back is long and softly rounded, the forehead rests on the floor and the "
        "arms reach forward along the floor.",
    )
    left = Panel(sheet, 128, ground=226, scale=1.4)
    right = Panel(sheet, 442, ground=226, scale=1.4)
    sheet.label(16, 34, "Start")
    sheet.label(336, 34, "End")
    trunk, hand, knee = quadruped()
    mat(left, -78, 100)
    draw_body(left, Body(trunk, hand, hand, knee, knee, 2, 0))
    mat(right, -66, 120)
    hip: Point = (-42.0, 25.0)
    folded = spine(hip, -1, -22, -40)
    thigh = angle_of(hip, (5.5, KNEE_DOWN + 5))
    limb = leg(hip, thigh, 188, toe=193, tip=180)
    ahead = reach(folded.shoulder, (folded.shoulder[0] + 58, 4.5), 1, hand=-2)
    draw_body(right, Body(folded, ahead, ahead, limb, limb, -24, -38), head_last=True)
    arrow(right, (2, 62), (-24, 66), (-44, 50))
    sheet.divider(320)
    return sheet


def cobra() -> Sheet:
    """Lying on the forearms; then the chest lifted, later from the hands."""
    sheet = Sheet(
        "cobra",
        "Cobra: start position, end position on the forearms, later on the hands",
        "Start: lying on the front, resting on the forearms. End: the chest is lifted by the "
        "upper back with the elbows under the shoulders; hips and legs stay on the floor. Later: "
        "the same from the hands beside the ribs, elbows bent and close to the body, with little "
        "weight on the hands. Shoulders stay away from the ears, and the neck is long.",
    )
    start = Panel(sheet, 152, ground=210, scale=1.1)
    sheet.label(16, 34, "Start")
    sheet.divider(320)
    end, later = (Panel(sheet, 484, ground, 1.1) for ground in (132, 272))
    sheet.label(334, 34, "End: on the forearms", 22)
    sheet.label(334, 178, "Later: on the hands", 22)
    on_forearms(start, 0)
    on_forearms(end, 1)
    arrow(end, (88, 18), (98, 36), (90, 56))
    _on_hands(later)
    arrow(later, (92, 18), (102, 36), (94, 56))
    return sheet


def on_forearms(panel: Panel, lift: float) -> None:
    """Paint a figure on its forearms; lift goes from 0, chest low, to 1, chest up."""
    mat(panel, -126, 130)
    hip: Point = (0.0, 11.0)
    trunk = spine(hip, mix(12, 28, lift), mix(12, 25, lift), mix(2, 12, lift))
    drop = trunk.shoulder[1] - ELBOW_DOWN
    elbow_x = trunk.shoulder[0] + (UPPER_ARM**2 - drop**2) ** 0.5
    upper = angle_of(trunk.shoulder, (elbow_x, ELBOW_DOWN))
    prop, limb = arm(trunk.shoulder, upper, -2, -2), prone_leg(hip)
    draw_body(panel, Body(trunk, prop, prop, limb, limb, mix(12, 40, lift), mix(6, 52, lift)))


def _on_hands(panel: Panel) -> None:
    mat(panel, -126, 130)
    hip: Point = (0.0, 11.0)
    trunk = spine(hip, 27, 24, 16)
    hand, limb = reach(trunk.shoulder, (40.0, WRIST_DOWN), -1, hand=-3), prone_leg(hip)
    draw_body(panel, Body(trunk, hand, hand, limb, limb, 44, 56))


def downward_dog() -> Sheet:
    """Hands and knees with tucked toes; then the hips lifted up and back."""
    sheet = Sheet(
        "downward_dog",
        "Downward dog: start and end position",
        "Start: on hands and knees, toes tucked under. End: the hips are lifted up and back; "
        "wrist, shoulder and hip make one long straight line, shown dashed; the knees are clearly "
        "bent and the heels may stay off the floor; the head hangs between the arms.",
    )
    left = Panel(sheet, 122, ground=252, scale=1.4)
    right = Panel(sheet, 470, ground=252, scale=1.4)
    sheet.label(16, 34, "Start")
    sheet.label(336, 34, "End")
    trunk, hand, knee = quadruped(tucked=True)
    mat(left, -72, 98)
    draw_body(left, Body(trunk, hand, hand, knee, knee, 2, 0))
    mat(right, -92, 92)
    slope = 47.0
    wrist: Point = (68.0, WRIST_DOWN)
    shoulder = along(wrist, 180 - slope, 62.6)
    long_back = spine_at_shoulder(shoulder, -slope, 9, -11)
    limb = step(long_back.hip, flat_toes(-61, -42), 1, toe=-42, tip=0)
    prop = reach(shoulder, wrist, -1, hand=-6)
    draw_body(right, Body(long_back, prop, prop, limb, limb, -74, -80))
    guide(right, wrist, long_back.hip)
    straight_arrow(right, (long_back.hip[0] + 4, 122), (long_back.hip[0] - 16, 142))
    sheet.divider(320)
    return sheet
