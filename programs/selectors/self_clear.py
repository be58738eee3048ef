"""The page on which a runner says herself that she was seen: whether she may, and where she restarts."""

import datetime
from dataclasses import dataclass

from programs.engine.calendar import local_date
from programs.models import DiaryEntry, Enrolment
from programs.said import said
from programs.selectors.library import Question, red_flag_questions
from programs.selectors.pause import Helper, helpers_among
from programs.snapshots import programme_of
from programs.way_back import Wait, counts_since, looked_after, wait_of


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
    """None while nothing is paused; at most five queries."""
    if not enrolment.is_paused:
        return None
    zone, programme = enrolment.runner.zone, programme_of(enrolment.version)
    consents = looked_after(enrolment, now)
    still_open = DiaryEntry.objects.filter(enrolment=enrolment, date__gt=enrolment.decided_through)
    return SelfClearPage(
        today=local_date(now, zone),
        since=counts_since(enrolment),
        restarts_at=said(programme.stages[programme.floor].title),
        helpers=helpers_among(consents, enrolment, now),
        wait=wait_of(enrolment, now, consents),
        has_open_flag=any(still_open.values_list("red_flags", flat=True)),
        questions=red_flag_questions(getattr(enrolment, "library_edition", None)),
    )
