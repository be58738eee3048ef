"""A fortnight in a thumbnail: one line, with gaps where nothing was recorded."""

from collections.abc import Sequence
from dataclasses import dataclass

from programs.charts.bands import Gap
from programs.charts.frame import Days, Frame
from programs.charts.lines import Line, Point, line_of

#: Missing days lie under the foot of the line, so that nobody takes them for zeros.
GAP_HEIGHT = 4
SPARK = Frame(width=140, height=36, left=2, right=2, top=5, bottom=10, scale=1, letter=0)


@dataclass(frozen=True, slots=True)
class Sparkline:
    """``last`` is the newest day's point where it has a score; ``words`` say all of it.

    ``line_path``, ``dots`` and ``feet`` are the line, its points and the gaps as
    one path each: a caseload draws hundreds of these.
    """

    width: int
    height: int
    line: Line
    gaps: tuple[Gap, ...]
    limit_y: float
    gap_y: float
    last: Point | None
    words: str

    @property
    def line_path(self) -> str:
        return " ".join(self.line.paths)

    @property
    def dots(self) -> str:
        """Strokes without a length: a round end makes each a dot."""
        return " ".join(f"M{point.x:g} {point.y:g}h0" for point in self.line.points)

    @property
    def feet(self) -> str:
        box = f"v{GAP_HEIGHT}h-"
        return "".join(f"M{gap.x:g} {self.gap_y:g}h{gap.width:g}{box}{gap.width:g}z" for gap in self.gaps)


def sparkline(scores: Sequence[int | None]) -> Sparkline:
    """Scores 0-10 of consecutive days, oldest first; None is not recorded."""
    days = Days(SPARK, len(scores))
    gaps = tuple(
        Gap(days.start(at), round(days.pitch, 1), 1) for at, score in enumerate(scores) if score is None
    )
    newest = scores[-1] if scores else None
    last = None if newest is None else Point(days.middle(len(scores) - 1), SPARK.y(newest))
    return Sparkline(
        width=SPARK.width,
        height=SPARK.height,
        line=line_of(scores, days),
        gaps=gaps,
        limit_y=SPARK.y(5.5),
        gap_y=SPARK.height - GAP_HEIGHT,
        last=last,
        words=_words(scores),
    )


def _words(scores: Sequence[int | None]) -> str:
    recorded = [score for score in scores if score is not None]
    if not recorded:
        return f"Pain over {len(scores)} days: nothing recorded."
    missing = len(scores) - len(recorded)
    newest = "not recorded" if scores[-1] is None else f"{scores[-1]}/10"
    return (
        f"Pain over {len(scores)} days: lowest {min(recorded)}, highest {max(recorded)}, "
        f"newest {newest}; {missing} days not recorded."
    )
