"""Progress after 5 and after 500 days: the same number of queries, and pages of bounded weight."""

import datetime
import gzip

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.services import grant_consent
from programs.models import Decision, DiaryEntry, Enrolment, PlannedSession
from tests.builders import COMFORTABLE, an_enrolment, live, reloaded, the_library
from tests.support.people import a_clinician, a_runner, signed_in
from tests.support.pictures import pictures, table
from tests.unit.test_chart_equality import check_weeks

pytestmark = pytest.mark.django_db

MOST_QUERIES = 8
DAY = datetime.timedelta(days=1)
#: Bytes of a page as it travels; the usual range has to stay well below.
HEAVIEST, USUALLY = 60_000, 25_000
#: How the days of a long history go by, with gaps.
SESSIONS = ("done", "none", "partial", "none", "done", "stopped_pain", None)


def a_history(days: int, email: str = "long@example.org") -> Enrolment:
    """A diary, sessions and a ledger of so many days up to yesterday, written at once."""
    enrolment = live(an_enrolment(a_runner(email), days_ago=days), COMFORTABLE)
    (decided,) = enrolment.decisions.all()
    (entry,) = enrolment.entries.all()
    dates = [enrolment.started_on + DAY * n for n in range(1, days)]
    DiaryEntry.objects.bulk_create(_entry(entry, date, n) for n, date in enumerate(dates) if SESSIONS[n % 7])
    rows = [_decision(decided, date) for date in dates]
    Decision.objects.bulk_create(rows)
    planned = PlannedSession.objects.filter(enrolment=enrolment).values_list("date", flat=True)
    PlannedSession.objects.bulk_create(
        PlannedSession(enrolment=enrolment, date=date, stage=enrolment.stage)
        for date in set(dates[::2]) - set(planned)
    )
    Enrolment.objects.filter(pk=enrolment.pk).update(
        decided_through=dates[-1], closes_at=timezone.now() + DAY, stage="S3_run1_walk4"
    )
    return reloaded(enrolment)


def _entry(first: DiaryEntry, date: datetime.date, n: int) -> DiaryEntry:
    session = SESSIONS[n % 7]
    score = n % 4 if session != "none" else None
    return DiaryEntry(
        enrolment=first.enrolment,
        date=date,
        rest=n % 3,
        morning=n % 5 or None,
        session=session,
        during=score,
        after=score,
        stage_shown="S3_run1_walk4",
        recorded_at=first.recorded_at,
        recorded_by=first.recorded_by,
    )


def _decision(first: Decision, date: datetime.date) -> Decision:
    """Alternately a step forwards and back, so that every week has its marks."""
    columns = {f.attname: getattr(first, f.attname) for f in Decision._meta.concrete_fields if f.name != "id"}
    up = date.day % 6 == 0
    moved = {"decision": "advance", "stage_change": 1} if up else {}
    if date.day % 6 == 3:
        moved = {"decision": "step_back", "stage_change": -1}
    stages = ("S3_run1_walk4", "S2_core")
    before, after = stages[:: 1 if not up else -1] if moved else (stages[0], stages[0])
    return Decision(
        **columns
        | moved
        | {"date": date, "takes_effect_on": date + DAY, "has_rest_score": True}
        | {"stage_before": before, "stage_after": after}
    )


def asked(client, address: str):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200
    return len(queries), len(gzip.compress(response.content)), response.content.decode()


@pytest.mark.parametrize(
    "query", ["", "?range=12-weeks", "?range=all", "?show=every-day", "?show=every-day&page=9"]
)
def test_progress_takes_as_many_queries_and_little_more_weight_after_500_days(query, record_property):
    the_library()
    found = {}
    for days in (5, 500):
        client = signed_in(a_history(days, f"runner{days}@example.org").runner)
        found[days] = asked(client, reverse("progress") + query)
    assert found[5][0] == found[500][0] <= MOST_QUERIES
    assert found[500][1] < (HEAVIEST if "all" in query else USUALLY)
    record_property(f"progress{query}: bytes compressed after 500 days", found[500][1])


def test_the_reasons_take_as_many_queries_after_500_days():
    the_library()
    counts = {
        asked(signed_in(a_history(days, f"r{days}@example.org").runner), reverse("why"))[0]
        for days in (5, 500)
    }
    assert len(counts) == 1
    assert max(counts) <= MOST_QUERIES


def test_the_runners_page_of_her_physiotherapist_takes_as_many_queries_after_500_days():
    the_library()
    petra = a_clinician()
    counts = []
    for days in (5, 500):
        enrolment = a_history(days, f"r{days}@example.org")
        grant_consent(runner=enrolment.runner, clinician=petra, now=timezone.now())
        count, weight, _html = asked(signed_in(petra), reverse("runner", args=[enrolment.public_id]))
        counts.append(count)
        assert weight < HEAVIEST
    assert counts[0] == counts[1]


def test_500_days_are_drawn_by_week_and_equal_their_table():
    enrolment = a_history(500)
    _count, _weight, html = asked(signed_in(enrolment.runner), reverse("progress") + "?range=all")
    assert "each week is drawn as one" in html
    assert table(html, "weeks-table").keys() == table(html, "week-table").keys()
    assert len(table(html, "weeks-table")) in (72, 73)
    assert len(pictures(html, "pain-svg weeks")) == 2
    check_weeks(html)
