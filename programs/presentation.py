"""Decision, rule, refer level, session and need -> words, tone and icon: the one table.

Tones are those of ``templates/components/decision_tag.html``. Colour is never
alone: every tone comes with an icon and a word.
"""

import re
from dataclasses import dataclass
from typing import Protocol

from programs.diary_words import minutes_words, sites_words
from programs.engine.plan import PlanKind
from programs.engine.redflags import label_of
from programs.engine.snapshot import Contacts
from programs.engine.triage import NeedCode
from programs.engine.values import FLOOR_HOLD, STILL_PAUSED, Leg, Outcome, Refer, SessionKind, Trigger, Warmup


@dataclass(frozen=True, slots=True)
class Tag:
    """How something is shown: ``label`` in words, ``tone`` and ``icon`` of the design."""

    label: str
    tone: str
    icon: str


DECISIONS: dict[str, Tag] = {
    Outcome.ADVANCE: Tag("Move on", "advance", "advance"),
    Outcome.HOLD: Tag("Stay", "hold", "hold"),
    Outcome.STEP_BACK: Tag("One step back", "step-back", "step-back"),
    Outcome.PAUSE_AND_REFER: Tag("Paused – get advice", "pause", "pause"),
}

#: What a physiotherapist did, by the rule of the row that her act left.
ACTS: dict[str, Tag] = {
    "D7A_PHYSIO_HOLD": Tag("Held", "info", "lock"),
    "D7B_PHYSIO_SET": Tag("Moved by the physiotherapist", "info", "person"),
    "D7C_PHYSIO_CLEAR": Tag("Pause cleared", "info", "person"),
}

#: The runner's own statement that she was seen.
OWN_ACT = Tag("Back by your own statement", "info", "person")


class Decided(Protocol):
    """The columns of a ledger row that say what it did."""

    decision: str
    rule: str
    trigger: str


def tag_of(row: Decided) -> Tag:
    """How a ledger row is labelled: an act by what the person did, all else by its outcome."""
    if row.trigger == Trigger.RUNNER:
        return OWN_ACT
    if row.trigger == Trigger.CLINICIAN and row.rule in ACTS:
        return ACTS[row.rule]
    return DECISIONS[row.decision]


REFERS: dict[str, Tag] = {
    Refer.NONE: Tag("No referral", "neutral", "check"),
    Refer.ROUTINE: Tag("See a physiotherapist or GP", "hold", "person"),
    Refer.URGENT: Tag("Urgent: be seen today", "flag", "flag"),
    Refer.EMERGENCY: Tag("Emergency: call now", "flag", "flag"),
}

SESSIONS: dict[str | None, str] = {
    None: "not said",
    SessionKind.NONE: "rest day",
    SessionKind.DONE: "done",
    SessionKind.PARTIAL: "partly done",
    SessionKind.STOPPED_PAIN: "stopped because of pain",
    SessionKind.SKIPPED: "missed, another reason",
    SessionKind.SKIPPED_PAIN: "missed because of pain",
}

WARMUPS: dict[str, str] = {
    Warmup.NONE: "no soreness",
    Warmup.RESOLVED: "sore at first, then it went away",
    Warmup.PERSISTED: "sore, and it stayed",
    Warmup.RESOLVED_RETURNED: "it went away and came back",
}

LEGS: dict[str, str] = {
    Leg.NONE: "none",
    Leg.ABOVE_KNEE: "buttock or thigh, above the knee",
    Leg.BELOW_KNEE: "below the knee",
}

GRADES: dict[str, str] = {
    "strong": "strong evidence",
    "moderate": "moderate evidence",
    "weak": "weak evidence",
    "convention": "common practice",
    "own_choice": "our own choice, no published source for this number",
}

#: What a score that nobody entered is called, everywhere.
NOT_RECORDED = "not recorded"


def score_words(score: int | None) -> str:
    """A score as people read it; a missing one is never a zero."""
    return NOT_RECORDED if score is None else f"{score}/10"


#: What a diary entry holds, by field, in the order of the form.
FIELDS: dict[str, str] = {
    "morning": "Pain on waking",
    "rest": "Pain at rest",
    "session": "Session",
    "during": "Worst pain in the session",
    "after": "Worst pain in the two hours after",
    "warmup": "Warm-up",
    "limp": "Pain changed the way of moving",
    "run_minutes": "Minutes run",
    "sites": "Where it hurt",
    "leg": "Leg pain",
    "red_flags": "Warning signs",
}
_CHOSEN = {"session": SESSIONS, "warmup": WARMUPS, "leg": LEGS}


def value_words(field: str, value) -> str:
    """One stored value of an entry; a word that is not known stands as it is."""
    if field in _CHOSEN:
        return _CHOSEN[field].get(value, str(value))
    if field == "limp":
        return "yes" if value else "no"
    if field == "red_flags":
        return ", ".join(label_of(code) for code in value or ()) or "none"
    if field == "sites":
        return sites_words(value)
    if field == "run_minutes" and value is not None:
        return minutes_words(value)
    return score_words(value)


#: What a day asks for, as the heading of the plan.
PLANS: dict[str, Tag] = {
    PlanKind.PAUSED: Tag("No exercises today", "pause", "pause"),
    PlanKind.EASY: Tag("An easy day", "step-back", "walk"),
    PlanKind.REST_STAGE: Tag("Take it easy today", "step-back", "rest"),
    PlanKind.SESSION: Tag("A session day", "advance", "run"),
    PlanKind.REST_DAY: Tag("A rest day", "neutral", "rest"),
}

#: What a tick or a choice on the check-in means, in the runner's own voice.
SESSION_CHOICES: dict[str, str] = {
    SessionKind.DONE: "I did all of it",
    SessionKind.PARTIAL: "I did part of it",
    SessionKind.STOPPED_PAIN: "I stopped because of pain",
    SessionKind.SKIPPED_PAIN: "I left it out because of pain",
    SessionKind.SKIPPED: "I left it out for another reason",
}
REST_DAY_CHOICES: dict[str, str] = {
    SessionKind.NONE: "No session",
    SessionKind.DONE: "I did one anyway, all of it",
    SessionKind.PARTIAL: "I did part of one anyway",
    SessionKind.STOPPED_PAIN: "I did one anyway and stopped because of pain",
}
#: Why a runner stands where she stands on the caseload.
NEEDS: dict[NeedCode, Tag] = {
    NeedCode.EMERGENCY: Tag("Red flag: emergency", "flag", "flag"),
    NeedCode.URGENT: Tag("Red flag: urgent", "flag", "flag"),
    NeedCode.PAUSED: Tag("Paused, waits for you", "pause", "pause"),
    NeedCode.WILL_PAUSE: Tag("Pauses tonight", "pause", "pause"),
    NeedCode.ADVISED: Tag("Advised to see you", "hold", "person"),
    NeedCode.WILL_STEP_BACK: Tag("Step back tonight", "step-back", "step-back"),
    NeedCode.ABOVE_BASELINE: Tag("Above own usual", "hold", "warning"),
    NeedCode.WORSE_AFTER_SESSION: Tag("Worse after a session", "hold", "warning"),
    NeedCode.SET_ASIDE: Tag("Not decided: error", "hold", "settings"),
    NeedCode.SILENT: Tag("Silent", "step-back", "no-data"),
    NeedCode.REVIEW_DUE: Tag("Review due", "info", "calendar"),
    NeedCode.READY: Tag("Ready to move on", "advance", "advance"),
    NeedCode.FINE: Tag("On course", "neutral", "check"),
}

_NO_NUMBER = "The number is in your own records; none is kept here."

#: What a physiotherapist may do about it.
NEXT_STEPS: dict[NeedCode, str] = {
    NeedCode.EMERGENCY: f"Phone them now. {_NO_NUMBER} Clear the pause only after an assessment.",
    NeedCode.URGENT: f"Phone them today. {_NO_NUMBER} Clear the pause only after an assessment.",
    NeedCode.PAUSED: "See them, then clear the pause or set a stage.",
    NeedCode.WILL_PAUSE: "Ask how they are and offer an appointment. Only a person ends a pause.",
    NeedCode.ADVISED: "Offer an appointment.",
    NeedCode.WILL_STEP_BACK: "Ask what happened. A hold does not keep back a step back.",
    NeedCode.ABOVE_BASELINE: "Ask what changed. Hold the stage if in doubt.",
    NeedCode.WORSE_AFTER_SESSION: "Ask about the session. The engine does not move them on today.",
    NeedCode.SET_ASIDE: "Tell the site manager. The stage stays as it is meanwhile.",
    NeedCode.SILENT: "Ask how it goes.",
    NeedCode.REVIEW_DUE: "Look, then hold again, set a stage or leave it to the engine.",
    NeedCode.READY: "Nothing to do, unless you want to hold.",
    NeedCode.FINE: "",
}

#: Referral levels in a physiotherapist's words; those of ``REFERS`` speak to the runner.
LEVELS: dict[str, str] = {
    Refer.ROUTINE: "routine",
    Refer.URGENT: "urgent",
    Refer.EMERGENCY: "emergency",
}

#: Why the engine decided so, about the runner and not to her; for somebody who knows the rules.
RULES_IN_BRIEF = {
    "D1_EMERGENCY": "A red flag was answered",
    "D2_URGENT": "A red flag was answered",
    STILL_PAUSED: "Nobody has cleared the pause yet",
    "D4A_LEG_PAIN": "Pain below the knee on more than one day",
    "D4B_SEVERE": "Severe pain at rest, two days in a row",
    "D4C_S0_SEVERE": "Still severe pain after the easy days",
    "D4D_THREE_STRIKES": "Third step back within three weeks",
    "D5A_RED_PAIN": "High pain in or after the session",
    "D5B_RED_MORNING": "High pain on waking after a session",
    "D5C_TWO_FLARES": "Clearly worse on the mornings after two sessions in a row",
    "D5D_WARMUP": "Soreness stayed or came back after the warm-up",
    "D5E_LIMP": "Pain changed the way of moving",
    "D5F_TWO_STOPS": "Two sessions in a row stopped because of pain",
    "D5G_LONG_GAP": "Back after a long time without entries",
    FLOOR_HOLD: "Walking hurt, and there is no gentler step",
    "D6_NOT_BETTER": "No clear improvement after four weeks",
    "D7A_PHYSIO_HOLD": "Held by a physiotherapist",
    "D7B_PHYSIO_SET": "A physiotherapist set the stage that day",
    "D7C_PHYSIO_CLEAR": "A physiotherapist cleared the pause that day",
    "D8A_NO_LOG": "No pain score",
    "D8B_COOLDOWN": "Easy days after a step back",
    "D8C_LEG_ONCE": "Pain below the knee, once so far",
    "D8D_WARMUP_RESOLVED": "Soreness that went away in the warm-up",
    "D8E_STOPPED": "Session stopped because of pain",
    "D8F_FLARE": "Worse than usual on waking",
    "D8G_AMBER": "Pain acceptable, not yet quiet",
    "D8H_FINAL": "At the last stage",
    "D8I_PENDING": "The next morning’s score is awaited",
    "D8J_MIN_DAYS": "Day {stage_day} of at least {min_days}",
    "D8K_FEW_LOGS": "Too few days with a score",
    "D8L_SESSIONS": "More comfortable sessions in a row are needed",
    "D8M_QUIET_DAYS": "Three quiet days in a row are needed",
    "D8N_S0_REST": "Easy days, day {stage_day}",
    "D8O_SCORE_MISSING": "A score of the session is missing",
    "D9A_ADVANCE": "Every criterion is met",
    "D9B_S0_EASED": "Pain has eased",
    "D9C_S0_CAP": "Two days of rest are enough",
}

#: What led to a decision.
TRIGGERS: dict[str, str] = {
    Trigger.DAY_CLOSE: "the day closed",
    Trigger.RED_FLAG: "a red flag was answered",
    Trigger.CORRECTION: "an entry was corrected",
    Trigger.CLINICIAN: "a physiotherapist acted",
    Trigger.RUNNER: "the runner stated that somebody had seen her",
}


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do first: a heading and steps, the first one first."""

    title: str
    steps: tuple[str, ...]
    is_emergency: bool = False
    #: The number of a button that dials it; empty where there is nothing to dial.
    call: str = ""


def dialled(number: str) -> str:
    """The emergency number as a telephone link takes it; empty where the setting holds words."""
    return number if re.fullmatch(r"\+?[0-9]+", number) else ""


def advice_for(refer: str, contacts: Contacts, *, has_programme: bool = True) -> Advice:
    """What a runner does when somebody has to look at her, most pressing thing first.

    Without a programme there is none to stop: then the heading itself says whom to call.
    """
    number, service = contacts.emergency_number, contacts.urgent_service
    if refer == Refer.EMERGENCY:
        call = "or go to the nearest emergency department. Do not drive yourself."
        tell = "Tell them which answer you gave here. They can check quickly."
        if not has_programme:
            steps = (f"Call {number} now, {call}", tell, "Do no exercises.")
            return Advice(f"Call {number} now", steps, True, dialled(number))
        steps = (f"Call {number}, {call}", tell, "Stop the programme. Do no exercises.")
        return Advice("Get help now", steps, True, dialled(number))
    if refer == Refer.URGENT:
        call = f"Contact {service} today, and say which answer you gave here."
        worse = f"If it gets worse quickly, call {number}."
        return Advice("Be seen today", (call, "Do no exercises until somebody has looked at it.", worse))
    see = "Make an appointment with a physiotherapist or your GP."
    gently = "Do no exercises from here meanwhile. Moving about gently in daily life is fine."
    worse = "If something new comes up, use “Something is wrong” at the top of the page."
    return Advice("Please get advice", (see, gently, worse))
