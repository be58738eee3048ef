"""Needs in words: what a physiotherapist reads in a row of the caseload, and what she may do."""

import datetime
from dataclasses import dataclass

from accounts.models import User
from programs.engine.reasons import session_score
from programs.engine.redflags import label_of
from programs.engine.triage import NeedCode
from programs.engine.values import BY_A_PERSON, Outcome
from programs.models import OverrideKind
from programs.presentation import NEEDS, NEXT_STEPS, RULES_IN_BRIEF, Tag, tag_of
from programs.selectors.cases import Case, LedgerLine

#: Needs that have not stood for any time, or that name their days themselves.
_OF_TONIGHT_OR_PLAIN = (
    NeedCode.WILL_PAUSE,
    NeedCode.WILL_STEP_BACK,
    NeedCode.SILENT,
    NeedCode.READY,
    NeedCode.FINE,
)


#: Needs whose next step advises to hold or to move.
_SETTLED_BY_ACT = (
    NeedCode.ABOVE_BASELINE,
    NeedCode.WORSE_AFTER_SESSION,
    NeedCode.REVIEW_DUE,
    NeedCode.READY,
)
_DONE = {OverrideKind.HOLD_UNTIL: "held", OverrideKind.SET_STAGE: "moved"}


@dataclass(frozen=True, slots=True)
class NeedWords:
    """``standing`` says since when; it and ``next_step`` are empty where there is nothing to say."""

    tag: Tag
    reason: str
    standing: str
    next_step: str


def words_of(case: Case, *, by: User) -> NeedWords:
    """``by`` reads them: what she did herself is told as hers."""
    code = case.need.code
    return NeedWords(NEEDS[code], _REASONS[code](case), standing_words(case), _next_step(case, by))


def _next_step(case: Case, by: User) -> str:
    """What a person did today takes the place of advice to do it."""
    act = case.history.overrides[-1] if case.history.overrides else None
    done = _DONE.get(act.kind) if act and act.date == case.today else None
    if done is None or case.need.code not in _SETTLED_BY_ACT:
        return NEXT_STEPS[case.need.code]
    who = "You" if act.made_by_id == by.pk else str(act.made_by)
    return f"{who} {done} this runner today."


def standing_words(case: Case) -> str:
    days = case.need.since_days
    if case.need.code in _OF_TONIGHT_OR_PLAIN:
        return ""
    if days < 2:
        return ("since today", "since yesterday")[days]
    return f"for {days} days"


def day_words(date: datetime.date, today: datetime.date) -> str:
    """A past date as people say it."""
    ago = (today - date).days
    if ago < 2:
        return ("today", "yesterday")[max(ago, 0)]
    return f"{ago} days ago"


def brief_words(case: Case, rule: str, date: datetime.date) -> str:
    """Why a rule applied to the present stage on a date. A rule of an older engine stands as its code."""
    numbers = {"stage_day": max((date - case.enrolment.stage_entered_on).days + 1, 1), "min_days": "?"}
    if case.programme and case.enrolment.stage in case.programme.positions:
        stage = case.programme.stages[case.programme.positions[case.enrolment.stage]]
        numbers["min_days"] = stage.min_days
    return RULES_IN_BRIEF.get(rule, rule).format_map(numbers)


def _red_flag(case: Case) -> str:
    flags = case.pause.red_flags if case.pause else ()
    if not flags:
        return _pause(case)
    return "; ".join(label_of(flag) for flag in flags).capitalize()


def _pause(case: Case) -> str:
    if case.pause is None:
        return "Paused"
    return brief_words(case, case.pause.rule, case.pause.date)


def _advice(case: Case) -> str:
    return brief_words(case, case.lines[0].rule, case.lines[0].date)


def _will_pause(case: Case) -> str:
    return brief_words(case, case.outlook.rule, case.enrolment.open_date)


def _will_step_back(case: Case) -> str:
    """Why, and where to; the score itself where it is the reason."""
    outlook = case.outlook
    why = brief_words(case, outlook.rule, case.enrolment.open_date)
    if outlook.rule == "D5A_RED_PAIN":
        score, when = session_score(outlook.facts)
        why = f"Pain {score}/10 {when} the session"
    return f"{why}; back to: {case.title_of(outlook.stage_after_key)}"


def _score(case: Case) -> str:
    numbers = case.need.numbers
    on = day_words(datetime.date.fromordinal(numbers["on"]), case.today)
    if "rest" in numbers:
        return f"{numbers['rest']}/10 at rest {on}; waking is usually {numbers['baseline']}"
    after = " after a session" if case.need.code is NeedCode.WORSE_AFTER_SESSION else ""
    return f"Woke with {numbers['morning']}/10 {on}{after}; usually {numbers['baseline']}"


def _set_aside(case: Case) -> str:
    return f"{case.enrolment.open_date:%-d %B} could not be decided; it is tried again by itself"


def _silent(case: Case) -> str:
    return f"No entry for {case.need.since_days} days"


def _review(case: Case) -> str:
    act = case.review
    if act.kind == OverrideKind.HOLD_UNTIL:
        ended = "ends" if act.until >= case.today else "ended"
        return f"The hold by {act.made_by} {ended} {day_words(act.until, case.today)}"
    return f"{act.made_by} set the stage on {act.date:%-d %B}, to be reviewed by {act.review_on:%-d %B}"


def _ready(case: Case) -> str:
    return f"Tonight’s decision moves on to: {case.title_of(case.outlook.stage_after_key)}"


def _fine(case: Case) -> str:
    """The newest decision: what a physiotherapist would look up first."""
    if not case.lines:
        return f"Began {day_words(case.enrolment.started_on, case.today)}; no day is decided yet"
    line = case.lines[0]
    return f"Decided {line.date:%-d %B}: {_told(case, line)}"


def _told(case: Case, line: LedgerLine) -> str:
    """A decision in the third person, with its reason in brief."""
    if line.trigger in BY_A_PERSON:
        return _uncapitalised(tag_of(line).label)
    moved = line.decision in (Outcome.ADVANCE, Outcome.STEP_BACK)
    to = f" to {case.title_of(line.stage_after)}" if moved else ""
    return f"{_VERBS[line.decision]}{to} – {_uncapitalised(brief_words(case, line.rule, line.date))}"


def _uncapitalised(words: str) -> str:
    return words[:1].lower() + words[1:]


_VERBS = {
    Outcome.ADVANCE: "moves on",
    Outcome.HOLD: "stays",
    Outcome.STEP_BACK: "steps back",
    Outcome.PAUSE_AND_REFER: "pauses",
}
_REASONS = {
    NeedCode.EMERGENCY: _red_flag,
    NeedCode.URGENT: _red_flag,
    NeedCode.PAUSED: _pause,
    NeedCode.WILL_PAUSE: _will_pause,
    NeedCode.ADVISED: _advice,
    NeedCode.WILL_STEP_BACK: _will_step_back,
    NeedCode.ABOVE_BASELINE: _score,
    NeedCode.WORSE_AFTER_SESSION: _score,
    NeedCode.SET_ASIDE: _set_aside,
    NeedCode.SILENT: _silent,
    NeedCode.REVIEW_DUE: _review,
    NeedCode.READY: _ready,
    NeedCode.FINE: _fine,
}
