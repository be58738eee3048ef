"""What a day asks for: never more than the stage says, and less when in doubt.

The plan is advice for one date; the decision of the day is ``decide``. INV-09:
relative rest is never shown for more than the cap, logged or not.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from programs.engine.conditions import severe_two_days, step_back_triggered
from programs.engine.entry import NOTHING, Entry
from programs.engine.facts import Facts
from programs.engine.snapshot import Snapshot
from programs.engine.values import Refer, SessionKind
from programs.engine.week import ANY_DAY, WEEK, Wishes, gap_of


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


def plan_for(snapshot: Snapshot, wishes: Wishes = ANY_DAY) -> Plan:
    """Return the plan of ``snapshot.day``, from what is known so far.

    Entries up to and including that day are read (a waking score can turn a
    session day into a rest day); later ones are not. Wishes are about runs
    only, and only take one away.
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
    return _active_day(f, position, wishes)


def week_ahead(snapshot: Snapshot, wishes: Wishes = ANY_DAY, days: int = WEEK) -> tuple[Plan, ...]:
    """Plans from ``snapshot.day`` on, as if every planned session were done and nothing hurt.

    A forecast on the present stage, never stored: each morning has its own.
    """
    entries, plans = dict(snapshot.entries), []
    for day in range(snapshot.day, snapshot.day + days):
        ahead = replace(snapshot, day=day, entries=entries)
        plan = plan_for(ahead, wishes)
        plans.append(plan)
        said = snapshot.entries.get(day, NOTHING)
        if plan.has_session and (said.missing or said.session is None):
            shown = snapshot.programme.stages[plan.stage].key
            entries = entries | {day: Entry(session=SessionKind.DONE, stage_shown=shown)}
    return tuple(plans)


def _active_day(f: Facts, position: int, wishes: Wishes) -> Plan:
    reason = _reason_to_rest(f)
    if reason:
        return Plan(PlanKind.REST_DAY, position, reason)
    if f.is_running and not wishes.wants(f.day):
        return Plan(PlanKind.REST_DAY, position, "You chose other days to run. Today is a rest day.")
    return Plan(PlanKind.SESSION, position, "A session is planned today.")


def _reason_to_rest(f: Facts) -> str:
    if step_back_triggered(f) or severe_two_days(f):
        return "Your scores so far ask for easy days: no session today."
    if f.today.below_knee or f.leg_pain_before:
        return "Pain below the knee: no session today."
    if f.flare_today:
        return "You woke clearly worse after yesterday's session: today is a rest day."
    if f.yesterday.session is SessionKind.STOPPED_PAIN:
        return "You stopped yesterday's session because of pain: today is a rest day."
    gap = gap_of(f.stage)
    # A list: on Python 3.11 a generator costs more than what it asks.
    counted = [back for back in range(1, max(WEEK, gap + 1)) if _counts(f, f.day - back)]
    if counted and counted[0] <= gap:
        return "A rest day between sessions."
    done = len([back for back in counted if back < WEEK])
    if done >= f.stage.per_week:
        return f"{done} sessions in seven days are enough."
    return ""


def _counts(f: Facts, day: int) -> bool:
    """Was there a session that day that asks for rest from this stage's kind of session?

    The walks of a stage before do not stand in the way of the first runs.
    Where it is not known under which stage a session was done, it counts.
    """
    entry = f.entries.get(day, NOTHING)
    if not entry.has_session or not f.is_running:
        return entry.has_session
    shown = f.snapshot.programme.positions.get(entry.stage_shown)
    return shown is None or f.snapshot.programme.stages[shown].is_running
