"""Flares, notes and pictures of lives that were really lived through."""

import datetime
import uuid

import pytest
from django.core.management import call_command
from django.template.loader import render_to_string
from django.utils import timezone

from programs.engine.calendar import local_date
from programs.engine.facts import Facts
from programs.engine.records import snapshot_from_json
from programs.models import Decision, Enrolment
from programs.selectors.pain_chart import pain_chart
from programs.selectors.progress_rows import progress_rows
from programs.services.demo.seed import seed_demo
from programs.services.diary import EntryValues
from programs.services.notes import NoteValues, add_note, withdraw_note
from programs.snapshots import programmes_of
from tests.builders import COMFORTABLE, QUIET, an_enrolment, an_entry, live, reloaded
from tests.unit.test_chart_equality import check_days

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)
TODAY = NOON.date()


@pytest.fixture
def demonstration() -> datetime.datetime:
    call_command("load_library", verbosity=0)
    now = timezone.now()
    seed_demo(now=now)
    return now


def test_pictures_and_flares_of_the_demonstration_are_right_for_everybody_in_it(demonstration):
    """One test, because the demonstration takes seconds to live through."""
    flares = engine_flares()
    drawn, of_closed_days = set(), set()
    for enrolment in Enrolment.objects.select_related("runner", "version"):
        today = local_date(demonstration, enrolment.runner.zone)
        for days in (28, 84, None):
            rows = progress_rows(enrolment, today, days)
            html = render_to_string("programs/charts/pain_chart.html", {"chart": pain_chart(rows)})
            check_days(rows, html)
        found = {(enrolment.pk, date) for date in rows.flares()}
        drawn |= found
        of_closed_days |= {(pk, date) for pk, date in found if date <= enrolment.decided_through}
    assert of_closed_days <= flares <= drawn
    assert flares


def engine_flares() -> set[tuple[int, datetime.date]]:
    """Days of which the engine itself says that waking was clearly worse, from what it decided on."""
    rows = Decision.objects.in_force()
    programmes = programmes_of({row.version_id for row in rows})
    return {
        (row.enrolment_id, row.date)
        for row in rows
        if Facts(snapshot_from_json(row.inputs, programmes[row.version_id])).flare_today
    }


def test_a_usual_that_fell_later_makes_no_flare_of_an_earlier_morning():
    sore = EntryValues(morning=3, rest=2, session="done", during=1, after=1)
    enrolment = live(an_enrolment(days_ago=9, now=NOON, baseline_morning=3), sore, sore, *[COMFORTABLE] * 6)
    assert enrolment.baseline_morning == 1
    rows = progress_rows(enrolment, TODAY, None)
    assert rows.flares() == set()


def test_a_note_of_a_flare_is_drawn_until_it_is_replaced_or_withdrawn():
    enrolment = live(an_enrolment(days_ago=2, now=NOON), QUIET, QUIET)
    an_entry(enrolment, TODAY, now=NOON, rest=2, morning=1, session="none")

    def note(score: int, occasion: str = "flare", **more) -> uuid.UUID:
        key = uuid.uuid4()
        values = NoteValues(key=key, occasion=occasion, site="back", score=score, **more)
        runner = enrolment.runner
        add_note(enrolment=reloaded(enrolment), by=runner, now=NOON, date=TODAY, values=values)
        return key

    def drawn() -> tuple[int, ...]:
        return progress_rows(reloaded(enrolment), TODAY, None).said[TODAY].notes

    first = note(6)
    note(3, "rest")
    assert drawn() == (6,)
    second = note(4, replaces=first)
    assert drawn() == (4,)
    third = note(5)
    assert sorted(drawn()) == [4, 5]
    rows = progress_rows(reloaded(enrolment), TODAY, None)
    html = render_to_string("programs/charts/pain_chart.html", {"chart": pain_chart(rows)})
    assert f'data-notes="{TODAY.isoformat()}:4 5"' in html
    assert "noted in a flare: 4, 5" in html
    for key in (second, third):
        withdraw_note(enrolment=reloaded(enrolment), by=enrolment.runner, now=NOON, key=key)
    assert drawn() == ()
