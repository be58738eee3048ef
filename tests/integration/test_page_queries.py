"""No page of a runner takes more than eight queries, whatever its state and however long the diary."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programs.models import Decision, DiaryEntry, Enrolment, PainNote, PlannedSession
from tests.builders import an_enrolment, live, reloaded, the_library
from tests.integration.test_runner_pages import COMFORTABLE, QUIET
from tests.support.people import a_clinician, signed_in

pytestmark = pytest.mark.django_db
MOST = 8
PAGES = (
    "today",
    "week",
    "check_in",
    "progress",
    "why",
    "programme",
    "programmes",
    "exercises",
    "self_care",
    "settings",
    "something_wrong",
    "paused",
    "measures",
    "account",
    "access",
    "records",
    "my_data",
)


def counts(client: Client, pages: tuple[str, ...] = PAGES) -> dict[str, int]:
    """Page -> queries, once everything that a process keeps is there."""
    found = {}
    addresses = {name: reverse(name) for name in pages} | {"player": reverse("player", args=[1])}
    for name, address in addresses.items():
        client.get(address)
        with CaptureQueriesContext(connection) as counted:
            assert client.get(address).status_code in (200, 302), name
        found[name] = len(counted)
    return found


def lived(days: int, **more) -> Enrolment:
    """A runner of so many days: entries, decisions and notes as rows, the last ones through the services."""
    the_library()
    enrolment = an_enrolment(days_ago=days, stage="S3_run1_walk4", **more)
    last = enrolment.open_date + datetime.timedelta(days=days - 5)
    copied = []
    for day in range(max(days - 5, 0)):
        date = enrolment.open_date + datetime.timedelta(days=day)
        copied.append(_row(enrolment, date, "done" if day % 2 else "none"))
    DiaryEntry.objects.bulk_create(copied)
    Enrolment.objects.filter(pk=enrolment.pk).update(
        decided_through=last - datetime.timedelta(days=1),
        closes_at=enrolment.closes_at + datetime.timedelta(days=max(days - 5, 0)),
    )
    live(reloaded(enrolment), QUIET, COMFORTABLE, None, QUIET)
    _ledger(enrolment, copied)
    return reloaded(enrolment)


def _row(enrolment: Enrolment, date: datetime.date, session: str) -> DiaryEntry:
    return DiaryEntry(
        enrolment=enrolment,
        date=date,
        rest=2,
        morning=1,
        session=session,
        stage_shown="S3_run1_walk4",
        recorded_at=enrolment.created_at,
        recorded_by=enrolment.runner,
    )


def _ledger(enrolment: Enrolment, entries: list[DiaryEntry]) -> None:
    like = Decision.objects.filter(enrolment=enrolment).first()
    rows = []
    for entry in entries:
        row = Decision.objects.get(pk=like.pk)
        row.pk, row.date, row.takes_effect_on = None, entry.date, entry.date
        row._state.adding = True
        rows.append(row)
    Decision.objects.bulk_create(rows)
    PlannedSession.objects.bulk_create(
        [PlannedSession(enrolment=enrolment, date=entry.date, stage="S3_run1_walk4") for entry in entries],
        ignore_conflicts=True,
    )
    newest = DiaryEntry.objects.filter(enrolment=enrolment).latest("date")
    PainNote.objects.create(
        entry=newest,
        key=uuid.uuid4(),
        noted_at=enrolment.created_at,
        occasion="flare",
        site="back",
        score=3,
        recorded_at=enrolment.created_at,
        recorded_by=enrolment.runner,
    )


def test_no_page_takes_more_than_eight_queries_and_the_same_for_5_and_for_500_days(record_property):
    short, long = (counts(signed_in(lived(days).runner)) for days in (5, 500))
    assert short == long
    assert {name: count for name, count in long.items() if count > MOST} == {}
    record_property("runner pages with at most eight queries", len(long))


def test_no_page_of_a_runner_who_clears_herself_takes_more_than_eight_queries():
    enrolment = lived(8)
    client = signed_in(enrolment.runner)
    client.post(reverse("something_wrong"), {"red_flags": ["FEVER_UNWELL"]})
    found = counts(client, ("self_clear", "paused", "today"))
    live(reloaded(enrolment), QUIET)
    assert {
        name: count for name, count in (found | counts(client, ("self_clear",))).items() if count > MOST
    } == {}


def test_no_page_of_a_paused_runner_takes_more_than_eight_queries():
    enrolment = lived(8, clinician=a_clinician())
    client = signed_in(enrolment.runner)
    client.post(reverse("something_wrong"), {"red_flags": ["FEVER_UNWELL"]})
    assert reloaded(enrolment).is_paused
    assert {name: count for name, count in counts(client).items() if count > MOST} == {}
