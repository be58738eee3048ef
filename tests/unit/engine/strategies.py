"""Diaries near every limit: a runner who advances, disturbed in up to four places.

Scores lie within one of a limit and days within one of a window's end, because
wide ranges hit a limit so rarely that a rule off by one is never seen.
"""

from dataclasses import replace

from hypothesis import strategies as st

from programs.engine.entry import Entry
from programs.engine.simulate import with_constants
from programs.engine.snapshot import Snapshot
from programs.engine.values import DONE_SOMETHING, Leg, SessionKind, Warmup
from tests.unit.engine.build import CONFIRMED_STEPS, PROGRAMME, RUNNING_ONLY, S0, S8, missing, ready, session

Days = dict[int, dict | None]

LIMITS = (0, 1, 2, 3, 4, 5, 6, 7)
scores = st.sampled_from((*LIMITS, None))
known_scores = st.sampled_from(LIMITS)
warmups = st.sampled_from([warmup.value for warmup in Warmup])
codes = st.sampled_from(["CE_SADDLE", "CHEST_PAIN", "THORACIC", "BSI_SUSPECT", "NEW_IN_2031", ""])
done_kinds = st.sampled_from(["done", "done", "done", "partial", "stopped_pain"])
SESSION_FIELDS = ("session", "during", "after", "warmup", "limp", "stage_shown")

sessions = st.one_of(
    st.builds(session, done_kinds, scores, scores),
    st.builds(
        lambda kind, warmup, limp: session(kind, warmup=warmup, limp=limp), done_kinds, warmups, st.booleans()
    ),
    st.builds(lambda key: session(stage_shown=key), st.sampled_from(["S2_core", "S3_run1_walk4"])),
    st.builds(
        lambda kind, planned: {"session": kind, "planned": planned},
        st.sampled_from(["none", "skipped", "skipped_pain", None]),
        st.booleans(),
    ),
)


def offsets(oldest: int) -> st.SearchStrategy[int]:
    return st.integers(min_value=oldest, max_value=0)


# --- disturbances of the diary ---------------------------------------------------------------
def _one_day(offset: int, said: dict | None) -> Days:
    return {offset: said}


def _stretch(days: int, said: dict | None) -> Days:
    return {-back: said for back in range(1, days + 1)}


def _two_flares(now: int, before: int, back: int) -> Days:
    return {0: {"morning": now}, -1: session(), -back + 1: {"morning": before}, -back: session()}


def _two_stops(back: int) -> Days:
    return {0: session("stopped_pain"), -back: session("stopped_pain")}


def _rests(now: int, yesterday: int, before: int) -> Days:
    return {0: {"rest": now}, -1: {"rest": yesterday}, -2: {"rest": before}}


def _unlogged(newest: int, count: int) -> Days:
    return {-back: {"rest": None} for back in range(newest, newest + count)}


def _leg(offset: int, leg: str, again: int | None) -> Days:
    days: Days = {offset: {"leg": leg}}
    return days if again is None else days | {offset - again: {"leg": "below_knee"}}


just_done = st.just("done")
low = st.sampled_from([0, 1, 2, None])
legs = st.sampled_from(["below_knee", "below_knee", "above_knee"])
diary_changes = st.one_of(
    st.builds(
        _one_day, offsets(-8), st.builds(lambda n, v: {n: v}, st.sampled_from(["morning", "rest"]), scores)
    ),
    st.builds(_one_day, offsets(-11), sessions),
    st.builds(_one_day, st.just(0), st.builds(session, done_kinds, st.integers(1, 6), st.integers(1, 6))),
    st.builds(_one_day, st.just(0), st.builds(session, just_done, low, low, warmup=warmups)),
    st.builds(_one_day, offsets(-1), st.builds(session, just_done, low, low, limp=st.booleans())),
    st.builds(_one_day, offsets(-9), st.one_of(st.none(), st.builds(missing, st.booleans()))),
    st.builds(_one_day, offsets(-1), st.builds(lambda code: {"red_flags": (code,)}, codes)),
    st.builds(_stretch, st.integers(13, 15), st.one_of(st.none(), st.builds(missing, st.booleans()))),
    st.builds(_two_flares, st.integers(3, 6), st.integers(3, 5), st.integers(2, 4)),
    st.builds(_two_stops, st.integers(1, 4)),
    st.builds(_rests, st.integers(2, 8), st.integers(2, 8), st.integers(2, 8)),
    st.builds(_unlogged, st.integers(0, 4), st.integers(2, 4)),
    st.builds(_leg, offsets(-3), legs, st.sampled_from([None, 1, 2, 3])),
)


# --- disturbances of the state ---------------------------------------------------------------------
def _field(name: str, values: st.SearchStrategy) -> st.SearchStrategy[dict]:
    return values.map(lambda value: {name: value})


near_now = st.integers(-1, 1)
step_backs = st.lists(st.sampled_from([0, -1, -2, -9, -19, -20, -21]), min_size=1, max_size=3, unique=True)
state_changes = st.one_of(
    _field("stage_day", st.integers(-1, 9)),
    _field("intake", st.sampled_from([None, 2, 3, 4, 10])),
    _field("baseline", st.sampled_from([None, 0, 1, 2, 3, 4])),
    _field("refer", st.sampled_from(["routine", "urgent", "emergency"])),
    _field("step_backs", step_backs.map(lambda days: tuple(sorted(days)))),
    _field("easy_until", near_now),
    _field("hold_until", near_now),
    _field("stage_set", st.just(True)),
    _field("cleared", st.just(True)),
    st.builds(lambda signed_off: {"programme": CONFIRMED_STEPS, "signed_off": signed_off}, st.booleans()),
    _field("first", st.sampled_from([-13, -14, -15])),
    _field(
        "programme",
        st.builds(
            lambda age, eased: with_constants(PROGRAMME, session_max_age_days=age, s0_eased_at=eased),
            st.integers(4, 10),
            st.integers(3, 4),
        ),
    ),
)


def merged(first: dict | None, second: dict | None) -> dict | None:
    """What a day says after both changes; the later one wins."""
    if first is None or second is None or first.get("missing") or second.get("missing"):
        return second
    if "session" in second:
        first = {name: value for name, value in first.items() if name not in SESSION_FIELDS}
    return {**first, **second}


@st.composite
def snapshots(draw, least_stage: int = S0, most_changes: int = 3) -> Snapshot:
    days: Days = {}
    state: dict = {}
    stage = draw(st.integers(least_stage, S8))
    if stage == S0:
        days[0] = {"rest": draw(st.integers(3, 8))}
        state = {"stage_day": draw(st.integers(0, 3))}
    elif (special := draw(st.integers(0, 9))) == 0:
        days[0] = session(during=draw(st.integers(5, 7)))
        state = {"step_backs": (draw(st.integers(-21, -19)), draw(st.integers(-2, 0)))}
    elif special == 1:
        days = draw(st.builds(_rests, st.integers(2, 4), st.integers(2, 4), st.integers(2, 4)))
        state = {"programme_day": draw(st.integers(27, 29)), "intake": draw(st.integers(2, 5))}
    for change in draw(st.lists(diary_changes, max_size=most_changes)):
        for offset, said in change.items():
            days[offset] = merged(days.get(offset, {}), said)
    if draw(st.booleans()):
        state = {**state, **draw(state_changes)}
    if draw(st.integers(0, 9)) == 0 and stage > S0:
        return ready(min(stage, len(RUNNING_ONLY.stages)) - 1, days, **{**state, "programme": RUNNING_ONLY})
    return ready(stage, days, **state)


# --- changes to a finished snapshot ------------------------------------------------------------------
def with_entry(snapshot: Snapshot, day: int, entry: Entry | None) -> Snapshot:
    entries = {**snapshot.entries}
    if entry is None:
        entries.pop(day, None)
    else:
        entries[day] = entry
    return replace(snapshot, entries=entries)


def recorded(snapshot: Snapshot, oldest: int = 12) -> list[tuple[int, str]]:
    """Places of all scores of the last days."""
    return [
        (day, name)
        for day in range(snapshot.day - oldest, snapshot.day + 1)
        if (entry := snapshot.entries.get(day))
        for name in ("morning", "rest", "during", "after")
        if getattr(entry, name) is not None
    ]


def places(snapshot: Snapshot, most: int = 6) -> st.SearchStrategy[list[tuple[int, str]]]:
    """One to six of the recorded scores, or none where there is none."""
    found = recorded(snapshot)
    if not found:
        return st.just([])
    return st.lists(st.sampled_from(found), min_size=1, max_size=most, unique=True)


LEGS = list(Leg)
WARMUPS = [Warmup.NONE, Warmup.RESOLVED, Warmup.PERSISTED, Warmup.RESOLVED_RETURNED]
WORSE_SESSION = {
    SessionKind.DONE: SessionKind.STOPPED_PAIN,
    SessionKind.PARTIAL: SessionKind.STOPPED_PAIN,
    SessionKind.SKIPPED: SessionKind.SKIPPED_PAIN,
}


def worse_answers(entry: Entry) -> list[Entry]:
    """The entry with one categorical answer made worse."""
    if entry.missing:
        return []
    worse = [replace(entry, leg=leg) for leg in LEGS[LEGS.index(entry.leg) + 1 :]]
    if entry.session in DONE_SOMETHING:
        worse += [replace(entry, warmup=warmup) for warmup in WARMUPS[WARMUPS.index(entry.warmup) + 1 :]]
        worse += [replace(entry, limp=True)]
    if entry.session in WORSE_SESSION:
        worse += [replace(entry, session=WORSE_SESSION[entry.session])]
    return worse


@st.composite
def diaries(draw, days: int) -> list[Entry]:
    """So many days in a row, mostly quiet, with sessions, for whole trajectories."""
    usual = st.builds(
        lambda morning, rest, said: {"morning": morning, "rest": rest, **said},
        st.sampled_from([0, 1, 1, 2, 2, 3, 4, 6, None]),
        st.sampled_from([0, 1, 1, 2, 2, 3, 4, 7, None]),
        st.one_of(st.just({}), st.just(session()), sessions),
    )
    quiet = st.sampled_from([{"morning": 1, "rest": 1}, {"morning": 1, "rest": 1, **session()}])
    said = st.one_of(quiet, quiet, quiet, usual, st.builds(missing, st.booleans()))
    return [_entry(one) for one in draw(st.lists(said, min_size=days, max_size=days))]


def _entry(said: dict) -> Entry:
    said = dict(said)
    said.pop("stage_shown", None)
    kind = said.pop("session", "none")
    return Entry(
        session=None if kind is None else SessionKind(kind), warmup=Warmup(said.pop("warmup", "none")), **said
    )
