"""How often people of a clinic decided otherwise than the engine, rule by rule: numbers, and no runner."""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.caseload_words import rule_words
from programs.engine.calendar import local_date
from programs.engine.rules import RULES_BY_CODE
from programs.engine.values import Outcome
from programs.models import OverrideKind, ReasonCode
from programs.presentation import DECISIONS, Tag
from programs.selectors.agreement_rows import (
    DAYS_TO_ACT,
    Acted,
    acts_with_decisions,
    decided_by_rule,
    enrolments_of_clinic,
    held_days,
    positions_of,
)

#: What ?days= may say, and in words.
PERIODS = {28: _("28 days"), 90: _("90 days"), 365: _("A year")}
USUAL_PERIOD = 90
#: With fewer decisions a share says nothing: 1 of 2 is not 50 per cent of anything.
FEWEST_FOR_A_SHARE = 5


@dataclass(frozen=True, slots=True)
class RuleRow:
    """``against``: of how many decisions a person did otherwise; ``foreseen``: did what they wait for.

    ``percent`` is None where there are too few decisions for a share.
    """

    code: str
    words: str
    tag: Tag
    decided: int
    against: int
    foreseen: int
    percent: int | None


@dataclass(frozen=True, slots=True)
class HeldRow:
    """Days under a hold on which the engine alone would have decided by this rule."""

    code: str
    words: str
    tag: Tag
    days: int


@dataclass(frozen=True, slots=True)
class ReasonRow:
    words: str
    acts: int


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """``unreadable``: held days whose inputs this engine does not read any more."""

    clinic: str
    days: int
    since: datetime.date
    days_to_act: int
    fewest: int
    rules: tuple[RuleRow, ...]
    total: RuleRow
    held: tuple[HeldRow, ...]
    held_days: int
    unreadable: int
    reasons: tuple[ReasonRow, ...]
    acts: int


def agreement_page(*, clinician: User, now: datetime.datetime, days: int = USUAL_PERIOD) -> AgreementPage:
    """Nine queries at most, whoever is in the clinic. The database counts; only held days are read."""
    since = local_date(now, clinician.zone) - datetime.timedelta(days=days - 1)
    enrolments = enrolments_of_clinic(clinician, now)
    decided = decided_by_rule(enrolments, since)
    acts = acts_with_decisions(enrolments, since)
    held = Counter(held_days(enrolments, since))
    unreadable = held.pop(("", ""), 0)
    rules = _rules(decided, acts)
    clinic = clinician.memberships.current().values_list("clinic__name", flat=True).first()
    return AgreementPage(
        clinic=clinic or "",
        days=days,
        since=since,
        days_to_act=DAYS_TO_ACT,
        fewest=FEWEST_FOR_A_SHARE,
        rules=rules,
        total=_total(rules),
        held=tuple(
            _held(*pair, count) for pair, count in sorted(held.items(), key=lambda row: _place(row[0]))
        ),
        held_days=held.total() + unreadable,
        unreadable=unreadable,
        reasons=_reasons(acts),
        acts=len(acts),
    )


def _rules(decided: Counter[tuple[str, str]], acts: list[Acted]) -> tuple[RuleRow, ...]:
    positions = positions_of(acts)
    otherwise: dict[tuple[str, str], set[int]] = {}
    foreseen: dict[tuple[str, str], set[int]] = {}
    for act in acts:
        if act.decision is None:
            continue
        found = foreseen if is_foreseen(act) else otherwise if is_against(act, positions) else None
        if found is not None:
            found.setdefault((act.rule, act.outcome), set()).add(act.decision)
    return tuple(
        _row(pair, count, len(otherwise.get(pair, ())), len(foreseen.get(pair, ())))
        for pair, count in sorted(decided.items(), key=lambda row: _place(row[0]))
    )


def is_foreseen(act: Acted) -> bool:
    """A pause waits for somebody to end it, and a step that asks for it for a confirmation."""
    ends_pause = act.kind == OverrideKind.CLEAR_PAUSE and act.outcome == Outcome.PAUSE_AND_REFER
    return ends_pause or act.kind == OverrideKind.SIGN_OFF


def is_against(act: Acted, positions: dict[int, dict[str, int]]) -> bool:
    """A hold after an advance; a gentler step after an advance; a further one after anything else.

    A move to another programme says nothing of this rule.
    """
    if act.outcome == Outcome.ADVANCE and act.kind == OverrideKind.HOLD_UNTIL:
        return True
    if act.kind != OverrideKind.SET_STAGE:
        return False
    places = positions.get(act.version, {})
    to, left = places.get(act.stage), places.get(act.stage_after)
    if to is None or left is None:
        return False
    return to < left if act.outcome == Outcome.ADVANCE else to > left


def _row(pair: tuple[str, str], decided: int, against: int, foreseen: int) -> RuleRow:
    code, outcome = pair
    return RuleRow(
        code, rule_words(code), DECISIONS[outcome], decided, against, foreseen, _percent(decided, against)
    )


def _percent(decided: int, against: int) -> int | None:
    """Rounded down, so that 100 says that nobody ever did otherwise."""
    return (100 * (decided - against)) // decided if decided >= FEWEST_FOR_A_SHARE else None


def _total(rules: Iterable[RuleRow]) -> RuleRow:
    decided, against, foreseen = (
        sum(getattr(row, name) for row in rules) for name in ("decided", "against", "foreseen")
    )
    tag = DECISIONS[Outcome.HOLD]
    return RuleRow("", str(_("All rules")), tag, decided, against, foreseen, _percent(decided, against))


def _held(code: str, outcome: str, days: int) -> HeldRow:
    return HeldRow(code, rule_words(code), DECISIONS[outcome], days)


def _place(pair: tuple[str, str]) -> tuple[int, str]:
    """In the order of the decision table; rules of another time last."""
    codes = list(RULES_BY_CODE)
    return codes.index(pair[0]) if pair[0] in codes else len(codes), pair[0]


def _reasons(acts: list[Acted]) -> tuple[ReasonRow, ...]:
    """Most often first; a kind that nobody gave is left out."""
    words = dict(ReasonCode.choices)
    counted = Counter(act.reason_code for act in acts)
    return tuple(ReasonRow(str(words.get(code, code)), count) for code, count in counted.most_common())
