"""The caseload: every runner who let this physiotherapist in, the neediest first."""

import datetime
from dataclasses import dataclass
from operator import attrgetter

from accounts.models import User
from accounts.selectors.covers import covering
from programs.engine.triage import NeedCode
from programs.selectors.caseload_filters import Asked, Filters, filters_of, passes
from programs.selectors.caseload_query import View, enrolments_for, reader_of
from programs.selectors.caseload_row import CaseRow, adherence, last_entry_words
from programs.selectors.ended_runners import EndedRow, ended_named, unread_after_end
from programs.selectors.good_news import GoodNews, in_order
from programs.selectors.kept_cases import shown_of
from programs.selectors.lagging import Lag, lag_of
from programs.selectors.since import Since, since_last_look

__all__ = ["CaseloadPage", "adherence", "caseload_page", "last_entry_words"]

FEW_ENDED = 10
ALL = Asked()
_WAITING = (NeedCode.EMERGENCY, NeedCode.URGENT, NeedCode.PAUSED)


@dataclass(frozen=True, slots=True)
class CaseloadPage:
    """``total`` counts everybody; ``rows`` and ``put_off`` are those that the filters let through.

    Everybody is in one of the two: whoever is put off stands at the end, not away.
    """

    rows: tuple[CaseRow, ...]
    put_off: tuple[CaseRow, ...]
    total: int
    filters: Filters
    good_news: tuple[GoodNews, ...]
    waiting: int
    since: Since
    #: Days that are over and not decided, of anybody on the list.
    lag: Lag | None
    views: tuple[View, ...]
    #: What came in after the end of a programme and is not read.
    ended_unread: tuple[EndedRow, ...]
    #: Ended programmes that fit where nobody active does; a few, the list has the others.
    ended_found: tuple[EndedRow, ...]

    @property
    def runner_ids(self) -> set[int]:
        """Everybody whom the page names: the audit has a row for each."""
        named = (*self.rows, *self.put_off, *self.good_news, *self.ended_unread, *self.ended_found)
        return {row.runner_id for row in named} | self.since.runner_ids

    @property
    def shown(self) -> int:
        return len(self.rows) + len(self.put_off)

    @property
    def may_write(self) -> bool:
        """Somebody is shown who may be written to together with others."""
        return any(row.may_be_chosen for row in (*self.rows, *self.put_off))

    @property
    def is_filtered(self) -> bool:
        return self.filters.asked.is_anything


def caseload_page(*, clinician: User, now: datetime.datetime, asked: Asked = ALL) -> CaseloadPage:
    """All rows in order of need; at most eight queries, as many for one runner as for 200.

    Where nobody fits, one more looks among programmes that have ended.
    """
    reader = reader_of(clinician)
    covers = covering(clinician=clinician, now=now)
    runners = shown_of(enrolments_for(clinician, now), clinician, covers, now, reader.silent_from)
    rows = [runner.row for runner in sorted(runners, key=attrgetter("order"))]
    passing = [row for row in rows if passes(row, asked)]
    return CaseloadPage(
        rows=tuple(row for row in passing if row.put_off is None),
        put_off=tuple(row for row in passing if row.put_off is not None),
        total=len(rows),
        filters=filters_of(rows, asked),
        good_news=in_order(runner.moved_on for runner in runners),
        waiting=sum(row.need.code in _WAITING for row in rows),
        since=since_last_look(runners, reader.seen_through, now),
        lag=lag_of((runner.case.enrolment for runner in runners), now),
        views=reader.views,
        ended_unread=unread_after_end(clinician=clinician, now=now),
        ended_found=() if passing else _ended_found(clinician, now, asked, is_empty=not rows),
    )


def _ended_found(
    clinician: User, now: datetime.datetime, asked: Asked, *, is_empty: bool
) -> tuple[EndedRow, ...]:
    """By name, or whoever there is where nobody has a programme any more."""
    if not asked.query and not is_empty:
        return ()
    return ended_named(clinician=clinician, now=now, query=asked.query)[:FEW_ENDED]
