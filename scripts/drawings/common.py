"""Postures that several exercises start from."""

from __future__ import annotations

import math

from .figure import (
    FOREARM,
    KNEE_DOWN,
    THIGH,
    UPPER_ARM,
    Arm,
    Leg,
    Spine,
    leg,
    reach,
    spine,
)
from .geometry import Point, angle_of

WRIST_DOWN = 5.0  # wrist above the floor when the palm carries weight
ELBOW_DOWN = 5.6  # elbow above the floor when the forearm carries weight


def kneeling_leg(hip: Point, knee_x: float = 0.0, tucked: bool = False) -> Leg:
    """Return a leg that kneels: knee and shin on the floor behind it."""
    dx = knee_x - hip[0]
    drop = KNEE_DOWN - hip[1]
    if abs((dx * dx + drop * drop) ** 0.5 - THIGH) > 1.5:
        raise ValueError("the knee would not be one thigh away from the hip")
    thigh = angle_of(hip, (knee_x, KNEE_DOWN))
    if tucked:
        return leg(hip, thigh, 175, toe=-78, tip=0)
    return leg(hip, thigh, 182.5, toe=196, tip=180)


def quadruped(lumbar: float = 11, thoracic: float = -17, tucked: bool = False) -> tuple[Spine, Arm, Leg]:
    """Return trunk, arm and leg of a figure on hands and knees.

    The knee lies below the hip and the wrist below the shoulder; the trunk is
    tilted just so much that the arm is straight.
    """
    hip = (0.0, KNEE_DOWN + THIGH)
    rise = WRIST_DOWN + UPPER_ARM + FOREARM - 0.1 - hip[1]
    length = spine(hip, 0, lumbar, thoracic).shoulder[0]
    trunk = spine(hip, math.degrees(math.asin(rise / length)), lumbar, thoracic)
    wrist = (trunk.shoulder[0], WRIST_DOWN)
    return trunk, reach(trunk.shoulder, wrist, -1, hand=-8), kneeling_leg(hip, 0.0, tucked)


def prone_leg(hip: Point) -> Leg:
    """Return a leg that lies stretched out behind a figure lying on its front."""
    drop = angle_of((0.0, 0.0), (-THIGH, KNEE_DOWN - hip[1]))
    return leg(hip, drop, 182.5, toe=194, tip=180)
