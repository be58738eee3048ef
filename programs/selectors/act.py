"""What the pages of a clinician's acts show: who, where she stands, and the engine's own view."""

import datetime
import uuid
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programs.acted import OWN_STATEMENT
from programs.engine.calendar import local_date
from programs.engine.decide import Decision as EngineDecision
from programs.engine.shadow import without_hold
from programs.engine.values import PRESSING, StageKind
from programs.models import Enrolment
from programs.presentation import DECISIONS, REFERS, Tag
from programs.said import said, said_document
from programs.selectors.cases import Case, cases_of
from programs.way_back import counts_since


@dataclass(frozen=True, slots=True)
class Shadow:
    """What the engine would decide of the open day if nothing else came in."""

    date: datetime.date
    tag: Tag
    reason: str
    rule: str
    moves_to: str


@dataclass(frozen=True, slots=True)
class ActPage:
    public_id: uuid.UUID
    name: str
    today: datetime.date
    stage: str
    stage_day: int
    stages: list[tuple[str, str]]
    refer: Tag | None
    pause_reason: str
    paused_on: datetime.date | None
    needs_assessment: bool
    #: The first day whose assessment counts.
    assessed_since: datetime.date
    has_open_flag: bool
    shadow: Shadow | None


def act_page(*, enrolment: Enrolment, now: datetime.datetime) -> ActPage:
    """``enrolment`` comes with its runner and version."""
    case = cases_of([enrolment], now)[0]
    paused_at = enrolment.paused_at
    needs_assessment = enrolment.refer in PRESSING
    return ActPage(
        public_id=enrolment.public_id,
        name=str(enrolment.runner),
        today=case.today,
        stage=case.stage_title,
        stage_day=case.stage_day,
        stages=_stages(enrolment),
        refer=REFERS[enrolment.refer] if enrolment.is_paused else None,
        pause_reason=said(case.pause.reason) if case.pause else "",
        paused_on=local_date(paused_at, enrolment.runner.zone) if paused_at else None,
        needs_assessment=needs_assessment,
        assessed_since=counts_since(enrolment) if needs_assessment else enrolment.started_on,
        has_open_flag=has_open_flag(case),
        shadow=shadow_of(case, without_act=True),
    )


def has_open_flag(case: Case) -> bool:
    """A red flag on a day that is not closed: that day will pause again, whoever clears it."""
    closed = case.enrolment.decided_through.toordinal()
    return any(entry.red_flags for day, entry in case.history.entries.items() if day > closed)


def _stages(enrolment: Enrolment) -> list[tuple[str, str]]:
    """Stages that a person may set: every one but rest."""
    stages = said_document(enrolment.version.document["stages"])
    return [(stage["key"], stage["title"]) for stage in stages if stage["kind"] != StageKind.REST]


def _reason(outlook: EngineDecision) -> str:
    """As the runner would read it; but of a pause, and of what a person did, it is said to whoever treats."""
    if outlook.rule == "D3_PAUSED":
        return _("Programme paused. A good day does not restart it: you do, once the runner has been seen.")
    snapshot = outlook.snapshot
    if outlook.rule == "D7A_PHYSIO_HOLD":
        hold = snapshot.state.hold
        until = date_format(datetime.date.fromordinal(hold.until), "j F Y")
        words = _("{name} holds the runner on this stage until {until}. That decides, and not the engine.")
        return words.format(name=hold.name, until=until)
    by_person = {"D7B_PHYSIO_SET": snapshot.stage_set, "D7C_PHYSIO_CLEAR": snapshot.cleared}
    if by_person.get(outlook.rule):
        name = by_person[outlook.rule].name
        if name == OWN_STATEMENT:
            name = _("The runner’s own statement")
        words = _(
            "{name} decided this day. The engine leaves it at that, and decides again from the next day."
        )
        return words.format(name=name)
    return said(outlook.reason)


def shadow_of(case: Case, *, without_act: bool = False) -> Shadow | None:
    """What tonight brings; ``without_act``: what the engine itself would say, were there no hold."""
    outlook = case.outlook
    if outlook is None:
        return None
    if without_act and outlook.rule == "D7A_PHYSIO_HOLD":
        outlook = without_hold(outlook.snapshot)
    moved = outlook.stage_after != outlook.stage_before
    return Shadow(
        date=case.enrolment.open_date,
        tag=DECISIONS[outlook.outcome],
        reason=_reason(outlook),
        rule=outlook.rule,
        moves_to=case.title_of(outlook.stage_after_key) if moved else "",
    )
