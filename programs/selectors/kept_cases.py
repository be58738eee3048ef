"""Rows of the list, kept by what was read of each runner: an unchanged runner costs one look-up.

A case and its row follow from what was read, the runner's date, and who reads in which
language. All of that is the key, to the letter. Everything is read anew for every page.
"""

import datetime
from typing import NamedTuple

from django.utils.translation import get_language

from accounts.kept import Kept
from accounts.models import User
from accounts.selectors.covers import Covering
from programs.engine.programme import Programme
from programs.engine.triage import order_key
from programs.models import Enrolment
from programs.selectors.case_ledger import LedgerLine
from programs.selectors.case_reading import CaseRows, read_cases
from programs.selectors.caseload_row import CaseRow, case_row
from programs.selectors.cases import Case, case_of, dates_of, programmes_known
from programs.selectors.good_news import GoodNews, good_news_of
from programs.selectors.since import changes_of

#: Of so many runners at once in one process; about ten kilobytes each.
MOST = 2000
#: Letters of the days of one runner; whoever has more is worked out every time.
LONGEST = 10_000
_kept = Kept(MOST)


class Shown(NamedTuple):
    """One runner with all that the page says of her, and where she stands on it."""

    case: Case
    row: CaseRow
    order: tuple
    moved_on: GoodNews | None
    #: What a page tells of her that was decided since somebody last looked.
    changes: tuple[LedgerLine, ...]


def shown_of(
    enrolments: list[Enrolment],
    reader: User,
    covers: dict[int, Covering],
    now: datetime.datetime,
    silent_from: int,
) -> list[Shown]:
    """Each runner as the list shows her, of ``caseload_query.enrolments_for``. At most three queries."""
    if not enrolments:
        return []
    programmes, dates = programmes_known(enrolments), dates_of(enrolments, now)
    read = read_cases(enrolments, dates)
    of_reader = (reader.pk, str(reader), reader.time_zone, get_language(), silent_from)
    found = []
    for enrolment in enrolments:
        pk = enrolment.id
        rows, programme, covered = read[pk], programmes.get(pk), covers.get(enrolment.runner_id)
        given = (enrolment, programme, rows, dates[pk], silent_from, reader, covered)
        if programme is None or rows.length >= LONGEST:
            found.append(_made(*given))
            continue
        # The enrolment is one object for as long as its row is the same; what is kept holds it fast.
        key = (id(enrolment), dates[pk], covered, rows, of_reader)
        found.append(_kept.of(key, _made, *given))
    return found


def _made(
    enrolment: Enrolment,
    programme: Programme | None,
    rows: CaseRows,
    today: datetime.date,
    silent_from: int,
    reader: User,
    covered: Covering | None,
) -> Shown:
    case = case_of(enrolment, programme, rows, today, silent_from)
    row = case_row(case, reader, covered)
    order = order_key(row.need, row.name, row.number)
    return Shown(case, row, order, good_news_of(case), changes_of(case))
