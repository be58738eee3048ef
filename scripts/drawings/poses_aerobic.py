"""Walking, jogging, swimming and cycling: two phases of a cycle each."""

from __future__ import annotations

from .canvas import MAT, PAPER, PROP, PROP_LIGHT, Panel, Sheet
from .figure import (
    SOLE,
    UPRIGHT_SHIFT,
    Arm,
    Body,
    Leg,
    arm,
    flat_toes,
    leg,
    reach,
    spine,
    step,
)
from .geometry import Point, along
from .painting import draw_body
from .scene import arrow, floor, ring, ripples, straight_arrow, stroke, water


def _two(sheet: Sheet, scale: float, ground: float = 270) -> tuple[Panel, Panel]:
    """Lay out two phases side by side."""
    sheet.label(16, 34, "Phase 1")
    sheet.label(336, 34, "Phase 2")
    sheet.divider(320)
    return Panel(sheet, 160, ground, scale), Panel(sheet, 480, ground, scale)


def walking() -> Sheet:
    """Heel contact, then one foot passing the other."""
    sheet = Sheet(
        "walking",
        "Walking: two phases of a step",
        "Phase 1: the heel of the front foot touches the ground while the back foot pushes off; "
        "the opposite arm swings forward. Phase 2: one foot carries the weight under the body and "
        "the other passes it. The trunk is upright, the look is ahead, arms and shoulders are "
        "relaxed, the ground is flat. Limbs of the far side are paler.",
    )
    left, right = _two(sheet, 1.14)
    trunk = spine((0.0, 98.5), 89)
    shoulder = trunk.shoulder
    contact = step(trunk.hip, (31.0, 10.0), 1, toe=16)
    push = step(trunk.hip, flat_toes(-24, -38), 1, toe=-38, tip=0)
    arms = arm(shoulder, -114, -98), arm(shoulder, -66, -46)
    _on_foot(left, Body(trunk, *arms, contact, push, 88, 90, UPRIGHT_SHIFT), 150)
    trunk = spine((0.0, 104.5), 89)
    shoulder = trunk.shoulder
    stance = step(trunk.hip, (-2.0, SOLE), 1, toe=0)
    swing = leg(trunk.hip, -55, -98, toe=-6)
    arms = arm(shoulder, -80, -62), arm(shoulder, -108, -92)
    _on_foot(right, Body(trunk, *arms, stance, swing, 88, 90, UPRIGHT_SHIFT), 150)
    return sheet


def _on_foot(panel: Panel, body: Body, height: float) -> None:
    """Paint a figure on level ground with an arrow in its direction."""
    floor(panel, -84, 84)
    draw_body(panel, body)
    straight_arrow(panel, (49, height), (81, height))


def jogging() -> Sheet:
    """A soft landing under the body, then a short flight."""
    sheet = Sheet(
        "jogging",
        "Jogging: two phases of a short step",
        "Phase 1: the foot lands softly almost under the body with the knee a little bent. "
        "Phase 2: a short, low flight; both feet are just off the ground and the step is short. "
        "The trunk is tall, the look is ahead, elbows are bent about 90 degrees and shoulders are "
        "loose. Limbs of the far side are paler.",
    )
    left, right = _two(sheet, 1.12)
    trunk = spine((0.0, 101.5), 85)
    shoulder = trunk.shoulder
    landing = step(trunk.hip, (8.0, SOLE), 1, toe=0)
    folded = leg(trunk.hip, -102, -172, toe=-84)
    arms = arm(shoulder, -128, -38), arm(shoulder, -68, 22)
    _on_foot(left, Body(trunk, *arms, landing, folded, 86, 90, UPRIGHT_SHIFT), 170)
    trunk = spine((0.0, 108.5), 85)
    shoulder = trunk.shoulder
    rear = leg(trunk.hip, -101, -148, toe=-66)
    ahead = leg(trunk.hip, -60, -110, toe=-12)
    arms = arm(shoulder, -70, 20), arm(shoulder, -134, -50)
    _on_foot(right, Body(trunk, *arms, rear, ahead, 86, 90, UPRIGHT_SHIFT), 170)
    return sheet


def swimming() -> Sheet:
    """Backstroke: one arm through the air, then entering behind the head."""
    sheet = Sheet(
        "swimming",
        "Swimming, backstroke: two phases of the arm stroke",
        "The swimmer lies stretched out on the back at the surface, face up and out of the water, "
        "moving towards the head; the legs make small kicks. Phase 1: one straight arm swings "
        "through the air while the other pulls below the water. Phase 2: that arm enters the "
        "water behind the head while the other has reached the thigh. The far arm and leg are "
        "paler.",
    )
    sheet.label(16, 34, "Phase 1")
    sheet.label(336, 34, "Phase 2")
    left = Panel(sheet, 210, ground=186, scale=1.08, flip=True)
    right = Panel(sheet, 530, ground=186, scale=1.08, flip=True)
    backstroke(left, arm((0, 0), 96, 97), arm((0, 0), -100, -20), (-2, -10), (-11, 2))
    backstroke(right, arm((0, 0), 156, 160), arm((0, 0), -34, -12), (-10, 1), (-3, -12))
    arrow(left, (24, 74), (2, 92), (-26, 82))
    arrow(right, (-28, 62), (-58, 58), (-72, 36))
    for panel in (left, right):
        straight_arrow(panel, (36, -52), (-6, -52))
    sheet.divider(320)
    return sheet


def _at(limb: Arm, shoulder: Point) -> Arm:
    """Move an arm to the shoulder it belongs to."""
    dx, dy = shoulder[0] - limb.joints[0][0], shoulder[1] - limb.joints[0][1]
    return Arm(tuple((x + dx, y + dy) for x, y in limb.joints))


def backstroke(
    panel: Panel, near: Arm, far: Arm, near_leg: tuple[float, float], far_leg: tuple[float, float]
) -> None:
    """Paint a swimmer on the back; arms are given as if the shoulder were at (0, 0)."""
    water(panel, -96, 182, 0, 68)
    trunk = spine((58.0, -3.5), 177, 8, -10)
    legs: list[Leg] = [leg(trunk.hip, thigh, shank, toe=shank + 12) for thigh, shank in (near_leg, far_leg)]
    shoulder = trunk.shoulder
    draw_body(
        panel,
        Body(trunk, _at(near, shoulder), _at(far, shoulder), *legs, 172, 176, UPRIGHT_SHIFT),
        head_last=True,
    )
    corners = [panel.at((-96, -3)), panel.at((182, -3))]
    x0, x1 = sorted(c[0] for c in corners)
    depth = panel.size(65)
    panel.sheet.parts.append(
        f'<rect x="{x0:.1f}" y="{corners[0][1]:.1f}" width="{x1 - x0:.1f}" '
        f'height="{depth:.1f}" fill="{MAT}" fill-opacity="0.28"/>'
    )
    ripples(panel, -96, 182, 0)


AXLE, WHEEL, CRANK = (0.0, 32.0), 38.0, 19.0
REAR, FRONT = (-52.0, 39.0), (70.0, 39.0)
SADDLE, GRIP = (-26.0, 106.0), (30.0, 133.0)


def cycling() -> Sheet:
    """Upright on a bicycle: near pedal at the bottom, then at the top."""
    sheet = Sheet(
        "cycling",
        "Cycling, upright: two phases of the pedal turn",
        "The rider sits upright with the hands on high handlebars and the elbows a little bent. "
        "Phase 1: the near pedal is at the bottom and the knee still keeps a bend of about 30 "
        "degrees. Phase 2: the near pedal is at the top. The hips stay still on the saddle. The "
        "far leg and arm are paler.",
    )
    left, right = _two(sheet, 1.08, 272)
    for panel, crank in ((left, -84.0), (right, 84.0)):
        rider(panel, crank)
    arrow(left, (-16, 8), (-38, 20), (-34, 48))
    arrow(right, (14, 66), (38, 58), (36, 30))
    return sheet


def _pedal_leg(hip: Point, crank: float, toe: float) -> Leg:
    """Return a leg whose ball of the foot rests on the pedal."""
    ball = along(along(AXLE, crank, CRANK), 90, 4.6)
    ankle = along(along(ball, toe - 90, -(SOLE - 3.6)), toe, -14)
    return step(hip, ankle, 1, toe=toe)


def rider(panel: Panel, crank: float) -> None:
    """Paint a rider whose near pedal stands at an angle of the crank."""
    floor(panel, -104, 112)
    _bicycle(panel)
    hip: Point = (-26.0, 118.2)
    trunk = spine(hip, 79, 10, -20)
    hands = reach(trunk.shoulder, GRIP, -1, hand=-10)
    near = _pedal_leg(hip, crank, -10)
    far = _pedal_leg(hip, crank + 180, -10)
    stroke(panel, [AXLE, along(AXLE, crank + 180, CRANK)], PROP_LIGHT, 5)
    draw_body(panel, Body(trunk, hands, hands, near, far, 80, 90, UPRIGHT_SHIFT))
    pedal = along(AXLE, crank, CRANK)
    stroke(panel, [AXLE, pedal], PAPER, 7)
    stroke(panel, [AXLE, pedal], PROP, 4.5)
    stroke(panel, [(pedal[0] - 7, pedal[1]), (pedal[0] + 7, pedal[1])], PROP, 4.5)
    ring(panel, AXLE, 6, PROP, 3, fill=PAPER)


def _bicycle(panel: Panel) -> None:
    """Draw a city bicycle with high, swept-back handlebars."""
    head_low, head_top = (54.0, 84.0), (49.0, 102.0)
    for hub in (REAR, FRONT):
        ring(panel, hub, WHEEL, PROP, 4)
        ring(panel, hub, 3, PROP, 2, fill=PROP)
        for spoke in range(0, 360, 45):
            stroke(panel, [along(hub, spoke, 3), along(hub, spoke, WHEEL - 2)], PROP_LIGHT, 1)
    seat_top = (-22.0, 98.0)
    for a, b in (
        (REAR, AXLE),
        (REAR, (-17.0, 84.0)),
        (AXLE, seat_top),
        (AXLE, head_low),
        ((-17.0, 84.0), head_top),
        (FRONT, head_low),
        (head_low, head_top),
    ):
        stroke(panel, [a, b], PROP, 4.5)
    stroke(panel, [head_top, (44.0, 126.0), (46.0, 131.0), GRIP], PROP, 4.5)
    stroke(panel, [(-40.0, 104.0), (-10.0, 102.0)], PROP, 9)
    stroke(panel, [seat_top, (-24.0, 104.0)], PROP, 4.5)
