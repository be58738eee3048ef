"""Who moved on in the last week: a list of its own beside the caseload."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from programs.engine.values import Outcome
from programs.selectors.caseload_row import address
from programs.selectors.cases import Case
from programs.selectors.phrases import day_words

GOOD_NEWS_DAYS = 7


@dataclass(frozen=True, slots=True)
class GoodNews:
    runner_id: int
    public_id: uuid.UUID
    url: str
    name: str
    stage: str
    when: str
    #: Where to and when, as one text.
    moved: str
    date: datetime.date


def good_news_of(case: Case) -> GoodNews | None:
    """Of a runner who moved on in the last week and is not paused since."""
    since = case.today - datetime.timedelta(days=GOOD_NEWS_DAYS)
    line = next((n for n in case.lines if n.decision == Outcome.ADVANCE and n.date >= since), None)
    if line is None or case.enrolment.stage != line.stage_after or case.enrolment.is_paused:
        return None
    when = day_words(line.date, case.today)
    return GoodNews(
        runner_id=case.enrolment.runner_id,
        public_id=case.enrolment.public_id,
        url=address("runner", case.enrolment.public_id),
        name=str(case.enrolment.runner),
        stage=case.stage_title,
        when=when,
        moved=_("%(stage)s, %(when)s") % {"stage": case.stage_title, "when": when},
        date=line.date,
    )


def in_order(found: Iterable[GoodNews | None]) -> tuple[GoodNews, ...]:
    """The newest first."""
    news = (one for one in found if one is not None)
    return tuple(sorted(news, key=lambda one: (-one.date.toordinal(), one.name.casefold())))
