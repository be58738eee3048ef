"""Run-walk intervals in words and as a strip of bars."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.engine.document_stages import running_seconds, total_seconds

STRIP_WIDTH = 600
STRIP_HEIGHT = 56
WALK_HEIGHT = 18
RUN_HEIGHT = 46
GAP = 2


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of the outing: ``kind`` is warm-up, run, walk or cool-down."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class RunWalk:
    """An outing in words, line by line, and its picture."""

    lines: tuple[str, ...]
    total: str
    running: str
    bars: tuple[Bar, ...]
    view_box: str = f"0 0 {STRIP_WIDTH} {STRIP_HEIGHT}"


def duration_words(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    if minutes == 0 or (minutes == 1 and rest):
        return ngettext("{count} second", "{count} seconds", seconds).format(count=seconds)
    if rest == 30:
        return _("{minutes}½ minutes").format(minutes=minutes)
    words = ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
    if not rest:
        return words
    more = ngettext("{minutes} {count} second", "{minutes} {count} seconds", rest)
    return more.format(minutes=words, count=rest)


def run_walk_of(document: dict) -> RunWalk:
    """The ``run_walk`` part of a session document, for people."""
    lines = (
        _("Warm up: walk briskly for {duration}.").format(
            duration=duration_words(60 * document["warm_up_min"])
        ),
        *(interval_words(part) for part in document["intervals"]),
        _("Cool down: walk for {duration}.").format(duration=duration_words(60 * document["cool_down_min"])),
    )
    return RunWalk(
        lines=lines,
        total=_("about {minutes} minutes").format(minutes=round(total_seconds(document) / 60)),
        running=duration_words(running_seconds(document)),
        bars=tuple(_bars(document)),
    )


def interval_words(part: dict) -> str:
    run, walk = duration_words(part["run_seconds"]), part["walk_seconds"]
    act = (
        _("run {run}, then walk {walk}").format(run=run, walk=duration_words(walk))
        if walk
        else _("run {run}").format(run=run)
    )
    if part["repeats"] == 1:
        return f"{act[0].upper()}{act[1:]}."
    fewest = part.get("repeats_from")
    times = (
        _("{fewest} to {repeats} times").format(fewest=fewest, repeats=part["repeats"])
        if fewest
        else _("{repeats} times").format(repeats=part["repeats"])
    )
    return _("{times}: {act}.").format(times=times, act=act)


def _bars(document: dict) -> list[Bar]:
    parts = [("warm-up", 60 * document["warm_up_min"])]
    for part in document["intervals"]:
        pair = [("run", part["run_seconds"]), ("walk", part["walk_seconds"])]
        parts += [(kind, seconds) for kind, seconds in pair * part["repeats"] if seconds]
    parts.append(("cool-down", 60 * document["cool_down_min"]))
    scale = STRIP_WIDTH / sum(seconds for _, seconds in parts)
    bars, x = [], 0.0
    for kind, seconds in parts:
        height = RUN_HEIGHT if kind == "run" else WALK_HEIGHT
        width = max(seconds * scale - GAP, 1)
        bars.append(Bar(kind, round(x, 1), STRIP_HEIGHT - height, round(width, 1), height))
        x += seconds * scale
    return bars
