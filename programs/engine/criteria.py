"""Why a runner is at this stage: every criterion as met, not met or no data."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache

from programs.engine.conditions import leg_pain_once
from programs.engine.entry import Entry
from programs.engine.facts import LOG_WINDOW_DAYS, Facts
from programs.engine.packed_criteria import packed
from programs.engine.values import LOWEST_SCORE, Refer, SessionKind, StageKind

# Bound once, as in ``conditions.py``.
_NOT_REFERRED = Refer.NONE
_ALTERNATE = StageKind.ALTERNATE


class Status(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition with its present value and its limit, both in words.

    ``place`` names the threshold in the programme document whose grade and
    source belong to it, empty where no threshold of the programme is read.
    """

    code: str
    status: Status
    text: str
    value: str
    limit: str
    place: str = ""
    #: The short form that a ledger keeps (``packed_criteria.py``); None where it has none.
    packed: str | None = field(init=False, compare=False, default=None, repr=False)

    def __post_init__(self):
        short = packed(self.code, self.status.value, self.text, self.value, self.limit, self.place)
        object.__setattr__(self, "packed", short)


#: One object for all who stand alike, found by its numbers: making the words takes far longer
#: than working these out. As many as a few programmes can need.
_kept = lru_cache(maxsize=4096)


def _status(met: bool | None) -> Status:
    """None is no data."""
    return Status.NO_DATA if met is None else Status.MET if met else Status.NOT_MET


@_kept
def _said(
    code: str, met: bool | None, text: str, value: str, limit: str = "none", place: str = ""
) -> Criterion:
    return Criterion(code, _status(met), text, value, limit, place)


def _shown(score: int | None) -> str:
    return "not recorded" if score is None else f"{score}/10"


@_kept
def _score(rest: int | None) -> Criterion:
    met = None if rest is None else True
    return _said("score_today", met, "Pain at rest is recorded today", _shown(rest), "recorded")


def _score_today(f: Facts) -> Criterion:
    return _score(f.today.rest)


@_kept
def _days(days: int, need: int) -> Criterion:
    text = f"At least {need} days on this step"
    return _said("stage_days", days >= need, text, f"day {days}", f"{need} days", "min_days")


def _stage_days(f: Facts) -> Criterion:
    return _days(max(f.stage_day, 0), f.stage.min_days)


@_kept
def _logged(logged: int, need: int) -> Criterion:
    text = f"A pain score on {need} of the last {LOG_WINDOW_DAYS} days of this step"
    return _said("logged_days", logged >= need, text, f"{logged} days", f"{need} days", "min_logged")


def _logged_days(f: Facts) -> Criterion:
    return _logged(f.logged_days, f.stage.min_logged)


def _lacks_only_scores(f: Facts, day: int, entry: Entry) -> bool:
    """Would the lowest scores, put where none was recorded, let the session qualify?"""
    morning = f.next_morning(day)
    if entry.session is not SessionKind.DONE or None not in (entry.during, entry.after, morning):
        return False
    return f.qualifies(_at_best(entry), morning or LOWEST_SCORE)


@_kept
def _at_best(entry: Entry) -> Entry:
    return replace(entry, during=entry.during or LOWEST_SCORE, after=entry.after or LOWEST_SCORE)


@_kept
def _chain(count: int, need: int, q: int, only_scores: bool, before: int | None) -> Criterion:
    met = None if only_scores else count >= need
    text = f"{need} comfortable sessions in a row (pain 0-{q} during, after and next morning)"
    value = f"{count} in a row"
    if before is not None:
        value = f"{before} in a row, and yesterday's waits for this morning's score"
    return _said("sessions", met, text, value, f"{need} in a row", "need_sessions")


def _sessions(f: Facts) -> Criterion:
    """No data where only a score that was not recorded breaks the chain."""
    count, sessions = f.comfortable_in_a_row, f.planned_sessions
    only_scores = count < len(sessions) and _lacks_only_scores(f, *sessions[count])
    return _chain(count, f.stage.need_sessions, f.stage.q, only_scores, _before_the_last(f))


def _before_the_last(f: Facts) -> int | None:
    """How many in a row stand before a session of yesterday that only waits for this morning's score."""
    sessions = f.planned_sessions
    waits = f.today.morning is None and bool(sessions) and sessions[0][0] == f.day - 1
    if not waits or not f.qualifies(sessions[0][1], morning=0):
        return None
    before = 0
    for day, entry in sessions[1:]:
        if not f.qualifies(entry, f.next_morning(day)):
            break
        before += 1
    return before


@_kept
def _quiet(met: bool | None, q: int, highest: int, missing: int, of: int) -> Criterion:
    value = f"highest {highest}/10" if highest >= 0 else "not recorded"
    if missing:
        value += f", {missing} of {of} scores not recorded"
    return _said("quiet_days", met, f"Three quiet days in a row (0-{q})", value, f"0-{q}", "q")


def _quiet_days(f: Facts) -> Criterion:
    q, highest, missing = f.stage.q, -1, 0
    for entry in f.last_three:
        for score in (entry.rest, entry.morning):
            if score is None:
                missing += 1
            elif score > highest:
                highest = score
    met = None if missing and highest <= q else highest <= q
    return _quiet(met, q, highest, missing, 2 * len(f.last_three))


def _next_morning(f: Facts) -> Criterion:
    text = "The morning after the last session is known"
    if f.today.has_session:
        return _said("next_morning", None, text, "known tomorrow", "known")
    if f.yesterday.has_session and f.today.morning is None:
        return _said("next_morning", None, text, "not recorded", "known")
    return _said("next_morning", True, text, "known", "known")


def _rest_eased(f: Facts) -> Criterion:
    """The rest stage ends when pain has eased, or at its cap."""
    c = f.constants
    limit = c.s0_cap_max if f.stage_day >= c.rest_cap_days else c.s0_eased_at
    place = "engine.s0_cap_max" if limit == c.s0_cap_max else "engine.s0_eased_at"
    return _eased(f.today.rest, limit, max(f.stage_day, 0), c.rest_cap_days, place)


@_kept
def _eased(rest: int | None, limit: int, day: int, cap: int, place: str) -> Criterion:
    met = None if rest is None else rest <= limit
    text = f"Pain at rest is at most {limit}/10 (day {day} of at most {cap})"
    return _said("rest_eased", met, text, _shown(rest), f"{limit}/10", place)


def _safety(f: Facts) -> tuple[Criterion, ...]:
    """Pauses, pain down the leg, easy days and holds: together, because most runners have none of them."""
    hold = f.state.hold
    return _safe(
        f.state.refer is not _NOT_REFERRED,
        bool(f.today.red_flags),
        leg_pain_once(f),
        f.is_rest,
        f.in_cooldown,
        hold is not None and f.day <= hold.until,
    )


@_kept
def _safe(
    paused: bool, flagged: bool, leg: bool, is_rest: bool, cooling: bool, held: bool
) -> tuple[Criterion, ...]:
    pause = "paused" if paused else "answered today" if flagged else "none"
    # The days that the rule reads: in the rest stage only today.
    below = "No pain below the knee today" if is_rest else "No pain below the knee in the last 3 days"
    easy = "No easy days after a step back"
    return (
        _said("no_pause", pause == "none", "No pause and no red flag", pause),
        _said("no_leg_pain", not leg, below, "reported" if leg else "none reported"),
        _said(
            *("no_easy_days", not cooling, easy, "easy days" if cooling else "none"),
            *("none", "engine.cooldown_days"),
        ),
        _said("no_hold", not held, "No hold by a physiotherapist", "held" if held else "none"),
    )


def _signed_off(f: Facts) -> Criterion:
    confirmed = f.snapshot.signed_off is not None
    value = "confirmed" if confirmed else "not yet"
    return _said("signed_off", confirmed, "A physiotherapist confirms the next step", value, "confirmed")


_TO_LEAVE = (_score_today, _stage_days, _logged_days, _sessions, _quiet_days)


def criteria_of(f: Facts) -> tuple[Criterion, ...]:
    """Every criterion of the stage and of safety, whichever rule decided."""
    if f.stage.is_rest:
        return _score_today(f), _rest_eased(f), *_safety(f)
    if f.at_last:
        return _score_today(f), *_safety(f)
    own = [make(f) for make in _TO_LEAVE]
    if f.stage.kind is _ALTERNATE:
        own.append(_next_morning(f))
    if f.stage.sign_off:
        own.append(_signed_off(f))
    return *own, *_safety(f)
