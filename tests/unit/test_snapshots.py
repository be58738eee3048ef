"""The window of a snapshot loses nothing that a rule can read."""

import random

from programs.engine.decide import decide
from programs.engine.entry import Entry
from programs.engine.simulate import initial_state
from programs.engine.snapshot import Snapshot
from programs.engine.transition import after
from programs.engine.values import Leg, SessionKind, Warmup
from programs.snapshots import WINDOW_DAYS, kept_entries
from tests.unit.engine.scenarios import DAY_0, PROGRAMME

DAYS = 90


def a_diary(rng: random.Random) -> dict[int, Entry]:
    """Mostly quiet, with gaps of weeks, flares, stops and missing scores."""
    entries: dict[int, Entry] = {}
    day = DAY_0 + 1
    while day <= DAY_0 + DAYS:
        if rng.random() < 0.04:
            day += rng.choice([7, 13, 14, 15, 20, 21, 22, 30])
            continue
        entries[day] = _entry(rng)
        day += 1
    return entries


def _entry(rng: random.Random) -> Entry:
    score = lambda: rng.choice([None, 0, 1, 1, 1, 2, 2, 3, 4])  # noqa: E731 - a die, thrown four times
    if rng.random() < 0.1:
        return Entry(missing=True, session=None, planned=True)
    leg = rng.choice([Leg.NONE] * 30 + [Leg.BELOW_KNEE])
    if rng.random() < 0.5:
        return Entry(morning=score(), rest=score(), leg=leg)
    kind = rng.choice([SessionKind.DONE] * 6 + [SessionKind.STOPPED_PAIN, SessionKind.PARTIAL])
    warmup = rng.choice([Warmup.NONE] * 20 + [Warmup.RESOLVED])
    return Entry(
        morning=score(),
        rest=score(),
        session=kind,
        during=score(),
        after=score(),
        warmup=warmup,
        leg=leg,
        stage_shown=rng.choice([None, None, *(stage.key for stage in PROGRAMME.stages[1:4])]),
    )


def test_a_decision_from_the_window_is_the_decision_from_everything():
    rules = set()
    for seed in range(150):
        rng = random.Random(seed)
        entries = a_diary(rng)
        stage = rng.randrange(1, len(PROGRAMME.stages))
        state = initial_state(PROGRAMME, stage, DAY_0 + 1, intake=6, baseline=1)
        for day in range(DAY_0 + 1, DAY_0 + DAYS + 1):
            whole = Snapshot(PROGRAMME, day, state, entries, DAY_0 + 1)
            window = Snapshot(
                PROGRAMME,
                day,
                state,
                kept_entries(entries, day, state, PROGRAMME.stages[state.stage].key),
                DAY_0 + 1,
            )
            decided, again = decide(whole), decide(window)
            assert (decided.rule, decided.reason, decided.criteria) == (
                again.rule,
                again.reason,
                again.criteria,
            )
            rules.add(decided.rule)
            state = after(decided)
    assert {"D5G_LONG_GAP", "D5F_TWO_STOPS", "D5C_TWO_FLARES", "D9A_ADVANCE", "D8F_FLARE"} <= rules


def test_the_window_ends_with_the_decided_day():
    entries = {DAY_0 + day: Entry(morning=1, rest=1) for day in range(1, 60)}
    state = initial_state(PROGRAMME, 1, DAY_0 + 1, intake=6, baseline=1)
    kept = kept_entries(entries, DAY_0 + 40, state, PROGRAMME.stages[1].key)
    assert max(kept) == DAY_0 + 40
    assert len(kept) == WINDOW_DAYS + 1, "and the last logged day before it"
