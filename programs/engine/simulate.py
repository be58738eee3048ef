"""A whole diary, day by day, outside any database: replay, previews, tests."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from programs.engine.decide import Decision, decide
from programs.engine.entry import Entry
from programs.engine.programme import Programme
from programs.engine.snapshot import Act, Contacts, Hold, Snapshot, State
from programs.engine.transition import after, with_hold, with_pause_cleared, with_stage_set


@dataclass(frozen=True, slots=True)
class DayEvents:
    """What a clinician did on one day, applied before that day is decided."""

    hold_until: int | None = None
    set_stage: int | None = None
    clear: bool = False
    sign_off: bool = False
    name: str = "Your physiotherapist"
    reason: str = ""


NO_EVENTS = DayEvents()


@dataclass(frozen=True, slots=True)
class Simulation:
    """A diary with its start; ``first`` and ``last`` are the days decided."""

    programme: Programme
    start: State
    entries: Mapping[int, Entry]
    first: int
    last: int
    events: Mapping[int, DayEvents] = field(default_factory=dict)
    contacts: Contacts = field(default_factory=Contacts)
    first_day: int | None = None
    #: A confirmation that was given on the stage of the start.
    signed_off: Act | None = None


@dataclass(frozen=True, slots=True)
class SimulatedDay:
    day: int
    stage_before: int
    decision: Decision


def initial_state(programme: Programme, stage: int, first: int, programme_day: int = 1, **given) -> State:
    """State at the start of the first day; an earlier step back is still cooled down from."""
    step_backs = tuple(sorted(given.get("step_backs", ())))
    if step_backs:
        given = {"cooldown_until": step_backs[-1] + programme.constants.cooldown_days, **given}
    return State(
        stage=stage, entered=first, started=first - programme_day + 1, **{**given, "step_backs": step_backs}
    )


def with_events(state: State, day: int, events: DayEvents) -> State:
    """Apply a day's acts: set stage, clear, hold. A shorter hold never ends a longer one here."""
    if events.set_stage is not None:
        state = with_stage_set(state, day, events.set_stage)
    if events.clear:
        state = with_pause_cleared(state, day)
    if events.hold_until is not None:
        until = max(events.hold_until, state.hold.until if state.hold else 0)
        state = with_hold(state, Hold(until, events.name, events.reason))
    return state


def signed_off_after(signed: Act | None, events: DayEvents) -> Act | None:
    """The confirmation in force on a day: whoever is put on a stage, or cleared, waits for a new one."""
    if events.sign_off:
        return Act(events.name, events.reason)
    return None if events.set_stage is not None or events.clear else signed


def simulate(simulation: Simulation) -> Iterator[SimulatedDay]:
    """Decide every day in order; each day sees only entries up to itself."""
    state, signed = simulation.start, simulation.signed_off
    first_day = simulation.first if simulation.first_day is None else simulation.first_day
    for day in range(simulation.first, simulation.last + 1):
        events = simulation.events.get(day, NO_EVENTS)
        act = Act(events.name, events.reason)
        before = state.stage
        state = with_events(state, day, events)
        signed = signed_off_after(signed, events)
        snapshot = Snapshot(
            programme=simulation.programme,
            day=day,
            state=state,
            entries=simulation.entries,
            first_day=first_day,
            stage_set=act if events.set_stage is not None else None,
            cleared=act if events.clear else None,
            signed_off=signed,
            contacts=simulation.contacts,
        )
        decision = decide(snapshot)
        yield SimulatedDay(day, before, decision)
        if decision.stage_after != state.stage:
            signed = None
        state = after(decision)


def with_constants(programme: Programme, **changes) -> Programme:
    """The same programme with other constants, for previews and tests."""
    return replace(programme, constants=replace(programme.constants, **changes))
