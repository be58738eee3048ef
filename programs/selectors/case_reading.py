"""All that is read of the runners of a caseload beside their enrolments: one query, hardly ever two."""

import datetime
from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import DateField, Exists, OuterRef, Q, QuerySet

from accounts.among import Among, given_ids
from accounts.statements import Given, Statement
from programs.models import Adjustment, AdjustmentKind, Enrolment
from programs.selectors.act_rows import acts_of, with_who_made_it
from programs.selectors.case_ledger import ledger_since, ledger_texts
from programs.selectors.case_older import read_older
from programs.selectors.case_rows import diary_texts, given_of, windows_of
from programs.selectors.case_texts import grouped, texts_of, together

#: Enrolment id -> her date.
Dates = dict[int, datetime.date]


class CaseRows(NamedTuple):
    """All that was read of one runner, as it was read: equal where nothing has changed.

    ``since`` is the first day of her window, as an ordinal; ``texts`` are which rows, and their text.
    """

    since: int
    texts: tuple[tuple[str, str], ...]

    @property
    def length(self) -> int:
        """Letters of the longest, which is the first: the days of whoever has any."""
        return len(self.texts[0][1]) if self.texts else 0


def read_cases(enrolments: list[Enrolment], dates: Dates) -> dict[int, CaseRows]:
    """Enrolment id -> what triage, the outlook and a row need of her. Two queries at most."""
    windows = windows_of(enrolments)
    rows = _everything.rows(ids=windows, **given_of(windows), **_given(enrolments, dates))
    texts = texts_of(windows, rows)
    for pk, older in read_older(enrolments, windows, texts).items():
        texts[pk] |= older
    return {pk: CaseRows(windows[pk], tuple(of_her.items())) for pk, of_her in texts.items()}


def read_acts(enrolments: list[Enrolment], dates: Dates) -> dict[int, CaseRows]:
    """The same without the diary (one query)."""
    texts = texts_of(dates, _acts.rows(ids=dates, **_given(enrolments, dates)))
    return {pk: CaseRows(0, tuple(of_her.items())) for pk, of_her in texts.items()}


def _given(enrolments: list[Enrolment], dates: Dates) -> dict[str, object]:
    """What the texts of the ledger are asked with; ``since`` is of the earliest of their dates."""
    paused = [e.pk for e in enrolments if e.is_paused]
    return {"since": ledger_since(min(dates.values())), "paused": paused, "latest": max(dates.values())}


@Statement
def _everything() -> QuerySet:
    return together(*diary_texts(), *ledger_texts(), _due())


@Statement
def _acts() -> QuerySet:
    return together(*ledger_texts(), _due())


def _due() -> QuerySet:
    """Changed exercises whose review date has come, each as it was changed last."""
    same = Adjustment.objects.filter(enrolment=OuterRef("enrolment"), exercise=OuterRef("exercise"))
    later = Q(made_at__gt=OuterRef("made_at")) | Q(made_at=OuterRef("made_at"), pk__gt=OuterRef("pk"))
    due = Adjustment.objects.filter(
        ~Exists(same.filter(later)),
        Among("enrolment", given_ids()),
        review_on__lte=Given("latest", DateField()),
    )
    return grouped(due.exclude(kind=AdjustmentKind.RESTORE), with_who_made_it(Adjustment), "due")


def due_first(texts: Mapping[str, str]) -> Adjustment | None:
    """Of the changed exercises the one that is due for review first."""
    acts = acts_of(Adjustment, texts.get("due", ""))
    return min(acts, key=lambda act: (act.review_on, act.pk), default=None)
