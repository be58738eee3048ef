"""Why a runner stands where she stands on the caseload, and what a physiotherapist may do about it."""

from django.utils.translation import gettext_lazy as _

from programs.engine.triage import NeedCode
from programs.engine.values import FLOOR_HOLD, STILL_PAUSED, Outcome, Refer
from programs.presentation import Tag

#: Why a runner stands where she stands on the caseload.
NEEDS: dict[NeedCode, Tag] = {
    NeedCode.EMERGENCY: Tag(_("Red flag: emergency"), "flag", "flag"),
    NeedCode.URGENT: Tag(_("Red flag: urgent"), "flag", "flag"),
    NeedCode.PAUSED: Tag(_("Paused, waits for you"), "pause", "pause"),
    NeedCode.WILL_PAUSE: Tag(_("Pauses tonight"), "pause", "pause"),
    NeedCode.ADVISED: Tag(_("Advised to see you"), "hold", "person"),
    NeedCode.WILL_STEP_BACK: Tag(_("Step back tonight"), "step-back", "step-back"),
    NeedCode.ABOVE_BASELINE: Tag(_("Above own usual"), "hold", "warning"),
    NeedCode.WORSE_AFTER_SESSION: Tag(_("Worse after a session"), "hold", "warning"),
    NeedCode.SET_ASIDE: Tag(_("Not decided: error"), "hold", "settings"),
    NeedCode.SILENT: Tag(_("Silent"), "step-back", "no-data"),
    NeedCode.REVIEW_DUE: Tag(_("Review due"), "info", "calendar"),
    NeedCode.SIGN_OFF: Tag(_("Waiting for your confirmation"), "info", "check"),
    NeedCode.READY: Tag(_("Ready to move on"), "advance", "advance"),
    NeedCode.FINE: Tag(_("On course"), "neutral", "check"),
}

#: The same in a mail that may hold nothing of anybody's health: how pressing it is, and no more.
NEEDS_IN_BRIEF: dict[NeedCode, str] = {
    NeedCode.EMERGENCY: _("needs you now"),
    NeedCode.URGENT: _("needs you today"),
    NeedCode.PAUSED: _("waits for you"),
    NeedCode.WILL_PAUSE: _("needs you today"),
    NeedCode.ADVISED: _("waits for you"),
    NeedCode.WILL_STEP_BACK: _("waits for you"),
    NeedCode.ABOVE_BASELINE: _("waits for you"),
    NeedCode.WORSE_AFTER_SESSION: _("waits for you"),
    NeedCode.SET_ASIDE: _("waits for you"),
    NeedCode.SILENT: _("silent for some days"),
    NeedCode.REVIEW_DUE: _("review due"),
    NeedCode.SIGN_OFF: _("waits for your confirmation"),
    NeedCode.READY: _("good news"),
    NeedCode.FINE: _("good news"),
}

#: What a physiotherapist may do about it.
NEXT_STEPS: dict[NeedCode, str] = {
    NeedCode.EMERGENCY: _(
        "Phone them now. The number is in your own records; none is kept here. "
        "Clear the pause only after an assessment."
    ),
    NeedCode.URGENT: _(
        "Phone them today. The number is in your own records; none is kept here. "
        "Clear the pause only after an assessment."
    ),
    NeedCode.PAUSED: _("See them, then clear the pause."),
    NeedCode.WILL_PAUSE: _("Ask how they are and offer an appointment. Only a person ends a pause."),
    NeedCode.ADVISED: _("Offer an appointment."),
    NeedCode.WILL_STEP_BACK: _("Ask what happened. A hold does not keep back a step back."),
    NeedCode.ABOVE_BASELINE: _("Ask what changed. Hold the stage if in doubt."),
    NeedCode.WORSE_AFTER_SESSION: _("Ask about the session. The engine does not move them on today."),
    NeedCode.SET_ASIDE: _("Tell the site manager. The stage stays as it is meanwhile."),
    NeedCode.SILENT: _("Ask how it goes."),
    NeedCode.REVIEW_DUE: _("Look, then hold again, set a stage or leave it to the engine."),
    NeedCode.SIGN_OFF: _("Look at the criteria, then confirm the next stage, or hold."),
    NeedCode.READY: _("Nothing to do, unless you want to hold."),
    NeedCode.FINE: "",
}

#: Referral levels in a physiotherapist's words; those of ``REFERS`` speak to the runner.
LEVELS: dict[str, str] = {
    Refer.ROUTINE: _("routine"),
    Refer.URGENT: _("urgent"),
    Refer.EMERGENCY: _("emergency"),
}

#: How a programme ended.
OUTCOMES: dict[str, str] = {
    "completed": _("Completed"),
    "referred_on": _("Referred on"),
    "stopped": _("Stopped for another reason"),
    "left": _("Left by the runner"),
}

#: Why the engine decided so, about the runner and not to her; for somebody who knows the rules.
RULES_IN_BRIEF = {
    "D1_EMERGENCY": _("A red flag was answered"),
    "D2_URGENT": _("A red flag was answered"),
    STILL_PAUSED: _("Nobody has cleared the pause yet"),
    "D4A_LEG_PAIN": _("Pain below the knee on more than one day"),
    "D4B_SEVERE": _("Severe pain at rest, two days in a row"),
    "D4C_S0_SEVERE": _("Still severe pain after the easy days"),
    "D4D_THREE_STRIKES": _("Third step back within three weeks"),
    "D5A_RED_PAIN": _("High pain in or after the session"),
    "D5B_RED_MORNING": _("High pain on waking after a session"),
    "D5C_TWO_FLARES": _("Clearly worse on the mornings after two sessions in a row"),
    "D5D_WARMUP": _("Soreness stayed or came back after the warm-up"),
    "D5E_LIMP": _("Pain changed the way of moving"),
    "D5F_TWO_STOPS": _("Two sessions in a row stopped because of pain"),
    "D5G_LONG_GAP": _("Back after a long time without entries"),
    FLOOR_HOLD: _("Walking hurt, and there is no gentler step"),
    "D6_NOT_BETTER": _("No clear improvement after four weeks"),
    "D7A_PHYSIO_HOLD": _("Held by a physiotherapist"),
    "D7B_PHYSIO_SET": _("A physiotherapist set the stage that day"),
    "D7C_PHYSIO_CLEAR": _("A physiotherapist cleared the pause that day"),
    "D8A_NO_LOG": _("No pain score"),
    "D8B_COOLDOWN": _("Easy days after a step back"),
    "D8C_LEG_ONCE": _("Pain below the knee, once so far"),
    "D8D_WARMUP_RESOLVED": _("Soreness that went away in the warm-up"),
    "D8E_STOPPED": _("Session stopped because of pain"),
    "D8F_FLARE": _("Worse than usual on waking"),
    "D8G_AMBER": _("Pain acceptable, not yet quiet"),
    "D8H_FINAL": _("At the last stage"),
    "D8I_PENDING": _("The next morning’s score is awaited"),
    "D8J_MIN_DAYS": _("Day {stage_day} of at least {min_days}"),
    "D8K_FEW_LOGS": _("Too few days with a score"),
    "D8L_SESSIONS": _("More comfortable sessions in a row are needed"),
    "D8M_QUIET_DAYS": _("Three quiet days in a row are needed"),
    "D8N_S0_REST": _("Easy days, day {stage_day}"),
    "D8O_SCORE_MISSING": _("A score of the session is missing"),
    "D8P_SIGN_OFF": _("Every criterion is met; waits for a physiotherapist"),
    "D7D_SIGNED_OFF": _("A physiotherapist confirmed the next stage"),
    "D9A_ADVANCE": _("Every criterion is met"),
    "D9B_S0_EASED": _("Pain has eased"),
    "D9C_S0_CAP": _("Two days of rest are enough"),
}
#: Of those that hold a number of one runner: said without it, where several are counted.
_WITHOUT_NUMBER = {
    "D8J_MIN_DAYS": _("Too few days on this stage"),
    "D8N_S0_REST": _("Easy days"),
}

#: What the engine did since she last looked, by kind; the order of the groups.
SINCE: dict[str, Tag] = {
    Outcome.PAUSE_AND_REFER: Tag(_("Paused"), "pause", "pause"),
    Outcome.STEP_BACK: Tag(_("Stepped back"), "step-back", "step-back"),
    Outcome.ADVANCE: Tag(_("Moved on"), "advance", "advance"),
}


def rule_words(code: str) -> str:
    """What a rule is about, without the numbers of a runner; a rule of another time by its code."""
    return str(_WITHOUT_NUMBER.get(code) or RULES_IN_BRIEF.get(code, code))
