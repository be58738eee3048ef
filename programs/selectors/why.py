"""Why a runner is at her stage: every criterion with its source, and the latest decisions."""

import datetime
from dataclasses import dataclass

from programs.engine.decide import decide
from programs.models import Enrolment
from programs.presentation import DECISIONS, Tag
from programs.selectors.criteria import CriterionRow, criterion_rows
from programs.selectors.decisions import DecisionRow, newest_decisions
from programs.selectors.library import source_titles
from programs.selectors.reading import read

SHOWN = 14


@dataclass(frozen=True, slots=True)
class WhyPage:
    stage: str
    programme: str
    version: int
    date: datetime.date
    is_logged: bool
    tag: Tag
    reason: str
    criteria: tuple[CriterionRow, ...]
    decisions: tuple[DecisionRow, ...]
    met: int


def why_page(*, enrolment: Enrolment, now: datetime.datetime) -> WhyPage:
    """Criteria as they stand with today's entries so far."""
    reading = read(enrolment, now)
    outlook = decide(reading.snapshot)
    version = enrolment.version
    criteria = criterion_rows(outlook.criteria, version, enrolment.stage, source_titles())
    return WhyPage(
        stage=version.stage_title(enrolment.stage),
        programme=version.document["title"],
        version=version.number,
        date=reading.today,
        is_logged=not reading.entry(reading.today).missing,
        tag=DECISIONS[outlook.outcome],
        reason=outlook.reason,
        criteria=criteria,
        decisions=newest_decisions(enrolment, SHOWN),
        met=sum(row.state == "met" for row in criteria),
    )
