"""A fortnight in a thumbnail: one line, with gaps where nothing was recorded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from programs.charts.frame import Days, Frame
from programs.charts.lines import unbroken

#: Missing days lie under the foot of the line, so that nobody takes them for zeros.
GAP_HEIGHT = 4
SPARK = Frame(width=140, height=36, left=2, right=2, top=5, bottom=10, scale=1, letter=0)
#: Above this line is high pain.
LIMIT_Y = SPARK.y(5.5)
GAP_Y = SPARK.height - GAP_HEIGHT
_HEIGHTS = tuple(SPARK.y(score) for score in range(11))
#: What a picture says; a page in another language looks the sentence up before it is filled in.
NOTHING_SAID = "Pain over {days} days: nothing recorded."
SAID = (
    "Pain over {days} days: lowest {lowest}, highest {highest}, newest {newest}; {missing} days not recorded."
)
NOT_RECORDED = "not recorded"
#: Different fortnights that are kept: a caseload is looked at again and again.
_MOST = 4000


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Paths, because a caseload draws hundreds of these: the line, a dot for each
    score, a foot for each missing day, and the newest day's dot where it has a
    score. A dot is a stroke without a length and with a round end. ``words`` say
    all of it.
    """

    line_path: str
    dots: str
    feet: str
    newest: str
    words: str


def sparkline(scores: Sequence[int | None]) -> Sparkline:
    """Scores 0-10 of consecutive days, oldest first; None is not recorded."""
    return _drawn(tuple(scores))


@lru_cache(_MOST)
def _drawn(scores: tuple[int | None, ...]) -> Sparkline:
    middles, starts, width = _places(len(scores))
    dots = [f"{middles[at]} {_HEIGHTS[score]:g}" for at, score in enumerate(scores) if score is not None]
    feet = (f"M{starts[at]} {GAP_Y}{width}" for at, score in enumerate(scores) if score is None)
    return Sparkline(
        line_path="".join(_part(run, middles) for run in unbroken(scores)),
        dots="".join(f"M{dot}h0" for dot in dots),
        feet="".join(feet),
        newest=f"M{dots[-1]}h0" if scores and scores[-1] is not None else "",
        words=words(scores, lambda text: text),
    )


def _part(run: list[tuple[int, int]], middles: tuple[str, ...]) -> str:
    """One unbroken part of the line; a score without neighbours is a dot alone."""
    if len(run) < 2:
        return ""
    return "M" + " L".join(f"{middles[at]} {_HEIGHTS[score]:g}" for at, score in run)


@cache
def _places(count: int) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Of so many days the middles, the left edges, and the box that is drawn from an edge."""
    days = Days(SPARK, count)
    middles = tuple(f"{days.middle(at):g}" for at in range(count))
    starts = tuple(f"{days.start(at):g}" for at in range(count))
    width = f"{round(days.pitch, 1):g}"
    return middles, starts, f"h{width}v{GAP_HEIGHT}h-{width}z"


def words(scores: Sequence[int | None], said: Callable[[str], str]) -> str:
    """The picture as a sentence; ``said`` gives a text in the language of whoever reads it."""
    recorded = [score for score in scores if score is not None]
    if not recorded:
        return said(NOTHING_SAID).format(days=len(scores))
    return said(SAID).format(
        days=len(scores),
        lowest=min(recorded),
        highest=max(recorded),
        newest=said(NOT_RECORDED) if scores[-1] is None else f"{scores[-1]}/10",
        missing=len(scores) - len(recorded),
    )
