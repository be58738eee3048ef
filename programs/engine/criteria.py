"""Why a runner is at this stage: every criterion as met, not met or no data."""

from dataclasses import dataclass, replace
from enum import StrEnum

from programs.engine.conditions import leg_pain_once, not_quiet
from programs.engine.entry import Entry
from programs.engine.facts import LOG_WINDOW_DAYS, Facts
from programs.engine.values import LOWEST_SCORE, Refer, SessionKind, StageKind


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


def _status(met: bool) -> Status:
    return Status.MET if met else Status.NOT_MET


def _score_today(f: Facts) -> Criterion:
    rest = f.today.rest
    status = Status.NO_DATA if rest is None else Status.MET
    return Criterion("score_today", status, "Pain at rest is recorded today", _shown(rest), "recorded")


def _shown(score: int | None) -> str:
    return "not recorded" if score is None else f"{score}/10"


def _stage_days(f: Facts) -> Criterion:
    days, need = max(f.stage_day, 0), f.stage.min_days
    text = f"At least {need} days on this step"
    return Criterion("stage_days", _status(days >= need), text, f"day {days}", f"{need} days", "min_days")


def _logged_days(f: Facts) -> Criterion:
    need = f.stage.min_logged
    text = f"A pain score on {need} of the last {LOG_WINDOW_DAYS} days of this step"
    status = _status(f.logged_days >= need)
    return Criterion("logged_days", status, text, f"{f.logged_days} days", f"{need} days", "min_logged")


def _lacks_only_scores(f: Facts, day: int, entry: Entry) -> bool:
    """Would the lowest scores, put where none was recorded, let the session qualify?"""
    morning = f.next_morning(day)
    if entry.session is not SessionKind.DONE or None not in (entry.during, entry.after, morning):
        return False
    at_best = replace(entry, during=entry.during or LOWEST_SCORE, after=entry.after or LOWEST_SCORE)
    return f.qualifies(at_best, morning or LOWEST_SCORE)


def _sessions(f: Facts) -> Criterion:
    """No data where only a score that was not recorded breaks the chain."""
    count, need = f.comfortable_in_a_row, f.stage.need_sessions
    status = _status(count >= need)
    breaks_chain = f.planned_sessions[count : count + 1]
    if any(_lacks_only_scores(f, day, entry) for day, entry in breaks_chain):
        status = Status.NO_DATA
    text = f"{need} comfortable sessions in a row (pain 0-{f.stage.q} during, after and next morning)"
    return Criterion("sessions", status, text, _in_a_row(f), f"{need} in a row", "need_sessions")


def _in_a_row(f: Facts) -> str:
    """The count in words; a session of yesterday may only wait for this morning's score."""
    sessions = f.planned_sessions
    waits = bool(sessions) and sessions[0][0] == f.day - 1 and f.today.morning is None
    if not waits or not f.qualifies(sessions[0][1], morning=0):
        return f"{f.comfortable_in_a_row} in a row"
    before = 0
    for day, entry in sessions[1:]:
        if not f.qualifies(entry, f.next_morning(day)):
            break
        before += 1
    return f"{before} in a row, and yesterday's waits for this morning's score"


def _quiet_days(f: Facts) -> Criterion:
    q = f.stage.q
    scores = [score for entry in f.last_three for score in (entry.rest, entry.morning)]
    known = [score for score in scores if score is not None]
    status = _status(not not_quiet(f))
    if status is Status.NOT_MET and all(score <= q for score in known):
        status = Status.NO_DATA
    value = f"highest {max(known)}/10" if known else "not recorded"
    if len(known) < len(scores):
        value += f", {len(scores) - len(known)} of {len(scores)} scores not recorded"
    return Criterion("quiet_days", status, f"Three quiet days in a row (0-{q})", value, f"0-{q}", "q")


def _next_morning(f: Facts) -> Criterion:
    waits = f.yesterday.has_session and f.today.morning is None
    status = Status.NO_DATA if f.today.has_session or waits else Status.MET
    value = "known tomorrow" if f.today.has_session else "not recorded" if waits else "known"
    return Criterion("next_morning", status, "The morning after the last session is known", value, "known")


def _rest_eased(f: Facts) -> Criterion:
    """The rest stage ends when pain has eased, or at its cap."""
    c, rest = f.constants, f.today.rest
    limit = c.s0_cap_max if f.stage_day >= c.rest_cap_days else c.s0_eased_at
    status = Status.NO_DATA if rest is None else _status(rest <= limit)
    text = f"Pain at rest is at most {limit}/10 (day {max(f.stage_day, 0)} of at most {c.rest_cap_days})"
    place = "engine.s0_cap_max" if limit == c.s0_cap_max else "engine.s0_eased_at"
    return Criterion("rest_eased", status, text, _shown(rest), f"{limit}/10", place)


def _not_paused(f: Facts) -> Criterion:
    open_flag = f.state.refer is not Refer.NONE or bool(f.today.red_flags)
    value = "paused" if f.state.refer is not Refer.NONE else "answered today" if open_flag else "none"
    return Criterion("no_pause", _status(not open_flag), "No pause and no red flag", value, "none")


def _no_leg_pain(f: Facts) -> Criterion:
    """The days that the rule reads: in the rest stage only today."""
    leg = leg_pain_once(f)
    value = "reported" if leg else "none reported"
    days = "today" if f.is_rest else "in the last 3 days"
    return Criterion("no_leg_pain", _status(not leg), f"No pain below the knee {days}", value, "none")


def _no_easy_days(f: Facts) -> Criterion:
    value = "easy days" if f.in_cooldown else "none"
    text = "No easy days after a step back"
    return Criterion("no_easy_days", _status(not f.in_cooldown), text, value, "none", "engine.cooldown_days")


def _no_hold(f: Facts) -> Criterion:
    held = f.state.hold is not None and f.day <= f.state.hold.until
    value = "held" if held else "none"
    return Criterion("no_hold", _status(not held), "No hold by a physiotherapist", value, "none")


def _signed_off(f: Facts) -> Criterion:
    confirmed = f.snapshot.signed_off is not None
    value = "confirmed" if confirmed else "not yet"
    return Criterion(
        "signed_off", _status(confirmed), "A physiotherapist confirms the next step", value, "confirmed"
    )


_SAFETY = (_not_paused, _no_leg_pain, _no_easy_days, _no_hold)


def criteria_of(f: Facts) -> tuple[Criterion, ...]:
    """Every criterion of the stage and of safety, whichever rule decided."""
    if f.stage.is_rest:
        own = (_score_today, _rest_eased)
    elif f.at_last:
        own = (_score_today,)
    else:
        own = (_score_today, _stage_days, _logged_days, _sessions, _quiet_days)
        own += (_next_morning,) if f.stage.kind is StageKind.ALTERNATE else ()
        own += (_signed_off,) if f.stage.sign_off else ()
    return tuple(make(f) for make in (*own, *_SAFETY))
