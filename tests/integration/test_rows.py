"""What a page reads of a long diary in one query is what a batch reads in four."""

import datetime
import random
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programs.models import DayChoice, DiaryEntry, PainNote, PlannedSession
from programs.rows import dates_of, entries_and_notes, entry_rows, note_rows
from programs.snapshots import histories_of, kept_entries, programme_of, snapshot_of
from tests.builders import an_enrolment
from tests.support.people import a_runner

pytestmark = pytest.mark.django_db
STAGES = ("S2_core", "S3_run1_walk4", "S4_run2_walk3")


def a_diary(enrolment, days: int, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311
    for back in range(days):
        if draw.random() < draw.choice((0.1, 0.6)):
            continue
        session = draw.choice(("done", "partial", "none", "skipped", None))
        DiaryEntry.objects.create(
            enrolment=enrolment,
            date=enrolment.open_date - datetime.timedelta(days=back),
            rest=draw.choice((None, 1, 2)),
            morning=draw.choice((None, 1, 4)),
            session=session,
            stage_shown=draw.choice(STAGES),
            recorded_at=enrolment.created_at,
            recorded_by=enrolment.runner,
        )


@pytest.mark.parametrize("seed", range(12))
def test_one_query_finds_what_the_batch_finds(seed):
    enrolment = an_enrolment(a_runner(), days_ago=90)
    other = an_enrolment(a_runner("other@example.org"), days_ago=90)
    a_diary(enrolment, 80, seed)
    a_diary(other, 80, seed + 100)
    since = enrolment.open_date - datetime.timedelta(days=21)
    alone = {row.pk for row in entry_rows([enrolment.pk], since)}
    together = {row.pk for row in entry_rows([enrolment.pk, other.pk], since) if row.enrolment == enrolment}
    assert together <= alone
    programme, day = programme_of(enrolment.version), enrolment.open_date.toordinal()
    one = histories_of([enrolment])[enrolment.pk]
    both = histories_of([enrolment, other])[enrolment.pk]
    snapshot = snapshot_of(enrolment, programme, one, enrolment.open_date)
    for entered in (day - 60, day - 10):
        state = type(snapshot.state)(stage=3, entered=entered, started=day - 90)
        kept = [kept_entries(history.entries, day, state, STAGES[1]) for history in (one, both)]
        assert kept[0] == kept[1] and kept[0]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("stood", [3, 40, 290])
def test_what_a_page_reads_of_her_as_she_stands_is_what_a_decision_is_made_of(seed, stood):
    """Also where she has stood on her step for most of a year, with few sessions."""
    enrolment = an_enrolment(a_runner(), days_ago=300)
    enrolment.stage = STAGES[seed % 3]
    enrolment.stage_entered_on = enrolment.open_date - datetime.timedelta(days=stood)
    a_diary(enrolment, 280, seed)
    recent = enrolment.open_date - datetime.timedelta(days=170 if seed % 2 else 25)
    DiaryEntry.objects.filter(enrolment=enrolment, date__gte=recent).exclude(session=None).delete()
    programme = programme_of(enrolment.version)
    whole, short = (
        histories_of([enrolment], days_back=30, as_it_stands=now)[enrolment.pk] for now in (False, True)
    )
    decided = [snapshot_of(enrolment, programme, one, enrolment.open_date) for one in (whole, short)]
    assert decided[0] == decided[1] and decided[0].entries
    assert short.rows.keys() <= whole.rows.keys()
    first = (enrolment.open_date - datetime.timedelta(days=60)).toordinal()
    assert [day for day in short.rows if day >= first] == [day for day in whole.rows if day >= first]


@pytest.mark.parametrize("days", [5, 400])
def test_a_history_of_one_takes_the_same_queries_however_long_it_is(days):
    enrolment = an_enrolment(a_runner(), days_ago=500)
    a_diary(enrolment, days, 1)
    with CaptureQueriesContext(connection) as counted:
        histories_of([enrolment])
    assert len(counted) == 3


def test_notes_come_with_their_rows():
    """Also two of a day, and one that withdraws another: the same in one query and in two."""
    enrolment = an_enrolment(a_runner(), days_ago=30)
    entry = DiaryEntry.objects.create(
        enrolment=enrolment,
        date=enrolment.open_date,
        rest=2,
        stage_shown=STAGES[0],
        recorded_at=enrolment.created_at,
        recorded_by=enrolment.runner,
    )
    of_it = {"entry": entry, "occasion": "flare", "site": "back", "recorded_by": enrolment.runner}
    when = {"noted_at": enrolment.created_at, "recorded_at": enrolment.created_at}
    first = PainNote.objects.create(key=uuid.uuid4(), score=4, words="on the stairs", **of_it, **when)
    PainNote.objects.create(key=uuid.uuid4(), score=3, **of_it, **when)
    PainNote.objects.create(key=uuid.uuid4(), replaces=first, **of_it, **when)
    rows, notes = entries_and_notes([enrolment.pk], enrolment.open_date)
    assert rows == [entry]
    expected = note_rows(rows)[entry.pk]
    found = sorted(notes[entry.pk], key=lambda note: note.pk)
    assert [vars(note) | {"_state": 0} for note in found] == [vars(note) | {"_state": 0} for note in expected]


def test_what_was_planned_and_what_was_chosen_come_together():
    enrolment = an_enrolment(a_runner(), days_ago=30)
    today = enrolment.open_date
    tomorrow = today + datetime.timedelta(days=1)
    PlannedSession.objects.create(enrolment=enrolment, date=today, stage=STAGES[0])
    for date, wants in ((today, False), (tomorrow, True)):
        DayChoice.objects.create(
            enrolment=enrolment, date=date, wants_session=wants, chosen_at=enrolment.created_at
        )
    dates = dates_of([enrolment.pk], today)[enrolment.pk]
    assert dates.planned == {today}
    assert dates.choices == {today.toordinal(): False, tomorrow.toordinal(): True}
