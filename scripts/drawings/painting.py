"""Giving the side-view mannequin its flesh: rounded limbs, trunk and head."""

from __future__ import annotations

from itertools import pairwise

from .canvas import FAR, NEAR, PAPER, Panel
from .figure import Arm, Body, Leg, Spine
from .geometry import Point, add, along, angle_of, bone_path, disc_path, lerp, polygon_path

Bone = tuple[Point, float, Point, float]


def paint_bones(panel: Panel, bones: list[Bone], far: bool, free: float = 0.3) -> None:
    """Paint a limb, root bone first.

    A near limb gets its white rim only from some way down its first bone (the
    share free), so that it grows out of the trunk instead of lying on it like
    a doll's.
    """
    root, wide, joint, narrow = bones[0]
    start = (lerp(root, joint, free), wide + (narrow - wide) * free, joint, narrow)
    rim = None if far else bones_path(panel, [start, *bones[1:]])
    panel.sheet.solid(bones_path(panel, bones), FAR if far else NEAR, rim)


def bones_path(panel: Panel, bones: list[Bone]) -> str:
    """Return path data of several bones, turned into screen units."""
    return "".join(
        bone_path(panel.at(a), panel.size(ra), panel.at(b), panel.size(rb)) for a, ra, b, rb in bones
    )


def draw_arm(panel: Panel, limb: Arm, shift: Point | None = None) -> None:
    """Paint an arm; a shift moves it to the far side."""
    shoulder, elbow, wrist, tips = (add(p, shift or (0, 0)) for p in limb.joints)
    paint_bones(
        panel,
        [
            (shoulder, 6.6, elbow, 5.2),
            (elbow, 5.2, wrist, 3.9),
            (wrist, 4.0, lerp(wrist, tips, 0.55), 4.4),
            (wrist, 4.0, tips, 2.8),
        ],
        far=shift is not None,
        free=0.42,
    )


def draw_leg(panel: Panel, limb: Leg, shift: Point | None = None) -> None:
    """Paint a leg with its foot; a shift moves it to the far side."""
    points = (*limb.joints, limb.heel, limb.ball, limb.tip)
    hip, knee, ankle, heel, ball, tip = (add(p, shift or (0, 0)) for p in points)
    calf = lerp(knee, ankle, 0.32)
    paint_bones(
        panel,
        [
            (hip, 10.6, knee, 7.4),
            (knee, 7.2, calf, 7.2),
            (calf, 7.2, ankle, 4.6),
            (ankle, 5.0, heel, 4.5),
            (ankle, 5.0, ball, 3.6),
            (heel, 4.5, ball, 3.6),
            (ball, 3.6, tip, 3.0),
        ],
        far=shift is not None,
    )


def _half_width(t: float, back: bool) -> float:
    """Return how far the skin lies from the centre line of the trunk."""
    knots = (
        ((0.0, 10.8), (0.14, 11.5), (0.42, 9.6), (0.72, 10.4), (0.9, 9.6), (1.0, 7.6))
        if back
        else ((0.0, 10.8), (0.18, 10.6), (0.42, 10.0), (0.74, 11.4), (0.9, 9.8), (1.0, 7.4))
    )
    for (t0, w0), (t1, w1) in pairwise(knots):
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
        (base, 6.0, along(centre, axis, -4), 5.2),
        (centre, 11.6, centre, 11.6),
        (centre, 10, jaw, 6.6),
        (bridge, 3, nose, 1.7),
    ]


def _eye(panel: Panel, body: Body) -> None:
    axis = body.neck if body.head is None else body.head
    eye = along(along(body.head_centre, axis - 90, 7.2), axis, 0.8)
    panel.sheet.path(disc_path(panel.at(eye), panel.size(1.5)), fill=PAPER)


def draw_body(panel: Panel, body: Body, head_last: bool = False) -> None:
    """Paint a whole figure from the far side to the near side.

    With head_last the head stays visible although an arm passes beside it.
    """
    draw_arm(panel, body.far_arm, body.shift)
    draw_leg(panel, body.far_leg, body.shift)
    draw_trunk(panel, body)
    draw_leg(panel, body.near_leg)
    draw_arm(panel, body.near_arm)
    if head_last:
        panel.sheet.solid(bones_path(panel, _head_bones(body)[1:]), NEAR)
        _eye(panel, body)
