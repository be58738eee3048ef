"""Movements of the stretches, of the dead lift and of the triangle."""

from __future__ import annotations

from .canvas import Panel
from .figure import FOREARM, UPPER_ARM, spine
from .film import Film
from .frontal import draw_limb_arm, torso
from .geometry import Point, along, lerp, mix
from .moves_floor import film
from .poses_sideways import wide_legs
from .poses_stretch import at_wall, half_kneeling, lift, strap_figure
from .scene import box, floor


def _triangle(panel: Panel, t: float) -> None:
    floor(panel, -98, 98)
    box(panel, 30, 47, -1, 17)
    trunk = torso((mix(0, -8, t), mix(91.5, 89, t)), mix(90, 22, t), mix(0, -35, t))
    _straight(panel, trunk.shoulder_high, mix(180, 90, t), far=True)
    wide_legs(panel, trunk)
    _straight(panel, trunk.shoulder_low, mix(0, -91, t), far=False)


def _straight(panel: Panel, shoulder: Point, angle: float, far: bool) -> None:
    """Paint a straight arm that points at an angle."""
    wrist = along(shoulder, angle, UPPER_ARM + FOREARM - 0.4)
    elbow = lerp(shoulder, wrist, UPPER_ARM / (UPPER_ARM + FOREARM))
    draw_limb_arm(panel, [shoulder, elbow, wrist, along(wrist, angle, 13)], far=far)


def _hip_flexor(panel: Panel, t: float) -> None:
    half_kneeling(panel, mix(2.5, 6, t), mix(26, 1, t), mix(-26, -10, t))


def _hamstring(panel: Panel, t: float) -> None:
    strap_figure(panel, 84, mix(12, 80, t), lerp((33.0, 54.0), (27.0, 58.0), t))


def _calf(panel: Panel, t: float) -> None:
    at_wall(panel, lerp((-9.5, 100.6), (2.0, 96.4), t), mix(86, 66, t))


def _deadlift(panel: Panel, t: float) -> None:
    """The bar hangs from straight arms, so the shoulder says how high it is."""
    hip, chord = lerp((-35.0, 82.5), (1.0, 105.0), t), mix(33.7, 90, t)
    shoulder = spine(hip, chord, 13, -13).shoulder
    bar_x = mix(15.5, 14, t)
    reach = UPPER_ARM + FOREARM - 0.2
    drop = (reach**2 - (bar_x - 1 - shoulder[0]) ** 2) ** 0.5
    lift(panel, hip, chord, (bar_x, shoulder[1] - drop - 9), mix(33, 90, t), blocks=True)


FILMS: tuple[Film, ...] = (
    film(
        "triangle",
        "Triangle",
        "Seen from the front: from standing with the feet wide the long trunk hinges sideways from the hip, "
        "until one hand rests on a block and the other arm points up.",
        _triangle,
        ground=270,
        scale=1.14,
    ),
    film(
        "hip_flexor_stretch",
        "Hip-flexor stretch",
        "Half-kneeling with the trunk upright, the tail is tucked under and the hips move 2 to 3 centimetres "
        "forward. It is a very small movement.",
        _hip_flexor,
        ground=266,
        scale=1.34,
    ),
    film(
        "hamstring_stretch",
        "Hamstring stretch, lying with a strap",
        "Lying on the back with a strap round one foot, that knee is straightened towards the ceiling. The "
        "back stays flat.",
        _hamstring,
        x=94,
        ground=254,
        scale=1.5,
    ),
    film(
        "calf_stretch",
        "Calf stretch at a wall",
        "With both hands on a wall the body leans in. The back knee is straight and the back heel stays on "
        "the floor.",
        _calf,
        ground=270,
        scale=1.16,
    ),
    film(
        "deadlift",
        "Dead lift",
        "From the hinge, with the back in its natural curve and the weight close to the shins, the legs push "
        "the floor away until the body stands tall.",
        _deadlift,
        ground=274,
        scale=1.14,
    ),
)
