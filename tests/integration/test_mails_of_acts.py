"""Mails of decisions and acts, of her own wish for later, and the way out of each kind."""

import datetime
import uuid
import zoneinfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Clinic, User
from accounts.services import grant_consent, revoke_consent
from programs.engine.calendar import instant_of
from programs.mailing import reasons
from programs.models import Enrolment, MailChoice, MessageKind, MessageOwed
from programs.services.by_the_clock import owe_by_the_clock
from programs.services.conversation import mark_read, write_message
from programs.services.errors import Refused
from programs.services.mail_choices import choose, undo_unsubscribe, unsubscribe
from programs.services.messages import message_row, owe_events
from programs.services.overrides import hold_until
from programs.services.owed_again import ask_again
from programs.services.quiet_hours import not_before, not_before_of
from programs.services.wanted import why_unwanted, why_unwanted_of
from tests.builders import COMFORTABLE, an_enrolment, live
from tests.support.clinics import a_clinic
from tests.support.mail_choices import choice_of
from tests.support.people import a_clinician, a_runner

pytestmark = pytest.mark.django_db

LONDON = zoneinfo.ZoneInfo("Europe/London")
MONDAY = datetime.date(2026, 11, 16)
ONE_DAY = datetime.timedelta(days=1)
NOON, EVENING, NIGHT = datetime.time(12), datetime.time(18), datetime.time(23)
SEVEN = datetime.time(7)


def at(wall: datetime.time, date: datetime.date = MONDAY) -> datetime.datetime:
    return instant_of(date, wall, LONDON)


@pytest.fixture
def walker() -> Enrolment:
    runner = a_runner(time_zone="Europe/London")
    return an_enrolment(runner, now=at(datetime.time(9)), reminder_time=EVENING)


@pytest.fixture
def petra(walker) -> User:
    petra = a_clinician(time_zone="Europe/London")
    grant_consent(runner=walker.runner, clinician=petra, now=at(datetime.time(9)))
    return petra


def of_kind(kind: str) -> list[MessageOwed]:
    rows = MessageOwed.objects.select_related("recipient", "enrolment__runner")
    return list(rows.filter(kind=kind).order_by("pk"))


def write(walker, by, now, words="Come on Tuesday"):
    return write_message(enrolment=walker, by=by, now=now, words=words, key=uuid.uuid4())


# --- something to read ---------------------------------------------------------------------
def test_what_a_physiotherapist_wrote_is_told_once_a_date(walker, petra):
    for _ in range(3):
        write(walker, petra, at(NOON))
    write(walker, petra, at(NOON, MONDAY + ONE_DAY))
    told = of_kind(MessageKind.WRITTEN)
    assert [(row.recipient, row.local_date) for row in told] == [
        (walker.runner, MONDAY),
        (walker.runner, MONDAY + ONE_DAY),
    ]


def test_what_a_runner_wrote_is_not(walker, petra):
    write(walker, walker.runner, at(NOON))
    assert of_kind(MessageKind.WRITTEN) == []


def test_what_is_written_at_night_is_told_in_the_morning(walker, petra):
    write(walker, petra, at(NIGHT))
    (told,) = of_kind(MessageKind.WRITTEN)
    assert told.wanted_at == told.due_at == at(SEVEN, MONDAY + ONE_DAY)
    assert told.expires_at == told.due_at + 7 * ONE_DAY


def test_what_she_has_read_is_not_told_until_more_is_written(walker, petra):
    write(walker, petra, at(NIGHT))
    mark_read(enrolment=walker, by=walker.runner, now=at(NIGHT), through=at(NIGHT))
    (told,) = of_kind(MessageKind.WRITTEN)
    assert why_unwanted(told, told.due_at) == reasons.READ
    MessageOwed.objects.filter(pk=told.pk).update(
        status="skipped", outcome=reasons.READ, settled_at=at(NIGHT)
    )
    later = at(NIGHT) + datetime.timedelta(minutes=10)
    write(walker, petra, later, "And bring your shoes")
    (told,) = of_kind(MessageKind.WRITTEN)
    assert (told.status, why_unwanted(told, told.due_at)) == ("owed", "")


def test_an_act_is_told_though_messages_are_read(walker, petra):
    now = at(NOON)
    write(walker, petra, now)
    until = MONDAY + 3 * ONE_DAY
    hold_until(enrolment=walker, by=petra, now=now, until=until, reason="Your race is over")
    mark_read(enrolment=walker, by=walker.runner, now=now, through=now)
    (told,) = of_kind(MessageKind.WRITTEN)
    assert why_unwanted(told, now) == ""


def test_what_is_turned_off_is_on_record(walker, petra):
    choose(person=walker.runner, kind=MessageKind.WRITTEN, is_on=False, now=at(NOON))
    write(walker, petra, at(NOON))
    (told,) = of_kind(MessageKind.WRITTEN)
    assert (told.status, told.outcome) == ("skipped", reasons.TURNED_OFF)


# --- decisions ------------------------------------------------------------------------------
def test_a_step_that_is_decided_at_night_is_told_in_the_morning_and_for_a_week():
    enrolment = live(an_enrolment(), *[COMFORTABLE] * 4)
    (told,) = of_kind(MessageKind.ADVANCE)
    assert told.due_at.astimezone(enrolment.runner.zone).time() == SEVEN
    assert told.expires_at == told.due_at + 7 * ONE_DAY


def test_a_step_that_she_does_not_want_to_hear_of_is_on_record():
    enrolment = an_enrolment()
    choose(person=enrolment.runner, kind=MessageKind.ADVANCE, is_on=False, now=enrolment.created_at)
    live(enrolment, *[COMFORTABLE] * 4)
    assert [(row.status, row.outcome) for row in of_kind(MessageKind.ADVANCE)] == [
        ("skipped", reasons.TURNED_OFF)
    ]


@pytest.mark.parametrize("at_night", [True, False])
@pytest.mark.parametrize(
    ("kind", "level", "passes"),
    [
        ("pause", "routine", "never"),
        ("pause", "urgent", "always"),
        ("pause", "emergency", "always"),
        ("clinician_pause", "routine", "never"),
        ("clinician_pause", "urgent", "as the clinic says"),
        ("flag_unseen", "emergency", "as the clinic says"),
        ("step_back", "", "never"),
    ],
)
def test_what_passes_quiet_hours(walker, petra, kind, level, passes, at_night):
    clinic = a_clinic(petra)
    Clinic.objects.filter(pk=clinic.pk).update(red_flags_at_night=at_night)
    recipient = petra if kind in ("clinician_pause", "flag_unseen") else walker.runner
    row = message_row(
        recipient=recipient,
        enrolment=walker,
        kind=kind,
        local_date=MONDAY,
        level=level,
        now=at(NIGHT),
    )
    owe_events([row], at(NIGHT))
    (row,) = of_kind(kind)
    at_once = passes == "always" or (passes == "as the clinic says" and at_night)
    assert row.due_at == (at(NIGHT) if at_once else at(SEVEN, MONDAY + ONE_DAY))
    assert not_before(row, at(NIGHT)) == (None if at_once else at(SEVEN, MONDAY + ONE_DAY))
    assert not_before(row, at(NOON)) is None


# --- later today ------------------------------------------------------------------------------
@pytest.fixture
def reminder(walker) -> MessageOwed:
    owe_by_the_clock(now=at(EVENING))
    return of_kind(MessageKind.REMINDER)[0]


def test_she_is_asked_again_when_she_wants(reminder):
    again = ask_again(message=reminder, wall=datetime.time(20, 15), now=at(EVENING))
    assert (again.kind, again.local_date, again.due_at) == ("again", MONDAY, at(datetime.time(20, 15)))
    assert again.expires_at == at(datetime.time(0), MONDAY + ONE_DAY)
    with pytest.raises(Refused):
        ask_again(message=reminder, wall=datetime.time(20, 30), now=at(EVENING))
    unsubscribe(message=again, now=at(EVENING))
    (again,) = of_kind(MessageKind.AGAIN)
    assert why_unwanted(again, again.due_at) == reasons.TURNED_OFF


@pytest.mark.parametrize(
    ("wall", "now"),
    [
        (datetime.time(17), at(EVENING)),
        (EVENING, at(EVENING)),
        (datetime.time(21), at(EVENING)),
        (datetime.time(20), at(NOON, MONDAY + ONE_DAY)),
    ],
    ids=["earlier", "now", "quiet hours", "tomorrow"],
)
def test_she_is_not_asked_again_at_another_time(reminder, wall, now):
    with pytest.raises(Refused):
        ask_again(message=reminder, wall=wall, now=now)


def test_nobody_is_asked_again_after_the_end(reminder):
    Enrolment.objects.update(status="completed")
    reminder.enrolment.refresh_from_db()
    with pytest.raises(Refused):
        ask_again(message=reminder, wall=datetime.time(20), now=at(EVENING))


# --- the way out --------------------------------------------------------------------------------
def test_a_link_in_a_mail_ends_its_kind_and_brings_it_back(reminder, walker):
    unsubscribe(message=reminder, now=at(EVENING))
    unsubscribe(message=reminder, now=at(EVENING))
    row = choice_of(walker.runner)
    assert (row.is_on, row.next_at, row.changed_via, row.wall) == (False, None, "mail", EVENING)
    assert why_unwanted(reminder, at(EVENING)) == reasons.TURNED_OFF
    undo_unsubscribe(message=reminder, now=at(EVENING))
    row = choice_of(walker.runner)
    assert (row.is_on, row.next_at) == (True, at(EVENING, MONDAY + ONE_DAY))
    assert why_unwanted(reminder, at(EVENING)) == ""


def test_the_question_whether_to_pause_ends_the_reminder(walker):
    row = message_row(
        recipient=walker.runner, enrolment=walker, kind="silent", local_date=MONDAY, now=at(NOON)
    )
    unsubscribe(message=row, now=at(NOON))
    assert not choice_of(walker.runner).is_on
    assert not MailChoice.objects.filter(kind="silent").exists()


@pytest.mark.parametrize("kind", ["pause", "clinician_pause", "flag_unseen"])
def test_there_is_no_way_out_of_what_is_about_safety(walker, petra, kind):
    recipient = walker.runner if kind == "pause" else petra
    row = message_row(recipient=recipient, enrolment=walker, kind=kind, local_date=MONDAY, now=at(NOON))
    with pytest.raises(Refused):
        unsubscribe(message=row, now=at(NOON))


# --- in bulk -------------------------------------------------------------------------------------
def a_batch(number: int) -> list[MessageOwed]:
    """Of every kind one for each of so many runners and their physiotherapists."""
    rows = []
    for n in range(number):
        enrolment = an_enrolment(now=at(NOON))
        hers = a_clinician(f"physio{n}.{number}@example.org")
        grant_consent(runner=enrolment.runner, clinician=hers, now=at(NOON))
        for kind in MessageKind.values:
            to_her = kind in ("clinician_pause", "flag_unseen", "digest", "reviews")
            rows.append(
                message_row(
                    recipient=hers if to_her else enrolment.runner,
                    enrolment=None if kind in ("digest", "reviews") else enrolment,
                    kind=kind,
                    local_date=MONDAY,
                    level="urgent" if "pause" in kind or "flag" in kind else "",
                    now=at(NOON),
                )
            )
    MessageOwed.objects.bulk_create(rows)
    ids = [row.pk for row in rows]
    loaded = MessageOwed.objects.select_related("recipient", "enrolment__runner", "decision")
    return list(loaded.filter(pk__in=ids).order_by("pk"))


def test_a_batch_takes_a_fixed_number_of_queries():
    counts = []
    for number in (1, 6):
        rows = a_batch(number)
        with CaptureQueriesContext(connection) as taken:
            why_unwanted_of(rows, at(NOON))
            not_before_of(rows, at(NOON))
        counts.append(len(taken))
    assert counts[0] == counts[1] <= 11


def test_a_batch_is_told_of_each_what_holds_for_it_alone():
    rows = a_batch(3)
    out = rows[0].enrolment or rows[-1].enrolment
    revoke_consent(
        runner=out.runner,
        clinician=next(row.recipient for row in rows if row.kind == "clinician_pause"),
        now=at(NOON),
    )
    Enrolment.objects.update(refer="urgent", paused_at=at(NOON))
    rows = list(
        MessageOwed.objects.select_related("recipient", "enrolment__runner", "decision").order_by("pk")
    )
    found = why_unwanted_of(rows, at(NOON) + datetime.timedelta(minutes=1))
    to_clinicians = [found.get(row.pk, "") for row in rows if row.kind == "clinician_pause"]
    assert to_clinicians == [reasons.NO_CONSENT, "", ""]
    assert [found.get(row.pk, "") for row in rows if row.kind == "pause"] == ["", "", ""]
    assert {found[row.pk] for row in rows if row.kind == "advance"} == {reasons.PAUSED}
