"""A drawing that moves: the same shapes at several moments, as one SVG.

The movement is said with SMIL attributes. Those run in a picture of a page
whose content security policy forbids inline styles and scripts, where a style
sheet inside the file would be refused as soon as the file is opened by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from .canvas import PAPER, Panel, Sheet
from .geometry import number

WIDTH, HEIGHT = 320, 300
STEPS = 4  # pictures between two postures; the browser fills in the rest

_SHAPE = re.compile(r' d="([^"]*)"')

#: Paints one moment of a movement; the number says how far along it is.
Moment = Callable[[Panel, float], None]


@dataclass(frozen=True)
class Film:
    """A movement: who moves, what paints a moment, and through which moments it runs.

    stops are (moment, seconds to get there from the stop before); the first
    takes no time. A stop at the same moment is a rest.
    """

    key: str
    title: str
    desc: str
    moment: Moment
    stops: tuple[tuple[float, float], ...]
    x: float = 160
    ground: float = 250
    scale: float = 1.15
    flip: bool = False
    even: bool = False  # a movement that goes round does not slow down anywhere

    def svg(self) -> str:
        """Return the whole file."""
        moments, times = self._timeline()
        sheets = {moment: self._painted(moment) for moment in set(moments)}
        frames = [sheets[moment] for moment in moments]
        if len({len(frame) for frame in frames}) != 1:
            raise ValueError(f"{self.key}: the moments are not made of the same shapes")
        clock = f'dur="{number(self.seconds)}s" repeatCount="indefinite" keyTimes="{";".join(times)}"'
        body = [_moving(shapes, clock) for shapes in zip(*frames, strict=True)]
        return self._head() + "\n".join(body) + "\n</svg>\n"

    @property
    def seconds(self) -> float:
        """Return how long one round takes."""
        return sum(seconds for _, seconds in self.stops)

    def _timeline(self) -> tuple[list[float], list[str]]:
        """Return the painted moments and when each is reached, from 0 to 1."""
        moments, times, clock = [self.stops[0][0]], [0.0], 0.0
        for (before, _), (moment, seconds) in zip(self.stops, self.stops[1:], strict=False):
            parts = STEPS if moment != before else 1
            for i in range(1, parts + 1):
                moments.append(round(before + (moment - before) * i / parts, 4))
                times.append(clock + seconds * (i / parts if self.even else _eased(i / parts)))
            clock += seconds
        return moments, [f"{time / clock:.3f}".rstrip("0").rstrip(".") for time in times]

    def _painted(self, moment: float) -> list[str]:
        sheet = Sheet(self.key, self.title, self.desc)
        self.moment(Panel(sheet, self.x, self.ground, self.scale, self.flip), moment)
        return sheet.parts

    def _head(self) -> str:
        ids = f"{self.key}-title", f"{self.key}-desc"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'role="img" aria-labelledby="{ids[0]} {ids[1]}">\n'
            f'<title id="{ids[0]}">{escape(self.title)}</title>\n'
            f'<desc id="{ids[1]}">{escape(self.desc)}</desc>\n'
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>\n'
        )


def _eased(share: float) -> float:
    """Return when a share of the way is done, so that a movement starts and ends softly."""
    return share + 0.5 * (share - 3 * share**2 + 2 * share**3)


def _moving(shapes: tuple[str, ...], clock: str) -> str:
    """Return one shape; where it is not the same at all moments, with its movement."""
    if len(set(shapes)) == 1:
        return shapes[0]
    outlines = [_SHAPE.search(shape) for shape in shapes]
    if None in outlines or len({_SHAPE.sub("", shape) for shape in shapes}) != 1:
        raise ValueError("only the outline of a shape can move, not its look")
    values = [found.group(1) for found in outlines if found]
    if len({re.sub(r"[-0-9. ]+", "", value) for value in values}) != 1:
        raise ValueError("an outline is made of other pieces at another moment")
    animate = f'<animate attributeName="d" {clock} values="{";".join(values)}"/>'
    return f"{shapes[0].removesuffix('/>')}>{animate}</path>"
