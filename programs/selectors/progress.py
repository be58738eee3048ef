"""The progress page: the chart, the weeks, and what changed and why."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from programs.models import Enrolment
from programs.selectors.evidence import sources_by_key
from programs.selectors.ledger import LedgerPage, ledger_page
from programs.selectors.pain_chart import PainChart, pain_chart
from programs.selectors.progress_rows import progress_rows
from programs.selectors.week_counts import WeeksChart, weeks_chart

#: What ?range= may say, in how many days, None for all, and in words.
RANGES = {"4-weeks": (28, _("4 weeks")), "12-weeks": (84, _("12 weeks")), "all": (None, _("Everything"))}
USUAL_RANGE = "4-weeks"


@dataclass(frozen=True, slots=True)
class Asked:
    """Of how long the charts are, which decisions are listed, and on which page."""

    range: str = USUAL_RANGE
    every_day: bool = False
    page: int = 1

    @property
    def days(self) -> int | None:
        return RANGES[self.range][0]

    @property
    def ranges(self) -> list[tuple[str, str]]:
        return [(key, words) for key, (_days, words) in RANGES.items()]


@dataclass(frozen=True, slots=True)
class ProgressPage:
    chart: PainChart
    weeks: WeeksChart
    ledger: LedgerPage


def progress_page(
    enrolment: Enrolment, *, today: datetime.date, asked: Asked, with_inputs: bool = False
) -> ProgressPage:
    """Four queries, however long the history; one more for the library where its edition is not known.

    ``with_inputs``: each decision with all that it was made of, for the physiotherapist.
    """
    rows = progress_rows(enrolment, today, asked.days, every_day=asked.every_day)
    sources = sources_by_key(getattr(enrolment, "library_edition", None))
    ledger = ledger_page(
        rows,
        every_day=asked.every_day,
        number=asked.page,
        sources=sources,
        with_inputs=with_inputs,
    )
    return ProgressPage(chart=pain_chart(rows), weeks=weeks_chart(rows), ledger=ledger)
