"""From a diary and options to a simulation: where the runner stands on the first day decided."""

from datetime import date

from programs.engine.programme import Programme
from programs.engine.simulate import DayEvents, Simulation, initial_state
from programs.engine.snapshot import Contacts, Hold
from programs.replay.acts import COLUMN
from programs.replay.diary import DayActs, Diary
from programs.replay.faults import Faults
from programs.replay.options import Asked, Options

#: A diary does not say who acted and why.
ACTOR = "Your physiotherapist"
NO_REASON = "no reason in the diary"


def simulation_of(
    diary: Diary, programme: Programme, asked: Asked, options: Options, contacts: Contacts, faults: Faults
) -> Simulation:
    """Put the start together. The result counts only where no fault was found."""
    first, last = _range(diary, options, faults)
    stage = _start_stage(programme, asked.start_stage, faults)
    for day in options.step_backs:
        if day >= first:
            begins = date.fromordinal(first).isoformat()
            faults.option(
                "--step-back", date.fromordinal(day).isoformat(), f"before the first day decided, {begins}"
            )
    given = {"hold": _hold_before(diary, first)} if diary.acts else {}
    start = initial_state(
        programme,
        stage,
        first,
        options.programme_day or 1,
        step_backs=options.step_backs,
        intake=diary.first_score("rest", "morning") if options.intake is None else options.intake,
        baseline=diary.first_score("morning", "rest") if options.baseline is None else options.baseline,
        **given,
    )
    return Simulation(
        programme=programme,
        start=start,
        entries=diary.entries,
        first=first,
        last=last,
        events=_events(diary, programme, first, faults),
        contacts=contacts,
        first_day=min(first, diary.first),
    )


def _range(diary: Diary, options: Options, faults: Faults) -> tuple[int, int]:
    first = diary.first if options.first is None else options.first
    last = diary.last if options.last is None else options.last
    if first > last:
        begins, ends = date.fromordinal(first).isoformat(), date.fromordinal(last).isoformat()
        if options.last is None:
            faults.option("--from", begins, f"on or before the last day, {ends}")
        else:
            faults.option("--to", ends, f"on or after the first day decided, {begins}")
    return first, last


def _start_stage(programme: Programme, key: str | None, faults: Faults) -> int:
    if key is not None and key not in programme.positions:
        faults.option("--start-stage", key, f"a stage of {programme.key}: {', '.join(programme.positions)}")
    return programme.positions.get(key, 0)


def _hold_before(diary: Diary, first: int) -> Hold | None:
    """A hold that was set before the first day decided may still be in force on it."""
    until = [
        acts.hold_until for day, acts in diary.acts.items() if day < first and acts.hold_until is not None
    ]
    return Hold(max(until), ACTOR, NO_REASON) if until else None


def _events(diary: Diary, programme: Programme, first: int, faults: Faults) -> dict[int, DayEvents]:
    return {
        day: DayEvents(
            hold_until=acts.hold_until,
            set_stage=_stage_to_set(acts, programme, faults, after_start=day > first),
            clear=acts.clear,
            sign_off=acts.sign_off,
            name=ACTOR,
            reason=NO_REASON,
        )
        for day, acts in diary.acts.items()
    }


def _stage_to_set(acts: DayActs, programme: Programme, faults: Faults, *, after_start: bool) -> int | None:
    key = acts.set_stage
    if key is None:
        return None
    position = programme.positions.get(key)
    if position is None:
        faults.cell(
            acts.line, COLUMN, f"physio_set_stage:{key}", f"a stage of {programme.key}: {_keys(programme)}"
        )
    elif after_start and programme.stages[position].is_rest:
        # Relative rest is never shown for longer than its cap in one episode (INV-09).
        active = "a stage that is not rest; rest may be set only on the first day decided"
        faults.cell(acts.line, COLUMN, f"physio_set_stage:{key}", active)
    return position


def _keys(programme: Programme) -> str:
    return ", ".join(programme.positions)
