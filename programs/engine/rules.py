"""The decision table of ``docs/engine.md`` section 3: the first rule that applies wins.

Each row holds its code, condition, outcome, refer level, evidence grade and
source. Rows that share a condition stand in one section with that condition as
guard, so that it is asked once. The two rows that turn a step back into
something else stand before the step-back rows: three strikes first, because a
pause is the more careful of the two where both apply.
"""

from collections.abc import Callable
from dataclasses import dataclass

from programs.engine import conditions as c
from programs.engine.facts import Facts
from programs.engine.values import Outcome, Refer


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table. ``grade`` is the evidence for its limit, not for the act."""

    code: str
    applies: Callable[[Facts], bool]
    outcome: Outcome
    refer: Refer
    grade: str
    source: str


@dataclass(frozen=True, slots=True)
class Section:
    """Rows that can only apply where ``guard`` holds."""

    guard: Callable[[Facts], bool]
    rules: tuple[Rule, ...]


_advance, _hold, _back, _pause = Outcome
_none, _routine, _urgent, _emergency = Refer

TABLE: tuple[Section, ...] = (
    Section(
        c.any_flag,
        (
            Rule("D1_EMERGENCY", c.emergency_flag, _pause, _emergency, "moderate", "NHSBACK, GIRFT, BACKES"),
            Rule(
                "D2_URGENT", c.urgent_flag, _pause, _urgent, "own_choice", "NHSBACK; level is our own choice"
            ),
        ),
    ),
    Section(
        c.always,
        (
            Rule(
                "D3_PAUSED", c.still_paused, _pause, _none, "own_choice", "INV-05: only a person ends a pause"
            ),
            Rule(
                "D4A_LEG_PAIN", c.leg_pain_again, _pause, _routine, "own_choice", "seed 003; days are our own"
            ),
            Rule(
                "D4B_SEVERE",
                c.severe_two_days,
                _pause,
                _routine,
                "own_choice",
                "seeds 001, 003; 7 is our own",
            ),
            Rule(
                "D4C_S0_SEVERE", c.severe_after_rest, _pause, _routine, "own_choice", "48 h: NASS48; seed 001"
            ),
        ),
    ),
    Section(
        c.step_back_triggered,
        (
            Rule(
                "D4D_THREE_STRIKES",
                c.third_strike,
                _pause,
                _routine,
                "own_choice",
                "ADVORTHO; our own numbers",
            ),
            Rule(
                "D5Z_FLOOR", c.at_floor, _hold, _routine, "moderate", "RCGP, DAHM: bed rest is no treatment"
            ),
            Rule("D5A_RED_PAIN", c.red_pain, _back, _none, "weak", "pain-monitoring model: BIM, SUFFOLK"),
            Rule("D5B_RED_MORNING", c.red_morning, _back, _none, "weak", "pain-monitoring model; BWH07"),
            Rule("D5C_TWO_FLARES", c.two_flares, _back, _none, "weak", "Delaware rules: FEES; BWH07"),
            Rule("D5D_WARMUP", c.warmup_pain, _back, _none, "weak", "Delaware rules: FEES"),
            Rule("D5E_LIMP", c.limped, _back, _none, "weak", "BWH07, MGH"),
            Rule(
                "D5F_TWO_STOPS", c.two_stops, _back, _none, "own_choice", "seeds 001, 002; twice is our own"
            ),
            Rule("D5G_LONG_GAP", c.back_after_gap, _back, _none, "own_choice", "SWANSEA; 14 days is our own"),
        ),
    ),
    Section(
        c.always,
        (
            Rule("D6_NOT_BETTER", c.not_better, _hold, _routine, "moderate", "seed 003; OSTELO"),
            Rule("D7B_PHYSIO_SET", c.physio_set, _hold, _none, "convention", "a person decided today"),
            Rule("D7C_PHYSIO_CLEAR", c.physio_clear, _hold, _none, "convention", "a person decided today"),
            Rule("D7A_PHYSIO_HOLD", c.physio_hold, _hold, _none, "convention", "a person limits the engine"),
            Rule("D8A_NO_LOG", c.no_score, _hold, _none, "own_choice", "INV-01: missing is missing"),
            Rule("D8B_COOLDOWN", c.cooling_down, _hold, _none, "convention", "Delaware: 2 days off, FEES"),
            Rule("D8C_LEG_ONCE", c.leg_pain_once, _hold, _none, "own_choice", "seed 003"),
        ),
    ),
    Section(
        c.in_rest_stage,
        (
            Rule("D9B_S0_EASED", c.rest_eased, _advance, _none, "own_choice", "seed 000"),
            Rule("D9C_S0_CAP", c.rest_cap_reached, _advance, _none, "convention", "48 h: NASS48"),
            Rule("D8N_S0_REST", c.always, _hold, _none, "convention", "seed 000, capped by NASS48"),
        ),
    ),
    Section(
        c.session_today,
        (
            Rule("D8D_WARMUP_RESOLVED", c.warmup_resolved, _hold, _none, "weak", "Delaware rules: FEES"),
            Rule("D8E_STOPPED", c.stopped_once, _hold, _none, "convention", "seeds 001, 002"),
        ),
    ),
    Section(
        c.one_flare,
        (Rule("D8F_FLARE", c.always, _hold, _none, "weak", "24-hour rule; 2 points: CHILDS"),),
    ),
    Section(
        c.session_today,
        (
            Rule("D8G_AMBER", c.amber, _hold, _none, "weak", "pain zones: BIM, SUFFOLK"),
            Rule(
                "D8O_SCORE_MISSING",
                c.score_missing,
                _hold,
                _none,
                "own_choice",
                "INV-15: missing is not zero",
            ),
        ),
    ),
    Section(c.at_last_stage, (Rule("D8H_FINAL", c.always, _hold, _none, "weak", "seed 001"),)),
    Section(
        c.session_today,
        (
            Rule(
                "D8I_PENDING",
                c.next_morning_unknown,
                _hold,
                _none,
                "convention",
                "next morning: BWH07, SWANSEA",
            ),
        ),
    ),
    Section(
        c.always,
        (
            Rule("D8J_MIN_DAYS", c.too_early, _hold, _none, "convention", "one step a week: ASTEROID, OUH24"),
            Rule("D8K_FEW_LOGS", c.few_logs, _hold, _none, "own_choice", "ONO; our own count"),
            Rule(
                "D8L_SESSIONS",
                c.sessions_short,
                _hold,
                _none,
                "own_choice",
                "three sessions: MGH, MSD, CLIN6",
            ),
            Rule("D8M_QUIET_DAYS", c.not_quiet, _hold, _none, "weak", "entry rule of BWH07"),
            Rule(
                "D8P_SIGN_OFF",
                c.sign_off_missing,
                _hold,
                _none,
                "convention",
                "a person confirms the step, where a stage asks for it",
            ),
            Rule(
                "D9A_ADVANCE", c.always, _advance, _none, "convention", "every criterion of the stage is met"
            ),
        ),
    ),
)
RULES: tuple[Rule, ...] = tuple(rule for section in TABLE for rule in section.rules)
#: Not in the table: the confirmation itself holds nobody, it only ends a wait.
CONFIRMED = Rule("D7D_SIGNED_OFF", c.always, _hold, _none, "convention", "a person confirms the step")
RULES_BY_CODE = {rule.code: rule for rule in (*RULES, CONFIRMED)}


def first_match(f: Facts) -> Rule:
    """The first row that applies; the last row always does."""
    for section in TABLE:
        if section.guard(f):
            for rule in section.rules:
                if rule.applies(f):
                    return rule
    raise AssertionError("the last row of the table applies to every snapshot")  # pragma: no cover
