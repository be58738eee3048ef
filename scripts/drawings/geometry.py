"""Plane geometry for the mannequin: vectors, two-bone joints, rounded bones.

Body coordinates have y pointing up, so that angles read as in a textbook:
0 degrees is to the right, 90 degrees is straight up.
"""

from __future__ import annotations

import math

Point = tuple[float, float]


def polar(angle: float, length: float) -> Point:
    """Return the vector of the given length at an angle in degrees."""
    rad = math.radians(angle)
    return (length * math.cos(rad), length * math.sin(rad))


def add(a: Point, b: Point) -> Point:
    """Return the sum of two vectors."""
    return (a[0] + b[0], a[1] + b[1])


def along(start: Point, angle: float, length: float) -> Point:
    """Return the point reached from start by going length at angle."""
    return add(start, polar(angle, length))


def mix(a: float, b: float, t: float) -> float:
    """Return the number a fraction t of the way from a to b."""
    return a + (b - a) * t


def lerp(a: Point, b: Point, t: float) -> Point:
    """Return the point a fraction t of the way from a to b."""
    return (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t)


def distance(a: Point, b: Point) -> float:
    """Return the distance between two points."""
    return math.hypot(b[0] - a[0], b[1] - a[1])


def angle_of(a: Point, b: Point) -> float:
    """Return the direction from a to b in degrees."""
    return math.degrees(math.atan2(b[1] - a[1], b[0] - a[0]))


def middle_joint(root: Point, target: Point, upper: float, lower: float, bend: int) -> Point:
    """Return the knee or elbow between root and target.

    bend is +1 or -1 and picks the side of the line on which the joint lies.
    A target out of reach is an error: a stretched bone would be a lie about
    the posture, so the pose has to be corrected instead.
    """
    gap = distance(root, target)
    if gap > upper + lower + 0.05 or gap < abs(upper - lower):
        raise ValueError(f"target {target} is {gap:.1f} from {root}: out of reach")
    cosine = (upper**2 + gap**2 - lower**2) / (2 * upper * gap)
    offset = math.degrees(math.acos(max(-1.0, min(1.0, cosine))))
    return along(root, angle_of(root, target) + bend * offset, upper)


def number(value: float) -> str:
    """Format a coordinate with one decimal and no trailing zero."""
    text = f"{value:.1f}"
    if text.endswith(".0"):
        text = text[:-2]
    return "0" if text == "-0" else text


def pair(point: Point) -> str:
    """Format a point for path data."""
    return f"{number(point[0])} {number(point[1])}"


def bone_path(a: Point, ra: float, b: Point, rb: float) -> str:
    """Return path data of a tapered bone with round ends (screen units)."""
    gap = distance(a, b)
    if gap <= abs(ra - rb) + 0.01:
        return disc_path(a if ra >= rb else b, max(ra, rb))
    axis = angle_of(a, b)
    tilt = math.degrees(math.acos((ra - rb) / gap))
    a1, a2 = along(a, axis + tilt, ra), along(a, axis - tilt, ra)
    b1, b2 = along(b, axis + tilt, rb), along(b, axis - tilt, rb)
    big_a = 1 if ra > rb else 0
    big_b = 0 if ra > rb else 1
    return (
        f"M{pair(a2)}L{pair(b2)}A{number(rb)} {number(rb)} 0 {big_b} 1 {pair(b1)}"
        f"L{pair(a1)}A{number(ra)} {number(ra)} 0 {big_a} 1 {pair(a2)}Z"
    )


def disc_path(centre: Point, radius: float) -> str:
    """Return path data of a disc, wound the same way as a bone."""
    x, y = centre
    arc = f"A{number(radius)} {number(radius)} 0 1 1 "
    left, right = (x - radius, y), (x + radius, y)
    return f"M{pair(left)}{arc}{pair(right)}{arc}{pair(left)}Z"


def polygon_path(points: list[Point]) -> str:
    """Return path data of a closed polygon, wound the same way as a bone."""
    turn = sum(p[0] * q[1] - q[0] * p[1] for p, q in zip(points, points[1:] + points[:1], strict=True))
    ordered = points if turn > 0 else points[::-1]
    return "M" + "L".join(pair(p) for p in ordered) + "Z"
