"""decide(snapshot) -> Decision: one evaluation with frozen state."""

from dataclasses import dataclass

from programs.engine.criteria import Criterion, criteria_of
from programs.engine.facts import Facts
from programs.engine.once import once
from programs.engine.reasons import reason_of
from programs.engine.rules import Rule, first_match
from programs.engine.snapshot import Snapshot
from programs.engine.values import Outcome, Refer, worse_refer

_STEP = {Outcome.ADVANCE: 1, Outcome.STEP_BACK: -1, Outcome.HOLD: 0, Outcome.PAUSE_AND_REFER: 0}


@dataclass(frozen=True)
class Decision:
    """What the engine says of one day, with everything needed to explain it.

    ``stage_before`` and ``stage_after`` are positions in the programme. The
    reason and the criteria are worked out on first use, from the same facts.
    """

    facts: Facts
    row: Rule
    refer: Refer
    stage_before: int
    stage_after: int

    @property
    def rule(self) -> str:
        return self.row.code

    @property
    def outcome(self) -> Outcome:
        return self.row.outcome

    @property
    def snapshot(self) -> Snapshot:
        return self.facts.snapshot

    @property
    def stage_before_key(self) -> str:
        return self.snapshot.programme.stages[self.stage_before].key

    @property
    def stage_after_key(self) -> str:
        return self.snapshot.programme.stages[self.stage_after].key

    @once
    def reason(self) -> str:
        """The runner-facing text with its numbers (``reasons.py``)."""
        return reason_of(self.row, self.facts, self.refer)

    @once
    def criteria(self) -> tuple[Criterion, ...]:
        """Every criterion for leaving the stage as met, not met or no data."""
        return criteria_of(self.facts)


def decide(snapshot: Snapshot) -> Decision:
    """Return the decision of the first rule that applies.

    Deterministic: the same snapshot gives the same decision (INV-11). A pause
    never lowers an open referral level (INV-05).
    """
    facts = Facts(snapshot)
    row = first_match(facts)
    refer = row.refer
    if row.outcome is Outcome.PAUSE_AND_REFER:
        refer = worse_refer(snapshot.state.refer, refer)
    before = snapshot.state.stage
    return Decision(facts, row, refer, before, before + _STEP[row.outcome])
