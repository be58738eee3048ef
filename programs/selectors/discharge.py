"""What the page of a discharge shows before the programme ends."""

import datetime
from dataclasses import dataclass

from programs.engine.calendar import local_date
from programs.engine.values import DONE_SOMETHING, PRESSING
from programs.models import DiaryEntry, Enrolment
from programs.presentation import REFERS, Tag
from programs.said import said


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a programme came; ``days`` with the first one."""

    programme: str
    stage: str
    number: int
    count: int
    days: int
    sessions: int


@dataclass(frozen=True, slots=True)
class DischargePage:
    is_active: bool
    is_pressing: bool
    refer: Tag | None
    reached: Reached


def discharge_page(*, enrolment: Enrolment, now: datetime.datetime) -> DischargePage:
    """``enrolment`` comes with runner and version (one query)."""
    return DischargePage(
        is_active=enrolment.is_active,
        is_pressing=enrolment.refer in PRESSING,
        refer=REFERS[enrolment.refer] if enrolment.is_paused else None,
        reached=reached_by(enrolment, local_date(now, enrolment.runner.zone)),
    )


def reached_by(enrolment: Enrolment, last: datetime.date) -> Reached:
    """As it stood on the last day (one query)."""
    version = enrolment.version
    keys = list(version.stage_documents)
    done = DiaryEntry.objects.filter(enrolment=enrolment, date__lte=last, session__in=DONE_SOMETHING)
    return Reached(
        programme=said(version.document["title"]),
        stage=said(version.stage_title(enrolment.stage)),
        number=keys.index(enrolment.stage) + 1,
        count=len(keys),
        days=max((last - enrolment.started_on).days + 1, 1),
        sessions=done.count(),
    )
