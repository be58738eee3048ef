"""Needs in words: what a physiotherapist reads in a row of the caseload, and what she may do."""

import datetime
from dataclasses import dataclass

from programs.engine.redflags import label_of
from programs.engine.triage import NeedCode
from programs.engine.values import Refer
from programs.models import OverrideKind
from programs.presentation import Tag
from programs.selectors.cases import Case

TAGS: dict[NeedCode, Tag] = {
    NeedCode.EMERGENCY: Tag("Red flag: emergency", "flag", "flag"),
    NeedCode.URGENT: Tag("Red flag: urgent", "flag", "flag"),
    NeedCode.PAUSED: Tag("Paused, waits for you", "pause", "pause"),
    NeedCode.ADVISED: Tag("Advised to see you", "hold", "person"),
    NeedCode.ABOVE_BASELINE: Tag("Above own usual", "hold", "warning"),
    NeedCode.WORSE_AFTER_SESSION: Tag("Worse after a session", "hold", "warning"),
    NeedCode.SET_ASIDE: Tag("Not decided: error", "hold", "settings"),
    NeedCode.SILENT: Tag("Silent", "step-back", "no-data"),
    NeedCode.REVIEW_DUE: Tag("Review due", "info", "calendar"),
    NeedCode.READY: Tag("Ready to move on", "advance", "advance"),
    NeedCode.FINE: Tag("On course", "neutral", "check"),
}

NEXT_STEPS: dict[NeedCode, str] = {
    NeedCode.EMERGENCY: "Call now. Clear the pause only after an assessment.",
    NeedCode.URGENT: "Call today. Clear the pause only after an assessment.",
    NeedCode.PAUSED: "See them, then clear the pause or set a stage.",
    NeedCode.ADVISED: "Offer an appointment.",
    NeedCode.ABOVE_BASELINE: "Ask what changed. Hold the stage if in doubt.",
    NeedCode.WORSE_AFTER_SESSION: "Ask about the session. The engine does not move them on today.",
    NeedCode.SET_ASIDE: "Tell the site manager. The stage stays as it is meanwhile.",
    NeedCode.SILENT: "Ask how it goes.",
    NeedCode.REVIEW_DUE: "Look, then hold again, set a stage or leave it to the engine.",
    NeedCode.READY: "Nothing to do, unless you want to hold.",
    NeedCode.FINE: "",
}

#: Referral levels in a physiotherapist's words; those of ``presentation`` speak to the runner.
LEVELS: dict[str, str] = {
    Refer.ROUTINE: "routine",
    Refer.URGENT: "urgent",
    Refer.EMERGENCY: "emergency",
}

#: Why a pause began or a visit was advised, for somebody who knows the rules.
RULES_IN_BRIEF = {
    "D4A_LEG_PAIN": "Pain below the knee on more than one day",
    "D4B_SEVERE": "Severe pain at rest, two days in a row",
    "D4C_S0_SEVERE": "Still severe pain after the easy days",
    "D4D_THREE_STRIKES": "Third step back within three weeks",
    "D5Z_FLOOR": "Walking hurt, and there is no gentler step",
    "D6_NOT_BETTER": "No clear improvement after four weeks",
}


@dataclass(frozen=True, slots=True)
class NeedWords:
    """``standing`` says since when; it and ``next_step`` are empty where there is nothing to say."""

    tag: Tag
    reason: str
    standing: str
    next_step: str


def words_of(case: Case) -> NeedWords:
    code = case.need.code
    return NeedWords(TAGS[code], _REASONS[code](case), standing_words(case), NEXT_STEPS[code])


def standing_words(case: Case) -> str:
    days = case.need.since_days
    if case.need.code in (NeedCode.READY, NeedCode.FINE, NeedCode.SILENT):
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


def _red_flag(case: Case) -> str:
    flags = case.pause.red_flags if case.pause else ()
    if not flags:
        return _pause(case)
    return "; ".join(label_of(flag) for flag in flags).capitalize()


def _pause(case: Case) -> str:
    if case.pause is None:
        return "Paused"
    return RULES_IN_BRIEF.get(case.pause.rule, case.pause.reason)


def _advice(case: Case) -> str:
    return RULES_IN_BRIEF.get(case.lines[0].rule, case.lines[0].reason)


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
    return case.lines[0].reason


_REASONS = {
    NeedCode.EMERGENCY: _red_flag,
    NeedCode.URGENT: _red_flag,
    NeedCode.PAUSED: _pause,
    NeedCode.ADVISED: _advice,
    NeedCode.ABOVE_BASELINE: _score,
    NeedCode.WORSE_AFTER_SESSION: _score,
    NeedCode.SET_ASIDE: _set_aside,
    NeedCode.SILENT: _silent,
    NeedCode.REVIEW_DUE: _review,
    NeedCode.READY: _ready,
    NeedCode.FINE: _fine,
}
