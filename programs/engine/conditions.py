"""The conditions of the decision table, each a named question about one snapshot.

Limits are data of the programme; codes, outcomes, grades and sources stand in
``rules.py``. A condition may rely on the guard of its section there.
"""

from programs.engine.facts import QUIET_DAYS, Facts
from programs.engine.redflags import first_at
from programs.engine.values import Refer, SessionKind, StageKind, Warmup

# Bound once: on Python 3.11 looking up a member of an enumeration costs more
# than the comparison, and every decision asks each of these.
_NOT_PAUSED = Refer.NONE
_URGENT = Refer.URGENT
_EMERGENCY = Refer.EMERGENCY
_STOPPED = SessionKind.STOPPED_PAIN
_RESOLVED = Warmup.RESOLVED
_SORE = (Warmup.PERSISTED, Warmup.RESOLVED_RETURNED)
_NO_SORENESS = Warmup.NONE
_ALTERNATE = StageKind.ALTERNATE


# --- red flags and pauses -------------------------------------------------------
def any_flag(f: Facts) -> bool:
    return bool(f.today.red_flags)


def emergency_flag(f: Facts) -> bool:
    return first_at(f.today.red_flags, _EMERGENCY) is not None


def urgent_flag(f: Facts) -> bool:
    return first_at(f.today.red_flags, _URGENT) is not None


def still_paused(f: Facts) -> bool:
    return f.state.refer is not _NOT_PAUSED


def leg_pain_again(f: Facts) -> bool:
    return f.today.below_knee and f.leg_pain_before


def _severe(f: Facts, score: int | None) -> bool:
    return score is not None and score >= f.constants.severe_at


def severe_two_days(f: Facts) -> bool:
    return not f.is_rest and _severe(f, f.today.rest) and _severe(f, f.yesterday.rest)


def severe_after_rest(f: Facts) -> bool:
    return f.is_rest and f.stage_day >= f.constants.rest_cap_days and _severe(f, f.today.rest)


# --- step-back triggers -----------------------------------------------------------
def red_pain(f: Facts) -> bool:
    red, today = f.constants.red_at, f.today
    return (today.during is not None and today.during >= red) or (
        today.after is not None and today.after >= red
    )


def red_morning(f: Facts) -> bool:
    morning = f.today.morning
    return (
        f.yesterday.has_session
        and morning is not None
        and morning >= f.constants.red_at
        and (f.day - 1) not in f.state.step_backs
    )


def two_flares(f: Facts) -> bool:
    if not f.flare_today or not f.under_this_stage(f.yesterday):
        return False
    # An earlier session of this stage also means that yesterday was in it.
    earlier = f.previous_session(f.day - 1)
    if earlier is None:
        return False
    next_morning = f.entries.get(earlier[0] + 1)
    return next_morning is not None and f.is_flare(next_morning.morning)


def warmup_pain(f: Facts) -> bool:
    return f.today.warmup is not _NO_SORENESS and f.today.warmup in _SORE


def limped(f: Facts) -> bool:
    return f.today.limp


def two_stops(f: Facts) -> bool:
    if f.today.session is not _STOPPED:
        return False
    earlier = f.previous_session(f.day)
    return earlier is not None and earlier[1].session is _STOPPED


def back_after_gap(f: Facts) -> bool:
    return f.is_running and f.missing_before_today >= f.constants.long_gap_days


_STEP_BACK_CONDITIONS = (red_pain, red_morning, two_flares, warmup_pain, limped, two_stops, back_after_gap)


def step_back_triggered(f: Facts) -> bool:
    """Any of 7a-7g; they need an entry today and a stage that is not rest."""
    if f.is_rest or not f.today.logged:
        return False
    for condition in _STEP_BACK_CONDITIONS:  # noqa: SIM110 - a generator costs more here
        if condition(f):
            return True
    return False


def third_strike(f: Facts) -> bool:
    return f.strikes_before >= f.constants.strikes - 1


def at_floor(f: Facts) -> bool:
    return f.at_floor


# --- what a person decided, and time ---------------------------------------------------
def not_better(f: Facts) -> bool:
    """Whole-number arithmetic on the sum of three scores, so that limits are exact."""
    c, intake = f.constants, f.state.intake
    if f.programme_day < c.not_better_from_day or intake is None or f.is_rest:
        return False
    scores = [entry.rest for entry in f.last_three]
    if None in scores:
        return False
    total = sum(scores)
    if total < QUIET_DAYS * c.not_better_floor or intake < c.not_better_floor:
        return False
    gained = QUIET_DAYS * intake - total
    return (
        gained < QUIET_DAYS * c.not_better_points
        and gained * 100 < c.not_better_percent * QUIET_DAYS * intake
    )


def physio_set(f: Facts) -> bool:
    return f.snapshot.stage_set is not None


def physio_clear(f: Facts) -> bool:
    return f.snapshot.cleared is not None


def physio_hold(f: Facts) -> bool:
    return f.state.hold is not None and f.day <= f.state.hold.until


def no_score(f: Facts) -> bool:
    return f.today.rest is None


def cooling_down(f: Facts) -> bool:
    return f.in_cooldown


def leg_pain_once(f: Facts) -> bool:
    return f.today.below_knee or (not f.is_rest and f.leg_pain_before)


# --- the rest stage: here a score at rest is known ------------------------------------
def in_rest_stage(f: Facts) -> bool:
    return f.is_rest


def rest_eased(f: Facts) -> bool:
    return f.stage_day >= 1 and f.today.rest <= f.constants.s0_eased_at


def rest_cap_reached(f: Facts) -> bool:
    return f.stage_day >= f.constants.rest_cap_days and f.today.rest <= f.constants.s0_cap_max


# --- today's session ------------------------------------------------------------------
def session_today(f: Facts) -> bool:
    return f.today.has_session


def warmup_resolved(f: Facts) -> bool:
    return f.today.warmup is _RESOLVED


def stopped_once(f: Facts) -> bool:
    return f.today.session is _STOPPED


def one_flare(f: Facts) -> bool:
    return f.flare_today


def amber(f: Facts) -> bool:
    q, today = f.stage.q, f.today
    return (today.during is not None and today.during > q) or (today.after is not None and today.after > q)


def score_missing(f: Facts) -> bool:
    return f.today.during is None or f.today.after is None


def at_last_stage(f: Facts) -> bool:
    return f.at_last


def next_morning_unknown(f: Facts) -> bool:
    return f.stage.kind is _ALTERNATE


# --- what an advance needs -----------------------------------------------------------
def too_early(f: Facts) -> bool:
    return f.stage_day < f.stage.min_days


def few_logs(f: Facts) -> bool:
    return f.logged_days < f.stage.min_logged


def sessions_short(f: Facts) -> bool:
    return f.comfortable_in_a_row < f.stage.need_sessions


def not_quiet(f: Facts) -> bool:
    q = f.stage.q
    for entry in f.last_three:
        rest, morning = entry.rest, entry.morning
        if rest is None or morning is None or rest > q or morning > q:
            return True
    return False


def sign_off_missing(f: Facts) -> bool:
    return f.stage.sign_off and f.snapshot.signed_off is None


def always(f: Facts) -> bool:
    return True
