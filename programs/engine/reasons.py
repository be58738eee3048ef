"""Reason texts with their numbers: plain words, no blame."""

from collections.abc import Callable
from datetime import date
from string import Formatter

from programs.engine.facts import LOG_WINDOW_DAYS, Facts
from programs.engine.redflags import first_at, label_of
from programs.engine.rules import Rule
from programs.engine.values import Outcome, Refer

TEXTS = {
    "D1_EMERGENCY": "Your answer “{flag}” can be a sign of something that needs emergency care. Stop the "
    "programme and call {emergency_number} or go to A&E now. Do not drive yourself.",
    "D2_URGENT": "Your answer “{flag}” should be checked soon. Please contact {urgent_service} today. The "
    "programme is paused until a clinician clears you.",
    "D3_PAUSED": "Your programme is paused ({refer}). A good day does not restart it; your physiotherapist "
    "or doctor does.",
    "D4A_LEG_PAIN": "Pain below the knee on more than one day needs an assessment. The programme is paused; "
    "please see a physiotherapist or your GP.",
    "D4B_SEVERE": "Pain at rest has been {rest} out of 10 for two days. Please get advice before going on.",
    "D4C_S0_SEVERE": "After two days of taking it easy your pain is still {rest}/10. More rest is unlikely "
    "to help; please get advice. Keep moving gently if you can.",
    "D4D_THREE_STRIKES": "This is the third step back in three weeks. Something is not fitting; please see "
    "a physiotherapist before going on.",
    "D5A_RED_PAIN": "Pain reached {score}/10 {when} the session, above the limit of {limit}. Two easy days, "
    "then back one step to {stage}.",
    "D5B_RED_MORNING": "You woke with {morning}/10 after yesterday's session. Two easy days, then back one "
    "step to {stage}.",
    "D5C_TWO_FLARES": "Two sessions in a row left you clearly worse the next morning. Two easy days, then "
    "back one step.",
    "D5D_WARMUP": "Soreness stayed, or came back, after the warm-up. Two easy days, then back one step.",
    "D5E_LIMP": "Pain changed the way you moved. That is a clear sign to go back one step after two easy "
    "days.",
    "D5F_TWO_STOPS": "You had to stop two sessions in a row. Let's go back one step after two easy days.",
    "D5G_LONG_GAP": "Welcome back. After {gap} days without entries we restart one step lower to be safe.",
    "D5Z_FLOOR": "Walking is the gentlest step, so you stay here. Two easy days, shorter walks, and please "
    "talk to a physiotherapist. Bed rest is not needed.",
    "D6_NOT_BETTER": "After four weeks your pain at rest has not clearly improved ({intake} then, {mean} "
    "now). Please see a physiotherapist or GP. Keep the current step meanwhile.",
    "D7A_PHYSIO_HOLD": "{name} asked you to stay at this step until {until}: “{why}”.",
    "D7B_PHYSIO_SET": "{name} moved you to {here}: “{why}”.",
    "D7C_PHYSIO_CLEAR": "{name} cleared you to continue: “{why}”.",
    "D8A_NO_LOG": "No pain score for {date}, so the step stays the same.",
    "D8B_COOLDOWN": "Easy day {easy_day} of {cooldown_days}. Walking and gentle mobility only.",
    "D8C_LEG_ONCE": "Pain below the knee: we wait. If it comes again within two days we will ask you to be "
    "seen.",
    "D8N_S0_REST": "Take it easy today, change position often, walk a little indoors. Day {stage_day} of at "
    "most {rest_cap_days}.",
    "D9B_S0_EASED": "Pain has eased enough. Tomorrow you start gentle walking.",
    "D9C_S0_CAP": "Two days are enough rest. Tomorrow you start gentle walking.",
    "D8D_WARMUP_RESOLVED": "Soreness that goes away in the warm-up is fine; you repeat this step.",
    "D8E_STOPPED": "Stopping was right. You repeat this step after a rest day.",
    "D8F_FLARE": "This morning was {delta} points above your usual. You repeat this step; today is a rest "
    "day.",
    "D8G_AMBER": "Pain of {score}/10 is acceptable but not yet quiet. You repeat this step.",
    "D8O_SCORE_MISSING": "Please add the pain scores for today's session; without them it cannot count.",
    "D8H_FINAL": "You are at the last step{goal}.",
    "D8I_PENDING": "Well done. Tomorrow morning's score decides whether this session counts.",
    "D8J_MIN_DAYS": "Day {stage_day} of at least {min_days} on this step.",
    "D8K_FEW_LOGS": "{logged} of the last {log_window} days have a score; {min_logged} are needed.",
    "D8L_SESSIONS": "{in_a_row} of {need} comfortable sessions done in a row.",
    "D8M_QUIET_DAYS": "Three quiet days in a row (0-{q}) are needed first.",
    "D8P_SIGN_OFF": "You are ready for the next step: {next}. Your physiotherapist has to confirm it first.",
    "D7D_SIGNED_OFF": "{name} confirmed that you may go on from {here}: “{why}”.",
    "D9A_ADVANCE": "{need} comfortable sessions, quiet mornings, {stage_day} days on this step: tomorrow "
    "you move to {stage}.",
}

#: The words of a refer level inside a sentence.
REFER_WORDS = {
    Refer.NONE: "no referral",
    Refer.ROUTINE: "see a physiotherapist or your GP",
    Refer.URGENT: "urgent: be seen today",
    Refer.EMERGENCY: "emergency: call now",
}


def plain_date(day: int) -> str:
    """An ordinal as words, such as 22 November 2026."""
    when = date.fromordinal(day)
    return f"{when.day} {when:%B %Y}"


def mean_of_three(f: Facts) -> str:
    """Mean rest score of the last three days with one decimal, rounded half up."""
    total = sum(entry.rest for entry in f.last_three)
    tenths = (total * 20 + 3) // 6
    return str(tenths // 10) if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"


def session_score(f: Facts) -> tuple[int, str]:
    """The worse of the two session scores and when it was felt."""
    during, after = f.today.during, f.today.after
    if after is None or (during is not None and during >= after):
        return during, "during"
    return after, "after"


def easy_day(f: Facts) -> int:
    days = f.constants.cooldown_days
    return max(1, f.day - (f.state.cooldown_until - days))


def _target(f: Facts, step: int) -> str:
    return f.snapshot.programme.stages[f.state.stage + step].title


_PLACEHOLDERS: dict[str, Callable[[Facts], object]] = {
    "emergency_number": lambda f: f.snapshot.contacts.emergency_number,
    "urgent_service": lambda f: f.snapshot.contacts.urgent_service,
    "rest": lambda f: f.today.rest,
    "morning": lambda f: f.today.morning,
    "score": lambda f: session_score(f)[0],
    "when": lambda f: session_score(f)[1],
    "limit": lambda f: f.constants.red_at - 1,
    "gap": lambda f: f.missing_before_today,
    "intake": lambda f: f.state.intake,
    "mean": mean_of_three,
    "until": lambda f: plain_date(f.state.hold.until),
    "next": lambda f: _target(f, 1),
    "here": lambda f: f.stage.title,
    "date": lambda f: plain_date(f.day),
    "easy_day": easy_day,
    "cooldown_days": lambda f: f.constants.cooldown_days,
    "stage_day": lambda f: max(f.stage_day, 0),
    "rest_cap_days": lambda f: f.constants.rest_cap_days,
    "delta": lambda f: f.today.morning - f.state.baseline,
    "min_days": lambda f: f.stage.min_days,
    "logged": lambda f: f.logged_days,
    "log_window": lambda f: LOG_WINDOW_DAYS,
    "min_logged": lambda f: f.stage.min_logged,
    "in_a_row": lambda f: f.comfortable_in_a_row,
    "need": lambda f: f.stage.need_sessions,
    "q": lambda f: f.stage.q,
    "goal": lambda f: f": {f.stage.goal}" if f.stage.goal else "",
}


#: Code -> the placeholders that its text names.
_NAMED = {
    code: tuple(name for _, name, _, _ in Formatter().parse(text) if name) for code, text in TEXTS.items()
}
#: Codes of acts of a person -> where the act stands.
_ACTS: dict[str, Callable[[Facts], object]] = {
    "D7A_PHYSIO_HOLD": lambda f: f.state.hold,
    "D7B_PHYSIO_SET": lambda f: f.snapshot.stage_set,
    "D7C_PHYSIO_CLEAR": lambda f: f.snapshot.cleared,
    "D7D_SIGNED_OFF": lambda f: f.snapshot.signed_off,
}


def _value(name: str, row: Rule, f: Facts, refer: Refer) -> object:
    """What stands for a placeholder; some depend on the rule and not on the facts alone."""
    if name == "refer":
        return REFER_WORDS[refer]
    if name == "name":
        return _ACTS[row.code](f).name
    if name == "why":
        return _ACTS[row.code](f).reason
    if name == "flag":
        return label_of(first_at(f.today.red_flags, row.refer))
    if name == "stage":
        return _target(f, 1 if row.outcome is Outcome.ADVANCE else -1)
    return _PLACEHOLDERS[name](f)


def reason_of(row: Rule, f: Facts, refer: Refer) -> str:
    """Return the runner-facing reason of a rule for these facts."""
    code = row.code
    return TEXTS[code].format(**{name: _value(name, row, f, refer) for name in _NAMED[code]})
