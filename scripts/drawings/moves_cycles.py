"""Movements that go round: walking, jogging, cycling and swimming."""

from __future__ import annotations

import math

from .canvas import Panel
from .figure import SOLE, UPRIGHT_SHIFT, Body, Leg, arm, flat_toes, leg, spine, step
from .film import Film
from .geometry import Point, angle_of
from .painting import draw_body
from .poses_aerobic import backstroke, rider
from .scene import floor

#: Angles of a limb at four moments of a step: touching down, below the body, pushing off, swinging.
Keys = tuple[tuple[float, ...], ...]


def _round(keys: Keys, t: float) -> tuple[float, ...]:
    """Return what lies between the keys of a cycle, without a jerk at any of them."""
    at = int(t // 1)
    u = t - at
    before, a, b, after = (keys[(at + i) % len(keys)] for i in (-1, 0, 1, 2))
    return tuple(
        q + 0.5 * u * (r - p + u * (2 * p - 5 * q + 4 * r - s + u * (3 * (q - r) + s - p)))
        for p, q, r, s in zip(before, a, b, after, strict=True)
    )


def _angles(limb: Leg, toe: float, tip: float) -> tuple[float, ...]:
    hip, knee, ankle = limb.joints
    return angle_of(hip, knee), angle_of(knee, ankle), toe, tip


WALK_LEG: Keys = (
    _angles(step((0, 98.5), (31.0, 10.0), 1), 16, 16),
    _angles(step((0, 104.5), (-2.0, SOLE), 1), 0, 0),
    _angles(step((0, 98.5), flat_toes(-24, -38), 1), -38, 0),
    (-55, -98, -6, -6),
)
WALK_ARM: Keys = ((-114, -98), (-80, -62), (-66, -46), (-108, -92))
JOG_LEG: Keys = (
    _angles(step((0, 101.5), (8.0, SOLE), 1), 0, 0),
    (-101, -148, -66, -66),
    (-102, -172, -84, -84),
    (-60, -110, -12, -12),
)
JOG_ARM: Keys = ((-128, -38), (-70, 20), (-68, 22), (-134, -50))
JOG_HEIGHT: Keys = ((101.5,), (108.5,))


def _lowest(limbs: tuple[Leg, ...]) -> float:
    return min(min(part.heel[1] - 4.5, part.ball[1] - 3.6, part.tip[1] - 3.0) for part in limbs)


def _walking(panel: Panel, t: float) -> None:
    """One foot is always on the ground: it says how high the hips are."""
    floor(panel, -84, 84)
    near, far = _round(WALK_LEG, t), _round(WALK_LEG, t + 2)
    height = -_lowest((leg((0, 0), *near), leg((0, 0), *far)))
    _on_the_way(panel, (0.0, height), 89, (near, far), (_round(WALK_ARM, t), _round(WALK_ARM, t + 2)), 88)


def _jogging(panel: Panel, t: float) -> None:
    """Both feet leave the ground for a short time, and neither sinks into it."""
    floor(panel, -84, 84)
    near, far = _round(JOG_LEG, t), _round(JOG_LEG, t + 2)
    height = max(_round(JOG_HEIGHT, t)[0], -_lowest((leg((0, 0), *near), leg((0, 0), *far))))
    _on_the_way(panel, (0.0, height), 85, (near, far), (_round(JOG_ARM, t), _round(JOG_ARM, t + 2)), 86)


def _on_the_way(
    panel: Panel,
    hip: Point,
    chord: float,
    legs: tuple[tuple[float, ...], tuple[float, ...]],
    arms: tuple[tuple[float, ...], tuple[float, ...]],
    neck: float,
) -> None:
    trunk = spine(hip, chord)
    limbs = [arm(trunk.shoulder, *angles) for angles in arms], [leg(hip, *angles) for angles in legs]
    draw_body(panel, Body(trunk, *limbs[0], *limbs[1], neck, 90, UPRIGHT_SHIFT))


def _cycling(panel: Panel, t: float) -> None:
    rider(panel, 84 - 360 * t)


def _swimming(panel: Panel, t: float) -> None:
    """The arms go round half a turn apart; the elbow bends under the water only."""
    turns = 96 + 360 * t, 276 + 360 * t
    near, far = (arm((0, 0), turn, turn + 75 * max(0.0, -math.sin(math.radians(turn)))) for turn in turns)
    kick = math.sin(math.radians(720 * t))
    backstroke(panel, near, far, (-6 + 4 * kick, -4.5 - 5.5 * kick), (-6 - 4 * kick, -4.5 + 5.5 * kick))


def _stops(last: float, count: int, seconds: float) -> tuple[tuple[float, float], ...]:
    """Return one round in even steps."""
    return tuple((last * i / count, seconds / count if i else 0.0) for i in range(count + 1))


FILMS = (
    Film(
        "walking",
        "Walking, moving",
        "A person walks upright with loose arms. The heel touches the ground first and the other foot "
        "pushes off; arms and legs swing on opposite sides.",
        _walking,
        _stops(4, 4, 2.4),
        ground=270,
        scale=1.14,
        even=True,
    ),
    Film(
        "jogging",
        "Jogging, moving",
        "A person jogs with short steps. The foot lands softly almost under the body, the trunk is tall and "
        "the look is ahead.",
        _jogging,
        _stops(4, 4, 1.8),
        ground=270,
        scale=1.14,
        even=True,
    ),
    Film(
        "cycling",
        "Cycling, upright, moving",
        "A person sits upright on a bicycle with the hands on high handlebars and turns the pedals. The hips "
        "stay still on the saddle.",
        _cycling,
        _stops(1, 4, 2.8),
        ground=272,
        scale=1.16,
        even=True,
    ),
    Film(
        "swimming",
        "Swimming, backstroke, moving",
        "A person swims on the back with the face out of the water. One straight arm swings through the air "
        "and enters the water behind the head while the other pulls below the water.",
        _swimming,
        _stops(1, 4, 4.0),
        x=206,
        ground=186,
        scale=1.08,
        flip=True,
        even=True,
    ),
)
