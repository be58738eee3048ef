"""Texts of many enrolments out of several tables, in one query: whose, which rows, and they as one text.

Each asking costs this process and the server as much as reading a few dozen rows; for the seven
tables of a caseload one asking is enough.
"""

from collections.abc import Iterable

from django.db.models import Aggregate, CharField, Func, QuerySet, Value

from accounts.lines import BETWEEN_ROWS, Lines

#: Enrolment id -> which rows -> their text; nothing where there are none.
Texts = dict[int, dict[str, str]]


def grouped(rows: QuerySet, line: Func, which: str, enrolment: str = "enrolment_id") -> QuerySet:
    """The rows of each enrolment, in no order."""
    return one_each(rows.order_by().values(enrolment), Lines(line), which, enrolment)


def one_each(rows: QuerySet, text: Func | Aggregate, which: str, enrolment: str = "enrolment_id") -> QuerySet:
    """Where there is one row, or one group, of each enrolment."""
    rows = rows.annotate(which=Value(which, CharField()), text=text)
    return rows.values_list(enrolment, "which", "text")


def together(*queries: QuerySet) -> QuerySet:
    first, *others = queries
    return first.union(*others, all=True)


def texts_of(ids: Iterable[int], rows: Iterable[tuple[int, str, str | None]]) -> Texts:
    """What such a query gave, for every one of ``ids``; the same sort may come in two parts."""
    found: Texts = {pk: {} for pk in ids}
    for pk, which, text in rows:
        if text is None:
            continue
        of_her = found[pk]
        of_her[which] = f"{of_her[which]}{BETWEEN_ROWS}{text}" if which in of_her else text
    return found
