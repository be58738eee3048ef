"""The code may be wrong; the database must refuse. Each through the database itself."""

import datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from programs.models import Decision, DiaryEntry, Enrolment, MessageOwed, Override, ProgrammeVersion
from programs.models.base import FrozenRowError
from tests.integration.story import QUIET, RUN, Story

pytestmark = pytest.mark.django_db


def a_copy(row, **changes):
    """Insert a copy of a row with some columns changed, past every service."""
    values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
    return type(row).objects.bulk_create([type(row)(**{**values, **changes})])


def refused(act) -> bool:
    try:
        with transaction.atomic():
            act()
    except (IntegrityError, DatabaseError):
        return True
    return False


@pytest.fixture
def decided() -> Decision:
    story = Story()
    story.live(1, [RUN, RUN, RUN, RUN])
    return story.decision(4)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        # As a second close would be: at another time.
        {"decided_at": datetime.datetime(2027, 1, 1, tzinfo=datetime.UTC)},
        {"trigger": "correction"},
        {"trigger": "clinician"},
        {"trigger": "nobody", "date": datetime.date(2027, 1, 1)},
        {"date": datetime.date(2027, 1, 1), "stage_change": 2},
        {"date": datetime.date(2027, 1, 1), "stage_change": 0},
        {"date": datetime.date(2027, 1, 1), "has_rest_score": False},
        {"date": datetime.date(2027, 1, 1), "refer": "urgent"},
        {"date": datetime.date(2027, 1, 1), "refer": "soon"},
        {"date": datetime.date(2027, 1, 1), "decision": "jump"},
        {"date": datetime.date(2027, 1, 1), "decision": "step_back"},
        {"date": datetime.date(2027, 1, 1), "decision": "hold"},
        {"date": datetime.date(2027, 1, 1), "decision": "pause_and_refer", "stage_change": 0},
        {"date": datetime.date(2027, 1, 1), "job": ""},
    ],
)
def test_a_decision_that_breaks_a_rule_is_refused(decided, changes):
    assert refused(lambda: a_copy(decided, **changes))


def test_the_same_decision_on_another_date_is_accepted(decided):
    assert not refused(lambda: a_copy(decided, date=datetime.date(2027, 1, 1)))


@pytest.mark.parametrize(
    "act", ["UPDATE programs_decision SET reason = 'x'", "DELETE FROM programs_decision"]
)
def test_the_ledger_refuses_change_in_the_database(decided, act):
    def run():
        with connection.cursor() as cursor:
            cursor.execute(act)

    assert refused(run)


def test_the_ledger_refuses_change_in_the_model(decided):
    with pytest.raises(FrozenRowError):
        decided.save()
    with pytest.raises(FrozenRowError):
        decided.delete()
    with pytest.raises(FrozenRowError):
        Decision.objects.update(reason="x")
    with pytest.raises(FrozenRowError):
        Decision.objects.all().delete()


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE programs_programmeversion SET content_hash = 'x'",
        "UPDATE programs_programmeversion SET number = 7",
        "UPDATE programs_programmeversion SET status = 'draft'",
        "DELETE FROM programs_programmeversion",
    ],
)
def test_a_published_version_never_changes(decided, act):
    def run():
        with connection.cursor() as cursor:
            cursor.execute(act)

    assert refused(run)


def test_a_published_version_may_be_retired(decided):
    ProgrammeVersion.objects.update(status="retired")
    assert ProgrammeVersion.objects.get().status == "retired"


def test_a_changed_document_of_a_published_version_is_refused_by_the_model(decided):
    version = ProgrammeVersion.objects.get()
    version.document = {**version.document, "title": "Other"}
    with pytest.raises(FrozenRowError):
        version.save()
    with pytest.raises(FrozenRowError):
        version.delete()


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"date": datetime.date(2027, 1, 1), "rest": 11},
        {"date": datetime.date(2027, 1, 1), "morning": 11},
        {"date": datetime.date(2027, 1, 1), "session": "jog"},
        {"date": datetime.date(2027, 1, 1), "session": "skipped"},
        {"date": datetime.date(2027, 1, 1), "session": None},
        {"date": datetime.date(2027, 1, 1), "warmup": "sore"},
        {"date": datetime.date(2027, 1, 1), "leg": "foot"},
    ],
)
def test_an_entry_that_contradicts_itself_is_refused(changes):
    story = Story()
    entry = story.log(1, **RUN).entry
    assert refused(lambda: a_copy(entry, **changes))


def test_an_entry_with_nothing_recorded_is_accepted():
    entry = Story().log(1, **QUIET).entry
    assert not refused(lambda: a_copy(entry, date=datetime.date(2027, 1, 1), morning=None, rest=None))
    assert DiaryEntry.objects.count() == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "asleep"},
        {"pattern": "sideways"},
        {"refer": "urgent"},
        {"refer": "none", "paused_at": datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)},
        {"intake_pain": 11},
        {"baseline_morning": 11},
        {"stage_entered_on": datetime.date(2026, 3, 1)},
    ],
)
def test_an_enrolment_in_an_impossible_state_is_refused(changes):
    story = Story()
    assert refused(lambda: Enrolment.objects.filter(pk=story.pk).update(**changes))


def test_a_runner_has_one_active_enrolment_in_a_family():
    story = Story()
    assert refused(lambda: a_copy(story.enrolment, public_id="00000000-0000-4000-8000-000000000001"))
    Enrolment.objects.filter(pk=story.pk).update(status="withdrawn")
    withdrawn = story.enrolment
    assert not refused(
        lambda: a_copy(withdrawn, public_id="00000000-0000-4000-8000-000000000002", status="active")
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "nudge"},
        {"kind": "hold_until"},
        {"kind": "hold_until", "until": datetime.date(2026, 3, 1)},
        {"kind": "set_stage"},
        {"kind": "clear_pause", "stage": "S2_core"},
        {"kind": "clear_pause", "reason": ""},
        {"kind": "clear_pause", "assessed_by": "Dr Who"},
        {"kind": "clear_pause", "assessed_on": datetime.date(2026, 3, 2)},
    ],
)
def test_an_act_without_what_it_needs_is_refused(fields):
    story = Story()
    whole = {
        "enrolment_id": story.pk,
        "date": story.date(1),
        "reason": "seen",
        "made_at": story.at(1),
        "made_by": story.seen_by(),
    }
    assert refused(lambda: Override.objects.create(**{**whole, **fields}))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"local_date": datetime.date(2027, 1, 1), "message_id": "a", "kind": "chat"},
        {"local_date": datetime.date(2027, 1, 1), "message_id": "a", "level": "soon"},
        {"local_date": datetime.date(2027, 1, 1), "message_id": "a", "status": "lost"},
        {"local_date": datetime.date(2027, 1, 1), "message_id": "a", "status": "sent"},
        {
            "local_date": datetime.date(2027, 1, 1),
            "message_id": "a",
            "status": "dead",
            "settled_at": datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC),
        },
    ],
)
def test_a_message_that_breaks_a_rule_is_refused(decided, changes):
    assert refused(lambda: a_copy(MessageOwed.objects.get(), **changes))
