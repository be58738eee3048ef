"""Three invented runners walk a programme from its start: how long would each stage take?

They show what the rules make of a draft, not what any runner will do. Each day
is planned and decided as a real one is; a day without a plan is a day off.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import groupby

from programs.engine.decide import Decision, decide
from programs.engine.entry import Entry
from programs.engine.plan import plan_for
from programs.engine.programme import Programme
from programs.engine.simulate import initial_state
from programs.engine.snapshot import Act, Snapshot, State
from programs.engine.transition import after
from programs.engine.values import HIGHEST_SCORE, Outcome, SessionKind

LONGEST_WALK = 400
#: What an invented runner says at her intake, and how she feels from then on.
INTAKE_PAIN, QUIET = 4, 1
LOGGED_DAYS, SILENT_DAYS = 10, 16
_WAITS, _PENDING = "D8P_SIGN_OFF", "D8I_PENDING"


class RunnerKind(StrEnum):
    """Every session with quiet scores; now and then too much; away for a while."""

    TYPICAL = "typical"
    FLARE = "flare"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Spell:
    """Days in a row on one stage, from ``first``; how it ended, by which rule. The last one has no end."""

    stage: int
    first: int
    days: int
    outcome: Outcome | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Walk:
    """One runner's way. ``days`` until the last stage, or until it ended before it.

    ``stopped_by`` is the rule that keeps her for good: a pause, which only a
    person ends, or what held her on the last of all days walked.
    """

    kind: RunnerKind
    spells: tuple[Spell, ...]
    days: int
    arrives: bool
    stopped_by: str = ""
    waits: int = 0
    is_paused: bool = False

    def days_on(self, stage: int) -> int:
        return sum(spell.days for spell in self.spells if spell.stage == stage)

    @property
    def stopped_on(self) -> int:
        """The stage on which it ended."""
        return self.spells[-1].stage


@dataclass
class _Runner:
    """Who walks: her diary so far and what she still has before her."""

    kind: RunnerKind
    programme: Programme
    quiet: int
    entries: dict[int, Entry] = field(default_factory=dict)
    #: Sessions done on each stage, by position.
    done: dict[int, int] = field(default_factory=dict)
    flare_next: bool = False

    @property
    def middle(self) -> int:
        """The running stage on which the one painful session happens; -1 without any."""
        running = [at for at, stage in enumerate(self.programme.stages) if stage.is_running]
        return running[(len(running) - 1) // 2] if running else -1


def walks_of(programme: Programme, start: int) -> tuple[Walk, ...]:
    """All three, from a stage by its position."""
    return tuple(walk_of(programme, start, kind) for kind in RunnerKind)


def walk_of(programme: Programme, start: int, kind: RunnerKind) -> Walk:
    """Plan and decide day by day, to the last stage, a pause or the end of patience."""
    quiet = min((QUIET, *(stage.q for stage in programme.stages if not stage.is_rest)))
    runner = _Runner(kind, programme, quiet)
    state = initial_state(programme, start, 1, baseline=quiet, intake=INTAKE_PAIN)
    decisions: list[Decision] = []
    signed, waits = None, 0
    for day in range(1, LONGEST_WALK + 1):
        decided = decide(_day(runner, state, day, signed))
        decisions.append(decided)
        state = after(decided)
        # Whoever is asked to confirm a step does so on the next day, and it holds for that stage.
        signed = _confirmed(decided, signed)
        waits += decided.rule == _WAITS
        if decided.outcome is Outcome.PAUSE_AND_REFER or state.stage == programme.last:
            break
    return _walk(runner, decisions, state, waits)


def _confirmed(decided: Decision, signed: Act | None) -> Act | None:
    if decided.rule == _WAITS:
        return Act()
    return signed if decided.stage_after == decided.stage_before else None


def _day(runner: _Runner, state: State, day: int, signed: Act | None) -> Snapshot:
    """The day as it would be known at its end."""
    snapshot = Snapshot(runner.programme, day, state, runner.entries, first_day=1, signed_off=signed)
    if runner.kind is RunnerKind.SILENT and LOGGED_DAYS < day <= LOGGED_DAYS + SILENT_DAYS:
        runner.entries[day] = Entry(missing=True, session=None, planned=True)
        return snapshot
    morning = _morning(runner, state)
    key = runner.programme.stages[state.stage].key
    known = Entry(morning=morning, rest=runner.quiet, session=None, stage_shown=key)
    plan = plan_for(replace(snapshot, entries={**_recent(runner.entries, day), day: known}))
    runner.entries[day] = _lived(runner, known, state) if plan.has_session else replace(known, session=_OFF)
    return snapshot


_OFF = SessionKind.NONE


def _recent(entries: dict[int, Entry], day: int) -> dict[int, Entry]:
    """What a plan looks back on; a copy of everything on every day would take long."""
    return {at: entries[at] for at in range(max(1, day - 30), day) if at in entries}


def _morning(runner: _Runner, state: State) -> int:
    if not runner.flare_next:
        return runner.quiet
    runner.flare_next = False
    return min((state.baseline or 0) + runner.programme.constants.flare_delta, HIGHEST_SCORE)


def _lived(runner: _Runner, known: Entry, state: State) -> Entry:
    """A session: quiet, but for the one that hurts; the first runs of a stage are felt the next morning."""
    at = state.stage
    count = runner.done[at] = runner.done.get(at, 0) + 1
    during = runner.quiet
    if runner.kind is RunnerKind.FLARE and runner.programme.stages[at].is_running:
        runner.flare_next = count == 1
        if at == runner.middle and count == 2:
            during = runner.programme.constants.red_at
    return replace(known, session=SessionKind.DONE, during=during, after=runner.quiet)


def _walk(runner: _Runner, decisions: list[Decision], state: State, waits: int) -> Walk:
    arrives = state.stage == runner.programme.last
    last = decisions[-1]
    return Walk(
        kind=runner.kind,
        spells=tuple(_spells(decisions)),
        days=len(decisions),
        arrives=arrives,
        stopped_by="" if arrives else _holds(decisions),
        waits=waits,
        is_paused=last.outcome is Outcome.PAUSE_AND_REFER,
    )


def _holds(decisions: list[Decision]) -> str:
    """What keeps her: the pause, or the rule that held her most often of late, but for a morning's wait."""
    if decisions[-1].outcome is Outcome.PAUSE_AND_REFER:
        return decisions[-1].rule
    late = [decided.rule for decided in decisions[-28:]]
    return max(sorted(set(late) - {_PENDING}) or [_PENDING], key=late.count)


def _spells(decisions: Iterable[Decision]) -> Iterable[Spell]:
    first = 1
    for stage, group in groupby(decisions, key=lambda decided: decided.stage_before):
        days = list(group)
        last = days[-1]
        ends = last.outcome is not Outcome.HOLD
        yield Spell(stage, first, len(days), last.outcome if ends else None, last.rule if ends else "")
        first += len(days)
