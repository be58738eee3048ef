"""Decision, rule, refer level and session -> words, tone and icon: the one table.

Tones are those of ``templates/components/decision_tag.html``. Colour is never
alone: every tone comes with an icon and a word.
"""

from dataclasses import dataclass

from programs.engine.values import Leg, Outcome, Refer, SessionKind, Warmup


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
