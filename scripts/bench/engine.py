"""How many local days the engine decides in a second on one core.

    .venv/bin/python scripts/bench/engine.py [DECISIONS]

100,000 decisions on snapshots that hold the last 14 days of a runner, drawn so
that every stage and most rules occur. Two things are measured in turns, so that
a busy machine slows both: `decide` alone, as the outlook and replays need it,
and `decide` with the reason and all criteria, as a day close stores it.
"""

import datetime
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import yaml  # noqa: E402  (only after the path is known)

from programs.engine.decide import decide  # noqa: E402
from programs.engine.document import programme_from_document  # noqa: E402
from programs.engine.entry import Entry  # noqa: E402
from programs.engine.programme import Programme  # noqa: E402
from programs.engine.snapshot import Snapshot, State  # noqa: E402
from programs.engine.values import Leg, SessionKind, Warmup  # noqa: E402

PROGRAMME = ROOT / "programs" / "library" / "programmes" / "lbp-acute-default.yaml"
TODAY = datetime.date(2026, 3, 2).toordinal()
DAYS = 14
DIFFERENT = 2000
ROUNDS = 5
WANTED_PER_SECOND = 50_000


def entry(draw: random.Random, runs: bool) -> Entry | None:
    """A day as runners have them: mostly quiet, now and then silent, sore or painful."""
    if draw.random() < 0.08:
        return None
    scores = {"morning": draw.choice((0, 1, 1, 1, 2, 2, 3)), "rest": draw.choice((0, 1, 1, 1, 2, 2, 3))}
    leg = Leg.BELOW_KNEE if draw.random() < 0.01 else Leg.NONE
    if not runs:
        return Entry(**scores, leg=leg)
    return Entry(
        **scores,
        session=draw.choice((SessionKind.DONE,) * 18 + (SessionKind.PARTIAL, SessionKind.STOPPED_PAIN)),
        during=draw.choice((0, 1, 1, 2, 2, 2, 3, 6)),
        after=draw.choice((0, 1, 1, 2, 2)),
        warmup=Warmup.RESOLVED if draw.random() < 0.03 else Warmup.NONE,
        leg=leg,
    )


def snapshot(draw: random.Random, programme: Programme) -> Snapshot:
    first, runs_on = TODAY - DAYS + 1, draw.randrange(2)
    made = {day: entry(draw, runs=day % 2 == runs_on) for day in range(first, TODAY + 1)}
    state = State(
        stage=draw.randrange(programme.floor, len(programme.stages)),
        entered=TODAY - draw.randrange(DAYS),
        started=TODAY - draw.randrange(DAYS, 60),
        baseline=draw.choice((1, 2, 2, 3)),
        intake=6,
    )
    entries = {day: said for day, said in made.items() if said is not None}
    return Snapshot(programme, TODAY, state, entries, first_day=first)


def explained(one: Snapshot) -> None:
    decision = decide(one)
    _words = decision.reason, decision.criteria


def seconds(work: Callable[[Snapshot], object], snapshots: list[Snapshot], times: int) -> float:
    start = time.perf_counter()
    for _ in range(times):
        for one in snapshots:
            work(one)
    return time.perf_counter() - start


def main(decisions: int) -> None:
    draw = random.Random(1)
    programme = programme_from_document(yaml.safe_load(PROGRAMME.read_text()), version=1)
    snapshots = [snapshot(draw, programme) for _ in range(DIFFERENT)]
    times = max(1, decisions // (DIFFERENT * ROUNDS))
    measured: dict[str, list[float]] = {"decide": [], "explained": []}
    for _ in range(ROUNDS):
        measured["decide"].append(seconds(decide, snapshots, times))
        measured["explained"].append(seconds(explained, snapshots, times))
    per_second = {name: DIFFERENT * times / statistics.median(elapsed) for name, elapsed in measured.items()}
    rules = Counter(decide(one).rule for one in snapshots)
    print(f"{DIFFERENT * times * ROUNDS:,} decisions each, {DAYS} days, {len(rules)} rules: {dict(rules)}")
    print(f"decide            {per_second['decide']:>9,.0f} a second")
    print(f"with reason, etc. {per_second['explained']:>9,.0f} a second")
    print(f"explained : decide = {per_second['decide'] / per_second['explained']:.2f} times as long")
    enough = per_second["decide"] >= WANTED_PER_SECOND
    print(f"{WANTED_PER_SECOND:,} a second: {'yes' if enough else 'NO'}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
