"""The page on which a runner says herself that she was seen: whether she may, and where she restarts."""

import datetime
from dataclasses import dataclass

from programs.engine.calendar import local_date
from programs.models import DiaryEntry, Enrolment
from programs.said import said
from programs.selectors.library import Question, red_flag_questions
from programs.selectors.pause import Helper, helpers_of
from programs.snapshots import programmes_of
from programs.way_back import Wait, counts_since, wait_of


@dataclass(frozen=True, slots=True)
class SelfClearPage:
    """``helpers`` are those to ask instead; a warning sign on a day that is not over makes her wait."""

    today: datetime.date
    since: datetime.date
    restarts_at: str
    helpers: tuple[Helper, ...]
    #: Who looked after her when it was paused, and how long she waits for them or for somebody else.
    wait: Wait | None
    has_open_flag: bool
    questions: tuple[Question, ...]


def self_clear_page(*, enrolment: Enrolment, now: datetime.datetime) -> SelfClearPage | None:
    """None while nothing is paused; at most nine queries."""
    if not enrolment.is_paused:
        return None
    zone = enrolment.runner.zone
    programme = programmes_of([enrolment.version_id])[enrolment.version_id]
    still_open = DiaryEntry.objects.filter(enrolment=enrolment, date__gt=enrolment.decided_through)
    return SelfClearPage(
        today=local_date(now, zone),
        since=counts_since(enrolment),
        restarts_at=said(programme.stages[programme.floor].title),
        helpers=helpers_of(enrolment, now),
        wait=wait_of(enrolment, now),
        has_open_flag=any(still_open.values_list("red_flags", flat=True)),
        questions=red_flag_questions(),
    )
