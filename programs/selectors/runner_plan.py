"""What the runner's own pages ask for today and in the coming week, for her physiotherapist."""

from dataclasses import dataclass

from programs.adjusting.in_force import adjustments_of
from programs.selectors.plan_panel import PlanPanel, plan_panel
from programs.selectors.reading import Reading
from programs.selectors.week import WeekDay, week_of


@dataclass(frozen=True, slots=True)
class RunnerPlan:
    """``changed`` is how many exercises somebody changed for this runner."""

    today: PlanPanel
    days: tuple[WeekDay, ...]
    changed: int


def runner_plan(reading: Reading | None) -> RunnerPlan | None:
    """None where the programme has ended or cannot be read; no query."""
    if reading is None or not reading.enrolment.is_active:
        return None
    days = () if reading.enrolment.is_paused else week_of(reading).days
    changed = len(adjustments_of(reading.enrolment).by_key)
    return RunnerPlan(today=plan_panel(reading), days=days, changed=changed)
