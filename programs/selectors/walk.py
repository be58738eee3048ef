"""Three invented runners on a draft, as a table and as bars: how long each stage would take."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from programs.builder.walk import (
    LOGGED_DAYS,
    LONGEST_WALK,
    SILENT_DAYS,
    RunnerKind,
    Spell,
    Walk,
    walk_of,
    walks_of,
)
from programs.caseload_words import rule_words
from programs.engine.document import programme_from_document
from programs.engine.programme import Programme
from programs.engine.values import Outcome
from programs.models import ProgrammeVersion
from programs.presentation import DECISIONS, Tag
from programs.said import said

WIDTH, ROW, BAR, NUMBER_FROM = 600, 46, 34, 20
KINDS: dict[RunnerKind, str] = {
    RunnerKind.TYPICAL: gettext_lazy("Typical good"),
    RunnerKind.FLARE: gettext_lazy("Flares"),
    RunnerKind.SILENT: gettext_lazy("Silent for a while"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A spell on one stage. ``look`` names the kind of stage, ``number`` is empty where it has no room."""

    x: float
    y: int
    width: float
    look: str
    number: str


@dataclass(frozen=True, slots=True)
class Move:
    """How a stage was left: on which day, by which rule, to which stage."""

    day: int
    tag: Tag
    stage: str
    rule: str


@dataclass(frozen=True, slots=True)
class WalkRow:
    kind: str
    about: str
    total: str
    days: int
    arrives: bool
    stopped: str
    waits: int
    bars: tuple[Bar, ...]
    moves: tuple[Move, ...]
    middle: int


@dataclass(frozen=True, slots=True)
class StageRow:
    """Days of each runner on one stage; empty where she was never there."""

    number: int
    title: str
    days: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WalkPage:
    walks: tuple[WalkRow, ...]
    stages: tuple[StageRow, ...]
    longest: int
    view_box: str


def walk_page(draft: ProgrammeVersion) -> WalkPage:
    """Of a draft without faults, from its usual start. No query."""
    programme = programme_from_document(draft.document, version=draft.number)
    walks = walks_of(programme, programme.positions[draft.start_stages[0]])
    longest = max(walk.days for walk in walks)
    return WalkPage(
        walks=tuple(_walk_row(at, walk, programme, longest) for at, walk in enumerate(walks)),
        stages=tuple(_stage_row(at, programme, walks) for at in range(len(programme.stages))),
        longest=longest,
        view_box=f"0 0 {WIDTH} {ROW * len(walks)}",
    )


def good_walk(draft: ProgrammeVersion) -> str:
    """How long the typical good runner takes to the last stage; empty where she never gets there."""
    programme = programme_from_document(draft.document, version=draft.number)
    walk = walk_of(programme, programme.positions[draft.start_stages[0]], RunnerKind.TYPICAL)
    return _count(walk.days) if walk.arrives else ""


def _stage_row(at: int, programme: Programme, walks: tuple[Walk, ...]) -> StageRow:
    days = tuple(_days_on(at, walk, programme) for walk in walks)
    return StageRow(at + 1, said(programme.stages[at].title), days)


def _days_on(at: int, walk: Walk, programme: Programme) -> str:
    if at == programme.last:
        return _("reached on day {day}").format(day=walk.days + 1) if walk.arrives else _("not reached")
    days = walk.days_on(at)
    return _count(days) if days else "–"


def _count(days: int) -> str:
    return ngettext("{days} day", "{days} days", days).format(days=days)


def _walk_row(at: int, walk: Walk, programme: Programme, longest: int) -> WalkRow:
    return WalkRow(
        kind=str(KINDS[walk.kind]),
        about=_about(walk.kind),
        total=_count(walk.days),
        days=walk.days,
        arrives=walk.arrives,
        stopped="" if walk.arrives else _stopped(walk, programme),
        waits=walk.waits,
        bars=tuple(_bar(at, spell, programme, longest) for spell in walk.spells),
        moves=tuple(_moves(walk, programme)),
        middle=ROW * at + BAR // 2 + 5,
    )


def _about(kind: RunnerKind) -> str:
    if kind is RunnerKind.TYPICAL:
        return _("Does every planned session, and every score is quiet.")
    if kind is RunnerKind.FLARE:
        return _(
            "The same, but wakes clearly worse after the first session of each running stage, and one "
            "session in the middle hurts too much."
        )
    return _("Logs for {logged} days, says nothing for {silent} days, and comes back well.").format(
        logged=LOGGED_DAYS, silent=SILENT_DAYS
    )


def _stopped(walk: Walk, programme: Programme) -> str:
    stage, rule = said(programme.stages[walk.stopped_on].title), rule_words(walk.stopped_by)
    if walk.is_paused:
        words = _("Paused on day {day}, on “{stage}”: {rule}. Only a person ends a pause.")
        return words.format(day=walk.days, stage=stage, rule=rule)
    words = _("Still on “{stage}” after {most} days: {rule}.")
    return words.format(stage=stage, most=LONGEST_WALK, rule=rule)


def _bar(at: int, spell: Spell, programme: Programme, longest: int) -> Bar:
    scale = WIDTH / longest
    width = max(spell.days * scale - 2, 1)
    number = str(spell.stage + 1) if width >= NUMBER_FROM else ""
    return Bar(
        x=round((spell.first - 1) * scale, 1),
        y=ROW * at,
        width=round(width, 1),
        look=f"walk-{programme.stages[spell.stage].kind}",
        number=number,
    )


def _moves(walk: Walk, programme: Programme):
    step = {Outcome.ADVANCE: 1, Outcome.STEP_BACK: -1}
    for spell in walk.spells:
        if spell.outcome is None:
            continue
        to = spell.stage + step.get(spell.outcome, 0)
        yield Move(
            day=spell.first + spell.days - 1,
            tag=DECISIONS[spell.outcome],
            stage=said(programme.stages[to].title),
            rule=rule_words(spell.rule),
        )
