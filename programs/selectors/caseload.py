"""The caseload: every runner who let this physiotherapist in, the neediest first."""

import datetime
import uuid
from collections import Counter
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors.covers import Covering, covering
from programs.caseload_words import LEVELS, NEEDS
from programs.charts.sparkline import Sparkline, sparkline
from programs.engine.entry import NOTHING
from programs.engine.triage import Need, NeedCode, order_key
from programs.engine.values import Outcome, Refer
from programs.models import Enrolment
from programs.said import said
from programs.selectors.cases import Case, cases_of
from programs.selectors.needs import NeedWords, day_words, words_of
from programs.selectors.session_counts import counts, done_of_planned

WINDOW_DAYS = 14
GOOD_NEWS_DAYS = 7


@dataclass(frozen=True, slots=True)
class CaseRow:
    runner_id: int
    public_id: uuid.UUID
    name: str
    need: Need
    words: NeedWords
    stage_key: str
    stage: str
    stage_day: int
    spark: Sparkline
    done: int
    planned: int
    last_entry: str
    refer: str
    hold_until: datetime.date | None
    is_set_aside: bool
    #: For whom she covers; None for a runner of her own.
    covering: Covering | None


@dataclass(frozen=True, slots=True)
class GoodNews:
    runner_id: int
    public_id: uuid.UUID
    name: str
    stage: str
    when: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a filter, with how many rows it would show."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class CaseloadPage:
    """``total`` counts everybody; ``rows`` are those that the filters let through."""

    rows: tuple[CaseRow, ...]
    total: int
    needs: tuple[Choice, ...]
    stages: tuple[Choice, ...]
    query: str
    good_news: tuple[GoodNews, ...]
    waiting: int

    @property
    def runner_ids(self) -> set[int]:
        """Everybody whom the page names: the audit has a row for each."""
        return {row.runner_id for row in (*self.rows, *self.good_news)}

    @property
    def is_filtered(self) -> bool:
        return bool(self.query) or any(choice.is_chosen for choice in (*self.needs, *self.stages))


def caseload_page(
    *, clinician: User, now: datetime.datetime, query: str = "", need: str = "", stage: str = ""
) -> CaseloadPage:
    """All rows in order of need; the same number of queries for one runner and for 200."""
    mine = Enrolment.objects.active().on_caseload_of(clinician, now).select_related("runner")
    cases = cases_of(list(mine.order_by("pk")), now)
    covers = covering(clinician=clinician, now=now)
    unsorted = (_row(case, clinician, covers.get(case.enrolment.runner_id)) for case in cases)
    rows = sorted(unsorted, key=lambda row: order_key(row.need, row.name))
    titles = {row.stage_key: row.stage for row in rows}
    return CaseloadPage(
        rows=tuple(row for row in rows if _passes(row, query.strip(), need, stage)),
        total=len(rows),
        needs=_needs(rows, need),
        stages=_stages(rows, titles, stage),
        query=query.strip(),
        good_news=_good_news(cases),
        waiting=sum(row.need.code in (NeedCode.EMERGENCY, NeedCode.URGENT, NeedCode.PAUSED) for row in rows),
    )


def _row(case: Case, clinician: User, covered: Covering | None) -> CaseRow:
    enrolment = case.enrolment
    done, planned = adherence(case)
    held = enrolment.hold_until if enrolment.hold_until and enrolment.hold_until >= case.today else None
    return CaseRow(
        runner_id=enrolment.runner_id,
        public_id=enrolment.public_id,
        name=str(enrolment.runner),
        need=case.need,
        words=words_of(case, by=clinician),
        stage_key=enrolment.stage,
        stage=case.stage_title,
        stage_day=case.stage_day,
        spark=_spark(case),
        done=done,
        planned=planned,
        last_entry=last_entry_words(case),
        refer=_level(case),
        hold_until=held,
        is_set_aside=enrolment.failures > 0,
        covering=covered,
    )


def _level(case: Case) -> str:
    """The open referral: of the pause, or routine where a visit was only advised."""
    if case.facts.advised_since is not None and not case.enrolment.is_paused:
        return LEVELS[Refer.ROUTINE]
    return LEVELS.get(case.enrolment.refer, "")


def _spark(case: Case) -> Sparkline:
    spark = sparkline([_entry(case, back).rest for back in reversed(range(WINDOW_DAYS))])
    return replace(spark, words=said(spark.words))


def _entry(case: Case, days_back: int):
    return case.history.entries.get(case.today.toordinal() - days_back, NOTHING)


def adherence(case: Case) -> tuple[int, int]:
    """Sessions done of those planned in the last 14 days."""
    entries = [_entry(case, back) for back in range(WINDOW_DAYS)]
    days = [(entry.session, entry.planned) for entry in entries]
    return done_of_planned(day for back, day in enumerate(days) if counts(day, is_today=back == 0))


def last_entry_words(case: Case) -> str:
    logged = [day for day, entry in case.history.entries.items() if entry.logged]
    if not logged:
        return _("no entry yet")
    return day_words(datetime.date.fromordinal(max(logged)), case.today)


def _passes(row: CaseRow, query: str, need: str, stage: str) -> bool:
    if query and query.casefold() not in row.name.casefold():
        return False
    if need in RANKED and row.need.code != need:
        return False
    return not stage or row.stage_key == stage


RANKED = tuple(code.value for code in NeedCode)


def _needs(rows: list[CaseRow], chosen: str) -> tuple[Choice, ...]:
    counts = Counter(row.need.code for row in rows)
    return tuple(
        Choice(code.value, NEEDS[code].label, counts[code], code == chosen)
        for code in NeedCode
        if counts[code] or code == chosen
    )


def _stages(rows: list[CaseRow], titles: dict[str, str], chosen: str) -> tuple[Choice, ...]:
    counts = Counter(row.stage_key for row in rows)
    return tuple(Choice(key, titles[key], counts[key], key == chosen) for key in sorted(titles))


def _good_news(cases: list[Case]) -> tuple[GoodNews, ...]:
    """Who moved on in the last week and is not paused since, the newest first."""
    moved = []
    for case in cases:
        since = case.today - datetime.timedelta(days=GOOD_NEWS_DAYS)
        line = next((n for n in case.lines if n.decision == Outcome.ADVANCE and n.date >= since), None)
        stays = line and case.enrolment.stage == line.stage_after
        if stays and not case.enrolment.is_paused:
            moved.append((line.date, case))
    moved.sort(key=lambda pair: (-pair[0].toordinal(), str(pair[1].enrolment.runner).casefold()))
    return tuple(
        GoodNews(
            runner_id=case.enrolment.runner_id,
            public_id=case.enrolment.public_id,
            name=str(case.enrolment.runner),
            stage=case.stage_title,
            when=day_words(date, case.today),
        )
        for date, case in moved
    )
