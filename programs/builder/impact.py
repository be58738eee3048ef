"""What a draft would have decided otherwise over a stretch of real days.

For each runner the edition that she follows and the draft are walked over the
same entries, from the same state, with the same acts of persons as events: so
what differs comes from the draft alone. It ends with the first day on which
the two part: under the draft she would have had other days from then on, and
nobody knows her diary of those.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from programs.engine.decide import Decision, decide
from programs.engine.entry import Entry
from programs.engine.programme import Programme
from programs.engine.simulate import NO_EVENTS, DayEvents, Simulation, simulate, with_events
from programs.engine.snapshot import Act, State
from programs.engine.transition import after
from programs.engine.values import Outcome

WINDOW_DAYS = 28


class Effect(StrEnum):
    """How the draft parts from the present edition, from the most careful on."""

    PAUSED = "paused"
    STEP_BACK = "step_back"
    LATER = "later"
    NO_STAGE = "no_stage"
    OTHER = "other"
    EARLIER = "earlier"
    NO_STEP_BACK = "no_step_back"
    NOT_PAUSED = "not_paused"
    #: The same outcome on every day, once or more by another rule.
    REASON = "reason"
    NONE = "none"


#: Effects that let a runner do more than the present edition does.
LESS_CAREFUL = frozenset({Effect.EARLIER, Effect.NO_STEP_BACK, Effect.NOT_PAUSED})


@dataclass(frozen=True, slots=True)
class PersonsAct:
    """What a physiotherapist did on a day; ``stage`` is a key."""

    hold_until: int | None = None
    stage: str = ""
    clear: bool = False
    sign_off: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """One runner's days: her state before ``first``, and what was reported up to ``last``.

    ``state.stage`` is a position in ``programme``, the edition that she follows.
    """

    programme: Programme
    state: State
    first: int
    last: int
    entries: Mapping[int, Entry]
    first_day: int
    acts: Mapping[int, PersonsAct] = field(default_factory=dict)
    signed_off: bool = False


@dataclass(frozen=True, slots=True)
class Parting:
    """Where the two part first; without a day they do not.

    Rules are codes with what they say of that day; ``stage`` is the key of hers.
    """

    effect: Effect
    day: int | None = None
    stage: str = ""
    rule_now: str = ""
    rule_draft: str = ""
    reason_now: str = ""
    reason_draft: str = ""

    @property
    def is_less_careful(self) -> bool:
        return self.effect in LESS_CAREFUL


def parting(stretch: Stretch, draft: Programme) -> Parting:
    """The first day on which the draft decides otherwise than the edition that this runner follows."""
    key = stretch.programme.stages[stretch.state.stage].key
    if key not in draft.positions:
        return Parting(Effect.NO_STAGE, stretch.first, key)
    lost = _first_without_stage(stretch, draft)
    reason = None
    for day, now, then in _both(stretch, draft, stretch.last if lost is None else lost - 1):
        effect = effect_of(now, then)
        if effect not in (Effect.NONE, Effect.REASON):
            return _parting(effect, day, now, then)
        reason = reason or (effect is Effect.REASON and _parting(effect, day, now, then))
    if lost is not None:
        return Parting(Effect.NO_STAGE, lost, stretch.acts[lost].stage)
    return reason or Parting(Effect.NONE)


def _both(stretch: Stretch, draft: Programme, until: int) -> Iterator[tuple[int, Decision, Decision]]:
    """Each day by both editions, as long as the reader asks; days that cannot differ are left out.

    Where nothing of a stage differs and the states are the same, the decision is: most drafts change a
    stage or two, and asking once instead of twice halves the time.
    """
    events = {day: _events(act, draft) for day, act in stretch.acts.items()}
    untouched = _the_same(stretch.programme, draft)
    apart: State | None = None
    for simulated in simulate(_simulation(stretch, until)):
        now, day = simulated.decision, simulated.day
        if apart is None and now.stage_before in untouched:
            continue
        mapped = _mapped(now.snapshot.state, now.snapshot.programme, draft)
        state = mapped if apart is None else with_events(apart, day, events.get(day, NO_EVENTS))
        then = decide(replace(now.snapshot, programme=draft, state=state))
        yield day, now, then
        own = after(then)
        apart = None if own == _mapped(after(now), now.snapshot.programme, draft) else own


def _mapped(state: State, programme: Programme, draft: Programme) -> State:
    """The same state with the position of its stage in the draft; -1 where there is none."""
    position = draft.positions.get(programme.stages[state.stage].key, -1)
    return state if position == state.stage else replace(state, stage=position)


def _the_same(programme: Programme, draft: Programme) -> set[int]:
    """Positions of stages that the draft has as they are, with their neighbours and the constants."""
    if programme.constants != draft.constants:
        return set()
    return {
        at
        for key, at in programme.positions.items()
        if key in draft.positions and _around(programme, key) == _around(draft, key)
    }


def _around(programme: Programme, key: str) -> tuple:
    at = programme.positions[key]
    following = programme.stages[at + 1 : at + 2]
    before = programme.stages[at - 1 : at] if at else ()
    names = tuple(stage.key for stage in (*before, *following))
    return programme.stages[at], names, at == programme.floor, at == programme.last


def _parting(effect: Effect, day: int, now: Decision, then: Decision) -> Parting:
    return Parting(effect, day, now.stage_before_key, now.rule, then.rule, now.reason, then.reason)


def effect_of(now: Decision, then: Decision) -> Effect:
    """One day, decided by the present edition and by the draft."""
    if now.outcome is not then.outcome:
        return _by_outcome(now.outcome, then.outcome)
    if now.refer is not then.refer or now.stage_after_key != then.stage_after_key:
        return Effect.OTHER
    return Effect.NONE if now.rule == then.rule else Effect.REASON


def _by_outcome(now: Outcome, then: Outcome) -> Effect:
    if then is Outcome.PAUSE_AND_REFER:
        return Effect.PAUSED
    if now is Outcome.PAUSE_AND_REFER:
        return Effect.NOT_PAUSED
    if then is Outcome.STEP_BACK:
        return Effect.STEP_BACK
    if now is Outcome.STEP_BACK:
        return Effect.NO_STEP_BACK
    return Effect.EARLIER if then is Outcome.ADVANCE else Effect.LATER


def numbers_of(partings: Iterable[Parting]) -> dict[Effect, int]:
    """How many runners of each effect, in the order of the effects, those of none left out."""
    counted = Counter(one.effect for one in partings)
    return {effect: counted[effect] for effect in Effect if counted[effect]}


def _first_without_stage(stretch: Stretch, draft: Programme) -> int | None:
    """The first day on which a person put her on a stage that the draft has not."""
    lost = (
        day
        for day, act in sorted(stretch.acts.items())
        if act.stage and act.stage not in draft.positions and stretch.first <= day <= stretch.last
    )
    return next(lost, None)


def _simulation(stretch: Stretch, until: int) -> Simulation:
    programme = stretch.programme
    return Simulation(
        programme=programme,
        start=stretch.state,
        entries=stretch.entries,
        first=stretch.first,
        last=until,
        events={day: _events(act, programme) for day, act in stretch.acts.items()},
        first_day=stretch.first_day,
        signed_off=Act() if stretch.signed_off else None,
    )


def _events(act: PersonsAct, programme: Programme) -> DayEvents:
    return DayEvents(
        hold_until=act.hold_until,
        set_stage=programme.positions.get(act.stage),
        clear=act.clear,
        sign_off=act.sign_off,
    )
