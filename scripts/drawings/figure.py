"""The mannequin seen from the side.

Bone lengths follow the usual body-segment shares of a standing height of 200
units, and are the same in every drawing: only joint angles differ. Unless a
panel is flipped the figure faces right when it stands; its back then lies 90
degrees anticlockwise of the direction in which its spine points.
"""

from __future__ import annotations

from dataclasses import dataclass

from .canvas import FAR, NEAR, PAPER, Panel
from .geometry import (
    Point, add, along, angle_of, bone_path, disc_path, lerp, middle_joint, polygon_path,
)

TRUNK, THIGH, SHANK, FOOT = 58.0, 49.0, 49.0, 20.0
UPPER_ARM, FOREARM, HAND = 34.0, 29.0, 13.0
NECK = 25.0  # shoulder joint to the middle of the head
SOLE = 8.0  # ankle joint above the floor when the foot is flat
KNEE_DOWN = 7.5  # knee joint above the floor when kneeling
FAR_SHIFT = (8.0, 4.0)  # the far side is seen slightly above and ahead

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


def spine_at_shoulder(
    shoulder: Point, chord: float, lumbar: float = 16, thoracic: float = -20
) -> Spine:
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


def leg(
    hip: Point, thigh: float, shank: float, toe: float | None = None, tip: float | None = None
) -> Leg:
    """Return a leg from absolute directions of thigh, shank, foot and toes."""
    knee = along(hip, thigh, THIGH)
    ankle = along(knee, shank, SHANK)
    return _with_foot(hip, knee, ankle, shank + 90 if toe is None else toe, tip)


def step(
    hip: Point, ankle: Point, bend: int = 1, toe: float = 0, tip: float | None = None
) -> Leg:
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

    @property
    def head_centre(self) -> Point:
        """Return the middle of the head."""
        return along(self.spine.shoulder, self.neck, NECK)


Bone = tuple[Point, float, Point, float]


def paint_bones(panel: Panel, bones: list[Bone], far: bool) -> None:
    """Paint a limb, root bone first.

    A near limb gets its white rim only from some way down its first bone, so
    that it grows out of the trunk instead of lying on it like a doll's.
    """
    root, wide, joint, narrow = bones[0]
    start = (lerp(root, joint, 0.3), wide + (narrow - wide) * 0.3, joint, narrow)
    rim = None if far else bones_path(panel, [start, *bones[1:]])
    panel.sheet.solid(bones_path(panel, bones), FAR if far else NEAR, rim)


def bones_path(panel: Panel, bones: list[Bone]) -> str:
    """Return path data of several bones, turned into screen units."""
    return "".join(
        bone_path(panel.at(a), panel.size(ra), panel.at(b), panel.size(rb))
        for a, ra, b, rb in bones
    )


def _moved(points: tuple[Point, ...], far: bool) -> list[Point]:
    return [add(p, FAR_SHIFT) for p in points] if far else list(points)


def draw_arm(panel: Panel, limb: Arm, far: bool = False) -> None:
    """Paint an arm."""
    shoulder, elbow, wrist, tips = _moved(limb.joints, far)
    paint_bones(panel, [
        (shoulder, 6.6, elbow, 5.2), (elbow, 5.2, wrist, 3.9),
        (wrist, 4.0, lerp(wrist, tips, 0.55), 4.4), (wrist, 4.0, tips, 2.8),
    ], far)


def draw_leg(panel: Panel, limb: Leg, far: bool = False) -> None:
    """Paint a leg with its foot."""
    hip, knee, ankle = _moved(limb.joints, far)
    heel, ball, tip = _moved((limb.heel, limb.ball, limb.tip), far)
    calf = lerp(knee, ankle, 0.32)
    paint_bones(panel, [
        (hip, 10.6, knee, 7.4), (knee, 7.2, calf, 7.2), (calf, 7.2, ankle, 4.6),
        (ankle, 5.0, heel, 4.5), (ankle, 5.0, ball, 3.6), (heel, 4.5, ball, 3.6),
        (ball, 3.6, tip, 3.0),
    ], far)


def _half_width(t: float, back: bool) -> float:
    """Return how far the skin lies from the centre line of the trunk."""
    knots = (
        ((0.0, 11.6), (0.16, 11.4), (0.42, 9.6), (0.72, 10.4), (0.9, 9.6), (1.0, 7.6))
        if back else
        ((0.0, 10.4), (0.18, 10.6), (0.42, 10.0), (0.74, 11.4), (0.9, 9.8), (1.0, 7.4))
    )
    for (t0, w0), (t1, w1) in zip(knots, knots[1:], strict=False):
        if t <= t1:
            u = (t - t0) / (t1 - t0)
            u = u * u * (3 - 2 * u)
            return w0 + (w1 - w0) * u
    return knots[-1][1]


def trunk_outline(trunk: Spine) -> tuple[list[Point], list[Point]]:
    """Return the line of the back and the line of the front, hip to shoulder."""
    back, front = [], []
    points = trunk.points
    for i, point in enumerate(points):
        before, after = points[max(0, i - 1)], points[min(len(points) - 1, i + 1)]
        angle = angle_of(before, after)
        t = i / (len(points) - 1)
        back.append(along(point, angle + 90, _half_width(t, True)))
        front.append(along(point, angle - 90, _half_width(t, False)))
    return back, front


def draw_trunk(panel: Panel, body: Body) -> None:
    """Paint trunk, neck and head as one piece."""
    back, front = trunk_outline(body.spine)
    data = polygon_path([panel.at(p) for p in back + front[::-1]])
    data += disc_path(panel.at(body.spine.hip), panel.size(10.8))
    data += disc_path(panel.at(body.spine.shoulder), panel.size(7.5))
    panel.sheet.solid(data + bones_path(panel, _head_bones(body)), NEAR)
    _eye(panel, body)


def _head_bones(body: Body) -> list[Bone]:
    """Return neck, skull, jaw and nose; the nose shows where the face looks."""
    axis = body.neck if body.head is None else body.head
    centre, face = body.head_centre, axis - 90
    jaw = along(along(centre, axis, -5.5), face, 4.2)
    bridge = along(centre, face, 9)
    nose = along(along(centre, face, 13.4), axis, -1.6)
    base = along(body.spine.shoulder, body.neck, 2)
    return [
        (base, 6.0, along(centre, axis, -4), 5.2), (centre, 11.6, centre, 11.6),
        (centre, 10, jaw, 6.6), (bridge, 3, nose, 1.7),
    ]


def _eye(panel: Panel, body: Body) -> None:
    axis = body.neck if body.head is None else body.head
    eye = along(along(body.head_centre, axis - 90, 7.2), axis, 0.8)
    panel.sheet.path(disc_path(panel.at(eye), panel.size(1.5)), fill=PAPER)


def draw_body(panel: Panel, body: Body, head_last: bool = False) -> None:
    """Paint a whole figure from the far side to the near side.

    With head_last the head stays visible although an arm passes beside it.
    """
    draw_arm(panel, body.far_arm, far=True)
    draw_leg(panel, body.far_leg, far=True)
    draw_trunk(panel, body)
    draw_leg(panel, body.near_leg)
    draw_arm(panel, body.near_arm)
    if head_last:
        panel.sheet.solid(bones_path(panel, _head_bones(body)[1:]), NEAR)
        _eye(panel, body)
