"""What a day asks for: never more than the stage says, and less when in doubt.

The plan is advice for one date; the decision of the day is ``decide``. INV-09:
relative rest is never shown for more than the cap, logged or not.
"""

from dataclasses import dataclass
from enum import StrEnum

from programs.engine.entry import NOTHING
from programs.engine.facts import Facts
from programs.engine.snapshot import Snapshot
from programs.engine.values import Refer, SessionKind

WEEK = 7


class PlanKind(StrEnum):
    PAUSED = "paused"
    EASY = "easy"
    REST_STAGE = "rest_stage"
    SESSION = "session"
    REST_DAY = "rest_day"


@dataclass(frozen=True, slots=True)
class Plan:
    """What one date asks for; ``stage`` is the position whose content is shown."""

    kind: PlanKind
    stage: int
    why: str

    @property
    def has_session(self) -> bool:
        return self.kind is PlanKind.SESSION


def plan_for(snapshot: Snapshot) -> Plan:
    """Return the plan of ``snapshot.day``, from what is known so far.

    Entries up to and including that day are read (a waking score can turn a
    session day into a rest day); later ones are not.
    """
    f = Facts(snapshot)
    position = snapshot.state.stage
    floor = snapshot.programme.floor
    if snapshot.state.refer is not Refer.NONE or f.today.red_flags:
        return Plan(PlanKind.PAUSED, position, "Your programme is paused.")
    if f.stage.is_rest:
        # Counted from the start of the episode: a cleared pause restarts the
        # days of the stage, but it gives no second spell of rest.
        day, cap = max(f.programme_day, 1), f.constants.rest_cap_days
        if day <= cap:
            return Plan(PlanKind.REST_STAGE, position, f"Day {day} of at most {cap} of relative rest.")
        return Plan(PlanKind.SESSION, floor, "That is enough rest: gentle walking now helps more.")
    if f.in_cooldown:
        return Plan(PlanKind.EASY, floor, "An easy day: walking and gentle mobility only.")
    return _active_day(f, position)


def _active_day(f: Facts, position: int) -> Plan:
    reason = _reason_to_rest(f)
    if reason:
        return Plan(PlanKind.REST_DAY, position, reason)
    return Plan(PlanKind.SESSION, position, "A session is planned today.")


def _reason_to_rest(f: Facts) -> str:
    if f.today.below_knee or f.leg_pain_before:
        return "Pain below the knee: no session today."
    if f.flare_today:
        return "You woke clearly worse after yesterday's session: today is a rest day."
    if f.yesterday.session is SessionKind.STOPPED_PAIN:
        return "You stopped yesterday's session because of pain: today is a rest day."
    gap = f.stage.days_between or int(f.stage.is_running)
    if any(f.entries.get(f.day - back, NOTHING).has_session for back in range(1, gap + 1)):
        return "A rest day between sessions."
    done = sum(f.entries.get(f.day - back, NOTHING).has_session for back in range(1, WEEK))
    if done >= f.stage.per_week:
        return f"{done} sessions in seven days are enough."
    return ""
