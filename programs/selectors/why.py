"""Why a runner is at her stage: every criterion with its source, and the latest decisions."""

import datetime
from dataclasses import dataclass

from programs.engine.criteria import Status
from programs.models import Enrolment
from programs.presentation import DECISIONS, Tag
from programs.selectors.criteria import CriterionRow, criterion_rows
from programs.selectors.decisions import DecisionRow, newest_decisions
from programs.selectors.evidence import sources_by_key
from programs.selectors.reading import read

SHOWN = 14


@dataclass(frozen=True, slots=True)
class WhyPage:
    """``date`` is the open day. Without a ``tag`` it has not begun, and its outcome is nobody's guess."""

    stage: str
    programme: str
    version: int
    date: datetime.date
    is_today: bool
    is_logged: bool
    tag: Tag | None
    reason: str
    criteria: tuple[CriterionRow, ...]
    decisions: tuple[DecisionRow, ...]
    met: int


def why_page(*, enrolment: Enrolment, now: datetime.datetime) -> WhyPage:
    """Criteria as they stand on the open day, which is yesterday until that is closed."""
    reading = read(enrolment, now)
    outlook = reading.decide_open_day()
    version, date = enrolment.version, enrolment.open_date
    has_begun = date <= reading.today
    criteria = criterion_rows(outlook.criteria, version, enrolment.stage, sources_by_key())
    return WhyPage(
        stage=version.stage_title(enrolment.stage),
        programme=version.document["title"],
        version=version.number,
        date=date,
        is_today=date == reading.today,
        is_logged=not reading.entry(date).missing,
        tag=DECISIONS[outlook.outcome] if has_begun else None,
        reason=outlook.reason if has_begun else "",
        criteria=criteria,
        decisions=newest_decisions(enrolment, SHOWN),
        met=sum(row.state == Status.MET for row in criteria),
    )
