"""The mannequin seen from the front, for exercises that work sideways.

Joints are given in space (x right, y up, z towards the viewer) and shown in a
simple oblique projection, so that a shin pointing away from the viewer stays
visible. Bone lengths are those of the side view.
"""

from __future__ import annotations

from dataclasses import dataclass

from .canvas import NEAR, PAPER, Panel
from .figure import NECK
from .geometry import Point, add, along, angle_of, disc_path, lerp, polygon_path
from .painting import bones_path, paint_bones

Space = tuple[float, float, float]

SHOULDER_HALF = 17.0  # half the distance between the shoulder joints
HIP_HALF = 9.0  # half the distance between the hip joints


def seen(point: Space) -> Point:
    """Project a point in space: what is nearer lies lower and further right."""
    x, y, z = point
    return (x + 0.34 * z, y - 0.48 * z)


@dataclass(frozen=True)
class Torso:
    """Projected corner joints of a trunk seen from the front, and its head.

    low and high are the two sides of the body, whatever they are on the sheet.
    """

    shoulder_low: Point
    shoulder_high: Point
    hip_low: Point
    hip_high: Point
    neck: float

    @property
    def chest(self) -> Point:
        """Return the middle between the shoulders."""
        return lerp(self.shoulder_low, self.shoulder_high, 0.5)

    @property
    def pelvis(self) -> Point:
        """Return the middle between the hips."""
        return lerp(self.hip_low, self.hip_high, 0.5)


def torso(pelvis: Point, axis: float, tilt: float, neck: float | None = None) -> Torso:
    """Return a trunk from the middle of the pelvis along axis.

    tilt is the direction of the line through the hips from high to low; the
    shoulder line is always square to the trunk.
    """
    chest = along(pelvis, axis, 58.0)
    return Torso(
        along(chest, axis - 90, SHOULDER_HALF),
        along(chest, axis + 90, SHOULDER_HALF),
        along(pelvis, tilt, HIP_HALF),
        along(pelvis, tilt + 180, HIP_HALF),
        axis if neck is None else neck,
    )


def draw_torso(panel: Panel, t: Torso) -> None:
    """Paint trunk, neck and a head that faces the viewer."""
    axis = angle_of(t.pelvis, t.chest)
    waist = lerp(t.pelvis, t.chest, 0.42)
    ribs = lerp(t.pelvis, t.chest, 0.75)
    outline = [
        along(t.hip_low, axis - 90, 6.5),
        along(waist, axis - 90, 13.6),
        along(ribs, axis - 90, 17.5),
        along(t.shoulder_low, axis - 90, 4.0),
        along(t.shoulder_high, axis + 90, 4.0),
        along(ribs, axis + 90, 17.5),
        along(waist, axis + 90, 13.6),
        along(t.hip_high, axis + 90, 6.5),
    ]
    head = along(t.chest, t.neck, NECK + 2)
    data = polygon_path([panel.at(p) for p in outline])
    data += bones_path(
        panel,
        [
            (t.shoulder_low, 6.8, t.shoulder_high, 6.8),
            (t.hip_low, 9.6, t.hip_high, 9.6),
            (t.chest, 6.6, head, 5.6),
            (along(head, t.neck, 1), 11.0, along(head, t.neck, -4), 9.2),
        ],
    )
    panel.sheet.solid(data, NEAR)
    for side in (90, -90):
        eye = along(along(head, t.neck, 0.6), t.neck + side, 4.0)
        panel.sheet.path(disc_path(panel.at(eye), panel.size(1.5)), fill=PAPER)


def draw_limb_arm(panel: Panel, joints: list[Point], far: bool = False) -> None:
    """Paint an arm given as shoulder, elbow, wrist and fingertips."""
    shoulder, elbow, wrist, tips = joints
    paint_bones(
        panel,
        [
            (shoulder, 6.4, elbow, 5.2),
            (elbow, 5.2, wrist, 3.9),
            (wrist, 4.0, lerp(wrist, tips, 0.5), 4.4),
            (wrist, 4.0, tips, 2.8),
        ],
        far,
    )


def draw_limb_leg(panel: Panel, joints: list[Point], far: bool = False) -> None:
    """Paint a leg given as hip, knee, ankle, heel and toes."""
    hip, knee, ankle, heel, toes = joints
    calf = lerp(knee, ankle, 0.32)
    paint_bones(
        panel,
        [
            (hip, 10.0, knee, 7.4),
            (knee, 7.2, calf, 7.2),
            (calf, 7.2, ankle, 4.6),
            (ankle, 5.0, heel, 4.4),
            (heel, 4.4, toes, 3.2),
            (ankle, 4.8, toes, 3.2),
        ],
        far,
    )


def shifted(point: Point, dx: float, dy: float) -> Point:
    """Return a point moved by dx, dy."""
    return add(point, (dx, dy))
