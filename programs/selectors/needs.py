"""Needs in words: what a physiotherapist reads in a row of the caseload, and what she may do."""

import datetime
import functools
from dataclasses import dataclass, replace

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.caseload_words import NEEDS, NEXT_STEPS, RULES_IN_BRIEF
from programs.engine.reasons import session_score
from programs.engine.redflags import label_of
from programs.engine.triage import NeedCode
from programs.engine.values import BY_A_PERSON, Outcome
from programs.models import Adjustment, OverrideKind
from programs.presentation import Tag, tag_of
from programs.said import said
from programs.selectors.case_ledger import LedgerLine
from programs.selectors.cases import Case
from programs.selectors.phrases import day_month, day_words

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
    NeedCode.SIGN_OFF,
    NeedCode.READY,
)
_DONE = {
    OverrideKind.HOLD_UNTIL: (_("You held this runner today."), _("{name} held this runner today.")),
    OverrideKind.SET_STAGE: (_("You moved this runner today."), _("{name} moved this runner today.")),
    OverrideKind.MOVE_VERSION: (_("You moved this runner today."), _("{name} moved this runner today.")),
}


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
    tag = _tag(code, get_language())
    return NeedWords(tag, str(_REASONS[code](case)), str(standing_words(case)), str(_next_step(case, by)))


@functools.lru_cache
def _tag(code: NeedCode, language: str) -> Tag:
    return replace(NEEDS[code], label=str(NEEDS[code].label))


def _next_step(case: Case, by: User) -> str:
    """What a person did today takes the place of advice to do it."""
    act = case.history.overrides[-1] if case.history.overrides else None
    done = _DONE.get(act.kind) if act and act.date == case.today else None
    if done is None or case.need.code not in _SETTLED_BY_ACT:
        return NEXT_STEPS[case.need.code]
    by_her, by_another = done
    return by_her if act.made_by_id == by.pk else by_another.format(name=act.made_by)


def standing_words(case: Case) -> str:
    days = case.need.since_days
    if case.need.code in _OF_TONIGHT_OR_PLAIN:
        return ""
    if days < 2:
        return (_("since today"), _("since yesterday"))[days]
    return ngettext("for {days} day", "for {days} days", days).format(days=days)


def brief_words(case: Case, rule: str, date: datetime.date) -> str:
    """Why a rule applied to the present stage on a date. A rule of an older engine stands as its code."""
    numbers = {"stage_day": max((date - case.enrolment.stage_entered_on).days + 1, 1), "min_days": "?"}
    if case.programme and case.enrolment.stage in case.programme.positions:
        stage = case.programme.stages[case.programme.positions[case.enrolment.stage]]
        numbers["min_days"] = stage.min_days
    return _brief(rule, get_language()).format_map(numbers)


@functools.lru_cache
def _brief(rule: str, language: str) -> str:
    """A list says the same few hundreds of times: looked up once in each language."""
    return str(RULES_IN_BRIEF.get(rule, rule))


def _red_flag(case: Case) -> str:
    flags = case.pause.red_flags if case.pause else ()
    if not flags:
        return _pause(case)
    return "; ".join(said(label_of(flag)) for flag in flags).capitalize()


def _pause(case: Case) -> str:
    if case.pause is None:
        return _("Paused")
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
        words = (
            _("Pain {score}/10 during the session")
            if when == "during"
            else _("Pain {score}/10 after the session")
        )
        why = words.format(score=score)
    return _("{why}; back to: {stage}").format(why=why, stage=case.title_of(outlook.stage_after_key))


def _score(case: Case) -> str:
    numbers = case.need.numbers
    on = day_words(datetime.date.fromordinal(numbers["on"]), case.today)
    if "rest" in numbers:
        return _("{rest}/10 at rest {on}; waking is usually {baseline}").format(
            rest=numbers["rest"], on=on, baseline=numbers["baseline"]
        )
    words = (
        _("Woke with {morning}/10 {on} after a session; usually {baseline}")
        if case.need.code is NeedCode.WORSE_AFTER_SESSION
        else _("Woke with {morning}/10 {on}; usually {baseline}")
    )
    return words.format(morning=numbers["morning"], on=on, baseline=numbers["baseline"])


def _set_aside(case: Case) -> str:
    return _("{date} could not be decided; it is tried again by itself").format(
        date=day_month(case.enrolment.open_date)
    )


def _silent(case: Case) -> str:
    days = case.need.since_days
    return ngettext("No entry for {days} day", "No entry for {days} days", days).format(days=days)


def _review(case: Case) -> str:
    act = case.review
    if isinstance(act, Adjustment):
        return _("{name} changed an exercise on {date}, to be reviewed by {review_on}").format(
            name=act.made_by, date=day_month(act.date), review_on=day_month(act.review_on)
        )
    if act.kind == OverrideKind.HOLD_UNTIL:
        words = (
            _("The hold by {name} ends {day}")
            if act.until >= case.today
            else _("The hold by {name} ended {day}")
        )
        return words.format(name=act.made_by, day=day_words(act.until, case.today))
    words = (
        _("{name} moved the runner to another edition on {date}, to be reviewed by {review_on}")
        if act.kind == OverrideKind.MOVE_VERSION
        else _("{name} set the stage on {date}, to be reviewed by {review_on}")
    )
    return words.format(name=act.made_by, date=day_month(act.date), review_on=day_month(act.review_on))


def _sign_off(case: Case) -> str:
    return _("Every criterion of “{stage}” is met; moves on once you confirm it").format(
        stage=case.stage_title
    )


def _ready(case: Case) -> str:
    return _("Tonight’s decision moves on to: {stage}").format(
        stage=case.title_of(case.outlook.stage_after_key)
    )


def _fine(case: Case) -> str:
    """The newest decision: what a physiotherapist would look up first."""
    if not case.lines:
        return _("Began {day}; no day is decided yet").format(
            day=day_words(case.enrolment.started_on, case.today)
        )
    line = case.lines[0]
    return _("Decided {date}: {what}").format(date=day_month(line.date), what=_told(case, line))


def _told(case: Case, line: LedgerLine) -> str:
    """A decision in the third person, with its reason in brief."""
    if line.trigger in BY_A_PERSON:
        return _uncapitalised(tag_of(line).label)
    why = _uncapitalised(brief_words(case, line.rule, line.date))
    # Most lines hold, and name no stage.
    stage = "" if line.decision == Outcome.HOLD else case.title_of(line.stage_after)
    return _VERBS[line.decision].format(stage=stage, why=why)


def _uncapitalised(words: str) -> str:
    return words[:1].lower() + words[1:]


_VERBS = {
    Outcome.ADVANCE: _("moves on to {stage} – {why}"),
    Outcome.HOLD: _("stays – {why}"),
    Outcome.STEP_BACK: _("steps back to {stage} – {why}"),
    Outcome.PAUSE_AND_REFER: _("pauses – {why}"),
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
    NeedCode.SIGN_OFF: _sign_off,
    NeedCode.READY: _ready,
    NeedCode.FINE: _fine,
}
