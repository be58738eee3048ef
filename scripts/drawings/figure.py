"""The mannequin seen from the side.

Bone lengths follow the usual body-segment shares of a standing height of 200
units, and are the same in every drawing: only joint angles differ. Unless a
panel is flipped the figure faces right when it stands; its back then lies 90
degrees anticlockwise of the direction in which its spine points.
"""

from __future__ import annotations

from dataclasses import dataclass

from .geometry import Point, add, along, angle_of, middle_joint

TRUNK, THIGH, SHANK, FOOT = 58.0, 49.0, 49.0, 20.0
UPPER_ARM, FOREARM, HAND = 34.0, 29.0, 13.0
NECK = 25.0  # shoulder joint to the middle of the head
SOLE = 8.0  # ankle joint above the floor when the foot is flat
KNEE_DOWN = 7.5  # knee joint above the floor when kneeling
FAR_SHIFT = (8.0, 4.0)  # the far side is seen slightly above and ahead
UPRIGHT_SHIFT = (4.0, 3.5)  # less of it when the two sides move apart anyway

SPINE_STEPS = 22


@dataclass(frozen=True)
class Spine:
    """Trunk centre line from the hip joint to the shoulder joint."""

    points: tuple[Point, ...]
    shape: tuple[float, float]

    @property
    def hip(self) -> Point:
        """Return the hip joint."""
        return self.points[0]

    @property
    def shoulder(self) -> Point:
        """Return the shoulder joint."""
        return self.points[-1]


def _tangents(lumbar: float, thoracic: float) -> list[float]:
    """Return the direction of each piece of the spine; arching counts as plus."""
    result = []
    for i in range(SPINE_STEPS):
        t = (i + 0.5) / SPINE_STEPS
        low = min(1.0, max(0.0, (t - 0.08) / 0.42))
        high = min(1.0, max(0.0, (t - 0.48) / 0.52))
        result.append(lumbar * low + thoracic * high)
    return result


def _walk(hip: Point, tangents: list[float]) -> list[Point]:
    points = [hip]
    for angle in tangents:
        points.append(along(points[-1], angle, TRUNK / SPINE_STEPS))
    return points


def spine(hip: Point, chord: float, lumbar: float = 16, thoracic: float = -20) -> Spine:
    """Return a trunk whose shoulder lies in direction chord from the hip.

    lumbar and thoracic are the bends in degrees of the lower and the upper
    back, plus for arched and minus for rounded. The length along the curve is
    always the same, so a rounded back brings shoulder and hip closer, as it
    does in life. The defaults are the natural S-curve.
    """
    tangents = _tangents(lumbar, thoracic)
    flat = _walk((0.0, 0.0), tangents)
    turn = chord - angle_of(flat[0], flat[-1])
    return Spine(tuple(_walk(hip, [t + turn for t in tangents])), (lumbar, thoracic))


def spine_at_shoulder(shoulder: Point, chord: float, lumbar: float = 16, thoracic: float = -20) -> Spine:
    """Return a trunk placed by its shoulder instead of its hip."""
    loose = spine((0.0, 0.0), chord, lumbar, thoracic)
    shift = (shoulder[0] - loose.shoulder[0], shoulder[1] - loose.shoulder[1])
    return Spine(tuple(add(p, shift) for p in loose.points), loose.shape)


@dataclass(frozen=True)
class Arm:
    """Shoulder, elbow, wrist and fingertips."""

    joints: tuple[Point, Point, Point, Point]


@dataclass(frozen=True)
class Leg:
    """Hip, knee, ankle, ball of the foot and tip of the toes, and the heel."""

    joints: tuple[Point, Point, Point]
    heel: Point
    ball: Point
    tip: Point


def arm(shoulder: Point, upper: float, fore: float, hand: float | None = None) -> Arm:
    """Return an arm from absolute directions of its bones."""
    elbow = along(shoulder, upper, UPPER_ARM)
    wrist = along(elbow, fore, FOREARM)
    return Arm((shoulder, elbow, wrist, along(wrist, fore if hand is None else hand, HAND)))


def reach(shoulder: Point, wrist: Point, bend: int = -1, hand: float | None = None) -> Arm:
    """Return an arm whose wrist is at a given point."""
    elbow = middle_joint(shoulder, wrist, UPPER_ARM, FOREARM, bend)
    direction = angle_of(elbow, wrist) if hand is None else hand
    return Arm((shoulder, elbow, wrist, along(wrist, direction, HAND)))


def leg(hip: Point, thigh: float, shank: float, toe: float | None = None, tip: float | None = None) -> Leg:
    """Return a leg from absolute directions of thigh, shank, foot and toes."""
    knee = along(hip, thigh, THIGH)
    ankle = along(knee, shank, SHANK)
    return _with_foot(hip, knee, ankle, shank + 90 if toe is None else toe, tip)


def step(hip: Point, ankle: Point, bend: int = 1, toe: float = 0, tip: float | None = None) -> Leg:
    """Return a leg whose ankle is at a given point."""
    knee = middle_joint(hip, ankle, THIGH, SHANK, bend)
    return _with_foot(hip, knee, ankle, toe, tip)


def _with_foot(hip: Point, knee: Point, ankle: Point, toe: float, tip: float | None) -> Leg:
    """Add a foot; the sole is on the clockwise side of the toe direction."""
    down = toe - 90
    heel = along(along(ankle, toe, -4.5), down, SOLE - 4.5)
    ball = along(along(ankle, toe, FOOT - 6), down, SOLE - 3.6)
    return Leg((hip, knee, ankle), heel, ball, along(ball, toe if tip is None else tip, 7))


def flat_toes(ball_x: float, toe: float) -> Point:
    """Return the ankle of a foot that stands on tucked toes at ball_x."""
    ball = (ball_x, 3.6)
    return along(along(ball, toe - 90, -(SOLE - 3.6)), toe, -(FOOT - 6))


@dataclass(frozen=True)
class Body:
    """A whole pose; far limbs are given as if they lay in the near plane."""

    spine: Spine
    near_arm: Arm
    far_arm: Arm
    near_leg: Leg
    far_leg: Leg
    neck: float
    head: float | None = None
    shift: Point = FAR_SHIFT

    @property
    def head_centre(self) -> Point:
        """Return the middle of the head."""
        return along(self.spine.shoulder, self.neck, NECK)
