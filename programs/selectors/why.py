"""Why a runner is at her stage: every criterion with its numbers and source, as things stand."""

import datetime
from dataclasses import dataclass

from programs.engine.criteria import Status
from programs.models import Enrolment
from programs.presentation import DECISIONS, Tag
from programs.said import said
from programs.selectors.criteria import CriterionRow, criterion_rows
from programs.selectors.day_words import weekday_month
from programs.selectors.evidence import sources_by_key
from programs.selectors.reading import read
from programs.selectors.sign_off import SignOff, newest_of, sign_off_of


@dataclass(frozen=True, slots=True)
class WhyPage:
    """``date`` is the open day. Without a ``tag`` it has not begun, and its outcome is nobody's guess."""

    stage: str
    programme: str
    version: int
    date: datetime.date
    day: str
    is_today: bool
    is_logged: bool
    tag: Tag | None
    reason: str
    criteria: tuple[CriterionRow, ...]
    met: int
    sign_off: SignOff | None


def why_page(*, enrolment: Enrolment, now: datetime.datetime) -> WhyPage:
    """Criteria as they stand on the open day, which is yesterday until that is closed."""
    reading = read(enrolment, now)
    outlook = reading.decide_open_day()
    version, date = enrolment.version, enrolment.open_date
    has_begun = date <= reading.today
    sources = sources_by_key(getattr(enrolment, "library_edition", None))
    criteria = criterion_rows(outlook.criteria, version, enrolment.stage, sources)
    return WhyPage(
        stage=said(version.stage_title(enrolment.stage)),
        programme=said(version.document["title"]),
        version=version.number,
        date=date,
        day=weekday_month(date),
        is_today=date == reading.today,
        is_logged=not reading.entry(date).missing,
        tag=DECISIONS[outlook.outcome] if has_begun else None,
        reason=said(outlook.reason) if has_begun else "",
        criteria=criteria,
        met=sum(row.state == Status.MET for row in criteria),
        sign_off=sign_off_of(reading, newest_of(enrolment, now)),
    )
