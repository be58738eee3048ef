"""Decided days as a table for a clinician: one line a day, with the reason."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from programs.engine import ENGINE_VERSION
from programs.engine.decide import Decision
from programs.engine.entry import SCORE_FIELDS, Entry
from programs.engine.simulate import SimulatedDay
from programs.engine.values import Leg, Outcome, Refer, Warmup
from programs.replay.report import missing_days
from programs.replay.run import Replay

#: A sign beside the word, so that the eye finds what changes; never the sign alone.
SIGNS = {
    Outcome.ADVANCE: "▲",
    Outcome.HOLD: "=",
    Outcome.STEP_BACK: "▼",
    Outcome.PAUSE_AND_REFER: "■",
}
WORDS = {outcome: outcome.value.replace("_", " ") for outcome in Outcome}
NOT_RECORDED = "–"
HEADINGS = ("date", "day", "pain m/r/d/a", "session and signs", "decision", "stage", "rule", "reason")
NOT_APPROVED = "Nothing here has been approved by a clinician."
KEY = "pain m/r/d/a: on waking, at rest, during and after the session, 0-10; – is not recorded."


def as_table(replayed: Replay, source: str) -> str:
    """Header, one line a day and the counts; the reason stands last and is never cut."""
    body = [_cells(simulated, replayed.simulation.first, replayed) for simulated in replayed.days]
    lines = [*_head(replayed, source), "", *_aligned([HEADINGS, *body]), "", *_foot(replayed)]
    return "\n".join(lines) + "\n"


def _aligned(table: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in table) for column in range(len(HEADINGS) - 1)]
    for row in table:
        yield "  ".join([cell.ljust(width) for cell, width in zip(row, widths, strict=False)] + [row[-1]])


# --- one day -------------------------------------------------------------------------
def _cells(simulated: SimulatedDay, first: int, replayed: Replay) -> tuple[str, ...]:
    decision = simulated.decision
    today = decision.facts.today
    stages = replayed.simulation.programme.stages
    before, stage = stages[simulated.stage_before].key, stages[decision.stage_after].key
    return (
        date.fromordinal(simulated.day).isoformat(),
        str(simulated.day - first + 1),
        _scores(today),
        _session(today),
        _decision(decision),
        stage if stage == before else f"{before} → {stage}",
        decision.rule,
        decision.reason,
    )


def _scores(entry: Entry) -> str:
    values = (getattr(entry, name) for name in SCORE_FIELDS)
    return "/".join(NOT_RECORDED if value is None else str(value) for value in values)


def _session(entry: Entry) -> str:
    """What became of the session, and every other answer that a rule may read."""
    if entry.missing:
        return "no entry (planned)" if entry.planned else "no entry"
    parts = [NOT_RECORDED if entry.session is None else _plain(entry.session)]
    if entry.warmup is not Warmup.NONE:
        parts.append(f"warm-up {_plain(entry.warmup)}")
    if entry.limp:
        parts.append("limp")
    if entry.leg is not Leg.NONE:
        parts.append(f"leg {_plain(entry.leg)}")
    return ", ".join([*parts, *entry.red_flags])


def _plain(word: str) -> str:
    return word.replace("_", " ")


def _decision(decision: Decision) -> str:
    words = f"{SIGNS[decision.outcome]} {WORDS[decision.outcome]}"
    return words if decision.refer is Refer.NONE else f"{words} ({decision.refer})"


# --- around the days --------------------------------------------------------------------
def _head(replayed: Replay, source: str) -> Iterator[str]:
    simulation, diary = replayed.simulation, replayed.diary
    state = simulation.start
    began = [date.fromordinal(day).isoformat() for day in state.step_backs]
    yield f"Replay of {source}{f', {diary.description}' if diary.description else ''}"
    yield f"Programme: {replayed.loaded.title}; {replayed.loaded.identity}; engine {ENGINE_VERSION}"
    yield (
        f"Start: stage {simulation.programme.stages[state.stage].key}, "
        f"programme day {simulation.first - state.started + 1}, "
        f"intake pain {_or_not(state.intake)}, baseline morning {_or_not(state.baseline)}, "
        f"earlier step-backs {', '.join(began) or 'none'}"
    )
    yield NOT_APPROVED
    yield KEY


def _or_not(score: int | None) -> str:
    return "not recorded" if score is None else str(score)


def _referrals(replayed: Replay) -> Iterator[str]:
    days = len(replayed.days)
    counts = Counter(simulated.decision.refer for simulated in replayed.days)
    for level in Refer:
        if level is not Refer.NONE and counts[level]:
            yield f"{level} on {counts[level]} of {days} days"


def _rules(replayed: Replay) -> list[tuple[str, int]]:
    return Counter(simulated.decision.rule for simulated in replayed.days).most_common()


def _foot(replayed: Replay) -> Iterator[str]:
    counts = Counter(simulated.decision.outcome for simulated in replayed.days)
    yield "Decisions: " + ", ".join(
        f"{SIGNS[outcome]} {WORDS[outcome]} {counts[outcome]}" for outcome in Outcome
    )
    yield "Referrals: " + (", ".join(_referrals(replayed)) or "none")
    yield "Rules: " + ", ".join(f"{rule} {count}" for rule, count in _rules(replayed))
    yield f"Days: {len(replayed.days)}, of which {missing_days(replayed.days)} without an entry."
    yield from replayed.diary.notes
