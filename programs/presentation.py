"""Decision, rule, refer level, session and need -> words, tone and icon: the one table.

Tones are those of ``templates/components/decision_tag.html``. Colour is never
alone: every tone comes with an icon and a word.
"""

import re
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from programs.diary_words import minutes_words, sites_words
from programs.engine.plan import PlanKind
from programs.engine.redflags import label_of
from programs.engine.snapshot import Contacts
from programs.engine.values import Leg, Outcome, Refer, SessionKind, Trigger, Warmup
from programs.said import said


@dataclass(frozen=True, slots=True)
class Tag:
    """How something is shown: ``label`` in words, ``tone`` and ``icon`` of the design."""

    label: str
    tone: str
    icon: str


DECISIONS: dict[str, Tag] = {
    Outcome.ADVANCE: Tag(_("Move on"), "advance", "advance"),
    Outcome.HOLD: Tag(_("Stay"), "hold", "hold"),
    Outcome.STEP_BACK: Tag(_("One step back"), "step-back", "step-back"),
    Outcome.PAUSE_AND_REFER: Tag(_("Paused – get advice"), "pause", "pause"),
}

#: What a physiotherapist did, by the rule of the row that her act left.
ACTS: dict[str, Tag] = {
    "D7A_PHYSIO_HOLD": Tag(_("Held"), "info", "lock"),
    "D7B_PHYSIO_SET": Tag(_("Moved by the physiotherapist"), "info", "person"),
    "D7C_PHYSIO_CLEAR": Tag(_("Pause cleared"), "info", "person"),
    "D7D_SIGNED_OFF": Tag(_("Step confirmed"), "info", "person"),
}

#: The runner's own statement that she was seen.
OWN_ACT = Tag(_("Back by your own statement"), "info", "person")


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
    Refer.NONE: Tag(_("No referral"), "neutral", "check"),
    Refer.ROUTINE: Tag(_("See a physiotherapist or GP"), "hold", "person"),
    Refer.URGENT: Tag(_("Urgent: be seen today"), "flag", "flag"),
    Refer.EMERGENCY: Tag(_("Emergency: call now"), "flag", "flag"),
}

SESSIONS: dict[str | None, str] = {
    None: _("not said"),
    SessionKind.NONE: _("rest day"),
    SessionKind.DONE: _("done"),
    SessionKind.PARTIAL: _("partly done"),
    SessionKind.STOPPED_PAIN: _("stopped because of pain"),
    SessionKind.SKIPPED: _("missed, another reason"),
    SessionKind.SKIPPED_PAIN: _("missed because of pain"),
}

WARMUPS: dict[str, str] = {
    Warmup.NONE: _("no soreness"),
    Warmup.RESOLVED: _("sore at first, then it went away"),
    Warmup.PERSISTED: _("sore, and it stayed"),
    Warmup.RESOLVED_RETURNED: _("it went away and came back"),
}

LEGS: dict[str, str] = {
    Leg.NONE: _("none"),
    Leg.ABOVE_KNEE: _("buttock or thigh, above the knee"),
    Leg.BELOW_KNEE: _("below the knee"),
}

GRADES: dict[str, str] = {
    "strong": _("strong evidence"),
    "moderate": _("moderate evidence"),
    "weak": _("weak evidence"),
    "convention": _("common practice"),
    "own_choice": _("our own choice, no published source for this number"),
}

#: What a score that nobody entered is called, everywhere.
NOT_RECORDED = _("not recorded")


def score_words(score: int | None) -> str:
    """A score as people read it; a missing one is never a zero."""
    return NOT_RECORDED if score is None else f"{score}/10"


#: What a diary entry holds, by field, in the order of the form.
FIELDS: dict[str, str] = {
    "morning": _("Pain on waking"),
    "rest": _("Pain at rest"),
    "session": _("Session"),
    "during": _("Worst pain in the session"),
    "after": _("Worst pain in the two hours after"),
    "warmup": _("Warm-up"),
    "limp": _("Pain changed the way of moving"),
    "run_minutes": _("Minutes run"),
    "sites": _("Where it hurt"),
    "leg": _("Leg pain"),
    "red_flags": _("Warning signs"),
}
_CHOSEN = {"session": SESSIONS, "warmup": WARMUPS, "leg": LEGS}


def value_words(field: str, value) -> str:
    """One stored value of an entry; a word that is not known stands as it is."""
    if field in _CHOSEN:
        return _CHOSEN[field].get(value, str(value))
    if field == "limp":
        return _("yes") if value else _("no")
    if field == "red_flags":
        return ", ".join(said(label_of(code)) for code in value or ()) or _("none")
    if field == "sites":
        return sites_words(value)
    if field == "run_minutes" and value is not None:
        return minutes_words(value)
    return score_words(value)


#: What a day asks for, as the heading of the plan.
PLANS: dict[str, Tag] = {
    PlanKind.PAUSED: Tag(_("No exercises today"), "pause", "pause"),
    PlanKind.EASY: Tag(_("An easy day"), "step-back", "walk"),
    PlanKind.REST_STAGE: Tag(_("Take it easy today"), "step-back", "rest"),
    PlanKind.SESSION: Tag(_("A session day"), "advance", "run"),
    PlanKind.REST_DAY: Tag(_("A rest day"), "neutral", "rest"),
}

#: What a tick or a choice on the check-in means, in the runner's own voice.
SESSION_CHOICES: dict[str, str] = {
    SessionKind.DONE: _("I did all of it"),
    SessionKind.PARTIAL: _("I did part of it"),
    SessionKind.STOPPED_PAIN: _("I stopped because of pain"),
    SessionKind.SKIPPED_PAIN: _("I left it out because of pain"),
    SessionKind.SKIPPED: _("I left it out for another reason"),
}
REST_DAY_CHOICES: dict[str, str] = {
    SessionKind.NONE: _("No session"),
    SessionKind.DONE: _("I did one anyway, all of it"),
    SessionKind.PARTIAL: _("I did part of one anyway"),
    SessionKind.STOPPED_PAIN: _("I did one anyway and stopped because of pain"),
}
#: What led to a decision.
TRIGGERS: dict[str, str] = {
    Trigger.DAY_CLOSE: _("the day closed"),
    Trigger.RED_FLAG: _("a red flag was answered"),
    Trigger.CORRECTION: _("an entry was corrected"),
    Trigger.CLINICIAN: _("a physiotherapist acted"),
    Trigger.RUNNER: _("the runner stated that somebody had seen her"),
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
    number, service = said(contacts.emergency_number), said(contacts.urgent_service)
    if refer == Refer.EMERGENCY:
        tell = _("Tell them which answer you gave here. They can check quickly.")
        if not has_programme:
            steps = (
                _(
                    "Call {number} now, or go to the nearest emergency department. Do not drive yourself."
                ).format(number=number),
                tell,
                _("Do no exercises."),
            )
            return Advice(_("Call {number} now").format(number=number), steps, True, dialled(number))
        steps = (
            _("Call {number}, or go to the nearest emergency department. Do not drive yourself.").format(
                number=number
            ),
            tell,
            _("Stop the programme. Do no exercises."),
        )
        return Advice(_("Get help now"), steps, True, dialled(number))
    if refer == Refer.URGENT:
        call = _("Contact {service} today, and say which answer you gave here.").format(service=service)
        worse = _("If it gets worse quickly, call {number}.").format(number=number)
        return Advice(
            _("Get advice today"), (call, _("Do no exercises until somebody has looked at it."), worse)
        )
    see = _("Make an appointment with a physiotherapist or your GP.")
    gently = _("Do no exercises from here meanwhile. Moving about gently in daily life is fine.")
    worse = _("If something new comes up, use “Something is wrong” at the top of the page.")
    return Advice(_("Please get advice"), (see, gently, worse))
