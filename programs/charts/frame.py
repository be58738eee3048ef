"""The measures of a picture, and where a date and a score lie in it."""

from dataclasses import dataclass
from functools import lru_cache

from programs.charts.facts import HIGHEST, LOWEST

#: Lower edge of the names of the steps.
HEAD_FOOT = 26
#: Room of a day beyond which its scores do not spread further.
WIDEST_SHIFT = 20.0


@dataclass(frozen=True, slots=True)
class Frame:
    """Pixels of a picture at its natural size; the plot is what its margins leave."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    scale: float
    letter: float

    @property
    def plot_right(self) -> int:
        return self.width - self.right

    @property
    def plot_bottom(self) -> int:
        return self.height - self.bottom

    @property
    def plot_width(self) -> int:
        return self.plot_right - self.left

    @property
    def plot_height(self) -> int:
        return self.plot_bottom - self.top

    @property
    def band_height(self) -> int:
        """From under the names of the steps to the foot of the plot."""
        return self.plot_bottom - HEAD_FOOT

    @property
    def score_label_x(self) -> int:
        return self.left - 5

    @property
    def gap_y(self) -> int:
        return self.plot_bottom + 4

    @property
    def tick_foot(self) -> int:
        return self.plot_bottom + 4

    @property
    def date_label_y(self) -> int:
        return self.plot_bottom + 28

    def y(self, score: float) -> float:
        """Height of a score: 0 lies at the foot of the plot and 10 at its top."""
        part = (score - LOWEST) / (HIGHEST - LOWEST)
        return round(self.plot_bottom - part * (self.plot_bottom - self.top), 1)


#: On a desk and on paper.
WIDE = Frame(width=720, height=340, left=26, right=78, top=72, bottom=42, scale=1, letter=6.6)
#: On a phone.
NARROW = Frame(width=320, height=316, left=20, right=58, top=72, bottom=42, scale=0.84, letter=6.4)


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a chart side by side, each with the same room."""

    frame: Frame
    count: int

    @property
    def pitch(self) -> float:
        return self.frame.plot_width / max(self.count, 1)

    def start(self, position: int) -> float:
        """Left edge of a day's room; the edge after the last day is a position too."""
        return round(self.frame.left + position * self.pitch, 1)

    def middle(self, position: int, shift: float = 0.0) -> float:
        """Middle of a day's room, moved by a part of it; in a wide room scores stay together."""
        moved = shift * min(self.pitch, WIDEST_SHIFT)
        return round(self.frame.left + (position + 0.5) * self.pitch + moved, 1)

    def middles(self, shift: float = 0.0) -> tuple[float, ...]:
        """Those of all days."""
        return _middles(self.frame, self.count, shift)


@lru_cache(256)
def _middles(frame: Frame, count: int, shift: float) -> tuple[float, ...]:
    days = Days(frame, count)
    return tuple(days.middle(position, shift) for position in range(count))


@lru_cache(64)
def heights(frame: Frame) -> tuple[float, ...]:
    """Of every score, by the score."""
    return tuple(frame.y(score) for score in range(LOWEST, HIGHEST + 1))
