"""Line-art mannequins for the exercise library, built from joint positions."""

from __future__ import annotations

from collections.abc import Callable

from . import moves_cycles, moves_floor, moves_standing
from . import poses_aerobic as aerobic
from . import poses_core as core
from . import poses_mobility as mobility
from . import poses_sideways as sideways
from . import poses_stretch as stretch
from .canvas import Sheet
from .film import Film

DRAWINGS: dict[str, Callable[[], Sheet]] = {
    "bird_dog": core.bird_dog,
    "bridge": core.bridge,
    "plank": core.plank,
    "side_plank": sideways.side_plank,
    "superman_little_swallow": core.superman_little_swallow,
    "cat_cow": mobility.cat_cow,
    "child_pose": mobility.child_pose,
    "cobra": mobility.cobra,
    "downward_dog": mobility.downward_dog,
    "triangle": sideways.triangle,
    "hip_flexor_stretch": stretch.hip_flexor_stretch,
    "hamstring_stretch": stretch.hamstring_stretch,
    "calf_stretch": stretch.calf_stretch,
    "deadlift": stretch.deadlift,
    "walking": aerobic.walking,
    "swimming": aerobic.swimming,
    "cycling": aerobic.cycling,
    "jogging": aerobic.jogging,
}

FILMS: dict[str, Film] = {
    film.key: film for film in (*moves_floor.FILMS, *moves_standing.FILMS, *moves_cycles.FILMS)
}
