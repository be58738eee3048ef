"""Movements of the exercises on the floor, from start to end and back."""

from __future__ import annotations

import math

from .canvas import Panel
from .common import ELBOW_DOWN, WRIST_DOWN, prone_leg, quadruped
from .figure import (
    FOREARM,
    KNEE_DOWN,
    SHANK,
    SOLE,
    THIGH,
    UPPER_ARM,
    Arm,
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
from .film import Film
from .frontal import torso
from .geometry import Point, along, angle_of, lerp, mix
from .painting import draw_body
from .poses_core import plank_knees
from .poses_mobility import on_forearms
from .poses_sideways import KNEE, at_prop, deep_mat, paint_side, space_leg
from .scene import mat, pillow

THERE_AND_BACK = ((0.0, 0.0), (0.0, 0.7), (1.0, 1.9), (1.0, 1.5), (0.0, 1.9))


def _two(numbers: tuple[float, ...], others: tuple[float, ...], t: float) -> tuple[float, ...]:
    return tuple(mix(a, b, t) for a, b in zip(numbers, others, strict=True))


def _bird_dog(panel: Panel, t: float) -> None:
    """0: on hands and knees, 1: the foot has slid back, 2: leg and opposite arm are up."""
    mat(panel, -124, 150)
    trunk, hand, knee = quadruped()
    slid = _slid_back(trunk.hip, knee, min(t, 1))
    up = max(0.0, t - 1)
    thigh, shank = (angle_of(a, b) % 360 for a, b in zip(slid.joints, slid.joints[1:], strict=False))
    raised = leg(trunk.hip, *_two((thigh, shank, 203.0, 182.0), (180.0, 181.0, 276.0, 276.0), up))
    ahead = arm(trunk.shoulder, *_two((-92, -90, -8), (2, 1, 1), up))
    draw_body(panel, Body(trunk, hand, ahead, raised if up else slid, knee, 2, 0))


def _slid_back(hip: Point, kneels: Leg, t: float) -> Leg:
    """Return a leg whose toes slide back along the floor."""
    start, toe, tip = kneels.joints[2], mix(196, 203, t), mix(180, 182, t)
    loose = leg((0, 0), -90, -90, toe, tip)
    ankle_y = loose.joints[2][1] - min(loose.ball[1] - 3.6, loose.tip[1] - 3.0)
    room = (THIGH + SHANK - 0.3) ** 2 - (hip[1] - ankle_y) ** 2
    return step(hip, (mix(start[0], -(room**0.5), t), mix(start[1], ankle_y, t)), 1, toe, tip)


def _bridge(panel: Panel, t: float) -> None:
    mat(panel, -42, 124)
    shoulder: Point = (0.0, 11.0)
    trunk = spine_at_shoulder(shoulder, *_two((181, 8, -10), (205.6, 5, -7), t))
    limb = step(trunk.hip, (97.0, SOLE), 1, toe=0)
    side = reach(shoulder, (62.5, 5.0), -1, hand=-4)
    draw_body(panel, Body(trunk, side, side, limb, limb, neck=177, head=181))


def _plank(panel: Panel, t: float) -> None:
    plank_knees(panel, UPPER_ARM + ELBOW_DOWN, t)


def _side_plank(panel: Panel, t: float) -> None:
    deep_mat(panel, -148, 30)
    trunk = at_prop(torso((0, 0), mix(35, 22.6, t), mix(-84, -67.4, t), neck=mix(26, 22.6, t)))
    forward = THIGH * math.sin(math.radians(mix(45, 0, t)))
    legs = []
    for hip, side in ((trunk.hip_low, 0), (trunk.hip_high, 1)):
        end = along(along(trunk.pelvis, 202.6, THIGH), 22.6 + (90 if side else -90), 7)
        height = mix(KNEE + 15 * side, end[1], t)
        out = math.sqrt(max(0.0, THIGH**2 - forward**2 - (hip[1] - height) ** 2))
        legs.append(space_leg(hip, (hip[0] - out, height, forward), mix(45, 90, t), mix(-15, 8, t)))
    paint_side(panel, trunk, *legs, lerp(trunk.hip_high, trunk.shoulder_high, 0.16))


def _superman(panel: Panel, t: float) -> None:
    mat(panel, -126, 132)
    pillow(panel, (20, 3.2), 42, 8.5)
    hip: Point = (0.0, 16.5)
    trunk, low = spine(hip, -4, 8, -8), prone_leg(hip)
    ahead = reach(trunk.shoulder, (119.5, 4.5), 1, hand=-2)
    lying = [angle_of(a, b) for a, b in zip(ahead.joints, ahead.joints[1:], strict=False)]
    down = angle_of(hip, low.joints[1]) % 360
    lifted = leg(hip, *_two((down, 182.5, 194, 180), (182, 181.4, 195, 195), t))
    far = arm(trunk.shoulder, *_two(tuple(lying), (-1, -1, -1), t))
    draw_body(panel, Body(trunk, ahead, far, lifted, low, 6, 0), head_last=True)


def _cat_cow(panel: Panel, t: float) -> None:
    """-1: gently rounded, 0: natural curve, 1: gently arched."""
    mat(panel, -78, 90)
    ends = (-32, -38, -38, -44) if t < 0 else (38, 8, 30, 22)
    low, high, neck, head = _two((11, -17, 2, 0), ends, abs(t))
    trunk, hand, knee = quadruped(low, high)
    draw_body(panel, Body(trunk, hand, hand, knee, knee, neck, head))


def _child_pose(panel: Panel, t: float) -> None:
    mat(panel, -78, 112)
    knee: Point = (mix(0, 5.4, t), mix(KNEE_DOWN, KNEE_DOWN + 4.9, t))
    hip = along(knee, mix(90, 165.1, t), THIGH)
    start = quadruped()[0]
    trunk = spine(hip, *_two((angle_of(start.hip, start.shoulder), 11, -17), (-1, -22, -40), t))
    limb = leg(hip, angle_of(hip, knee), mix(182.5, 188, t), toe=mix(196, 193, t), tip=180)
    ahead = _planted(trunk.shoulder, (mix(start.shoulder[0], 68.5, t), mix(WRIST_DOWN, 4.5, t)))
    draw_body(panel, Body(trunk, ahead, ahead, limb, limb, mix(2, -24, t), mix(0, -38, t)), head_last=True)


def _planted(shoulder: Point, wrist: Point) -> Arm:
    """Return an arm to a hand on the floor; a hand too far away slides nearer."""
    room = (UPPER_ARM + FOREARM) ** 2 - (shoulder[1] - wrist[1]) ** 2
    furthest = shoulder[0] + max(0.0, room) ** 0.5
    return reach(shoulder, (min(wrist[0], furthest), wrist[1]), 1, hand=-4)


def _downward_dog(panel: Panel, t: float) -> None:
    mat(panel, -92, 98)
    trunk, _, knee = quadruped(tucked=True)
    wrist: Point = (mix(trunk.shoulder[0], 68, t), WRIST_DOWN)
    shoulder = along(wrist, mix(90, 133, t), mix(62.9, 62.6, t))
    chord = angle_of(trunk.hip, trunk.shoulder)
    long_back = spine_at_shoulder(shoulder, mix(chord, -47, t), mix(11, 9, t), mix(-17, -11, t))
    limb = _tiptoe(long_back.hip, knee, t)
    prop = reach(shoulder, wrist, -1, hand=mix(-8, -6, t))
    draw_body(panel, Body(long_back, prop, prop, limb, limb, mix(2, -74, t), mix(0, -80, t)))


def _tiptoe(hip: Point, kneels: Leg, t: float) -> Leg:
    """Return the leg between kneeling on tucked toes and standing on them."""
    ankle = lerp(kneels.joints[2], flat_toes(-61, -42), t)
    return step(hip, ankle, 1, toe=mix(-78, -42, t), tip=0)


def film(key: str, title: str, desc: str, moment, stops=THERE_AND_BACK, **place) -> Film:
    return Film(key, f"{title}, moving", f"{desc} Then back to the start, slowly.", moment, stops, **place)


FILMS = (
    film(
        "bird_dog",
        "Bird dog",
        "From hands and knees one foot slides back along the floor. That leg is lifted to hip height and "
        "the opposite arm reaches forward, while the back keeps its shape and the hips stay level.",
        _bird_dog,
        ((0.0, 0.0), (0.0, 0.6), (1.0, 1.3), (2.0, 1.6), (2.0, 1.5), (1.0, 1.6), (0.0, 1.3)),
        x=142,
        ground=226,
        scale=1.12,
    ),
    film(
        "bridge",
        "Bridge",
        "From lying on the back with bent knees the hips are raised until shoulder, hip and knee are in "
        "one line. Shoulders, head and feet stay on the floor.",
        _bridge,
        x=100,
        ground=236,
        scale=1.5,
    ),
    film(
        "plank",
        "Plank from the knees",
        "From lying on the forearms the hips are lifted until shoulder, hip and knee are in one line.",
        _plank,
        x=226,
        ground=226,
        scale=1.2,
    ),
    film(
        "side_plank",
        "Side plank with bent knees",
        "From lying on the side on one forearm the hips are lifted until shoulder, hip and knee are in one "
        "line. The knees stay bent.",
        _side_plank,
        x=246,
        ground=206,
        scale=1.3,
    ),
    film(
        "superman_little_swallow",
        "Superman, one arm and the opposite leg",
        "Lying on the front over a thin pillow, one leg and the opposite arm are lifted a few centimetres. "
        "The face keeps looking to the floor.",
        _superman,
        x=150,
        ground=210,
        scale=1.12,
    ),
    film(
        "cat_cow",
        "Cat-cow",
        "On hands and knees the back is gently rounded and then sinks to a gentle arch. The elbows stay "
        "straight.",
        _cat_cow,
        ((0.0, 0.0), (-1.0, 2.2), (-1.0, 0.4), (0.0, 1.4), (1.0, 1.4), (1.0, 0.4), (0.0, 2.2)),
        x=134,
        ground=230,
        scale=1.5,
    ),
    film(
        "child_pose",
        "Child's pose",
        "From hands and knees the hips sink back on the heels until the forehead rests on the floor and "
        "the arms lie forward.",
        _child_pose,
        x=134,
        ground=230,
        scale=1.42,
    ),
    film(
        "cobra",
        "Cobra on the forearms",
        "From lying on the front the upper back lifts the chest and the elbows come under the shoulders. "
        "The hips stay on the floor.",
        on_forearms,
        x=154,
        ground=216,
        scale=1.18,
    ),
    film(
        "downward_dog",
        "Downward dog",
        "From hands and knees with tucked toes the hips are lifted up and back. The knees stay bent and "
        "the back stays long.",
        _downward_dog,
        x=150,
        ground=256,
        scale=1.4,
    ),
)  # fmt: skip
