"""The page of mails: each kind, quiet hours, all or nothing, a test, the end of old links."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccountMail, User, ZoneChange
from programs.mailing import RULES, To
from programs.models import CHOSEN, MailChoice
from programs.services.errors import Refused
from programs.services.mail_settings import Wish, change_mails
from tests.builders import an_enrolment, the_library
from tests.integration.test_form_errors import check
from tests.support.mail_choices import choice_of
from tests.support.people import a_clinician, a_manager, a_runner, signed_in

pytestmark = pytest.mark.django_db
SIX, SEVEN, NINE, TEN = (datetime.time(hour) for hour in (6, 7, 21, 22))
HALF_PAST_SEVEN = datetime.time(7, 30)
#: Another reminder, on other days, and no other mail.
FORM = {
    "reminder_on": "on",
    "reminder_wall": "07:30",
    "reminder_days": ["1", "3", "5"],
    "quiet_from": "22:00",
    "quiet_until": "06:00",
}


@pytest.fixture
def rosa(db) -> User:
    """Wants a reminder at six in the evening."""
    the_library()
    runner = a_runner(time_zone="Europe/London")
    return an_enrolment(runner, reminder_time=datetime.time(18)).runner


@pytest.fixture
def petra(db) -> User:
    return a_clinician()


def page_of(person: User) -> str:
    return signed_in(person).get(reverse("mail_settings")).content.decode()


def sent_by(person: User, **changes):
    return signed_in(person).post(reverse("mail_settings"), {**FORM, **changes})


def everything(person: User) -> tuple:
    person = User.objects.get(pk=person.pk)
    rows = MailChoice.objects.filter(person=person).order_by("kind")
    return (
        person.quiet_from,
        person.quiet_until,
        *rows.values_list("kind", "is_on", "wall", "days", "next_at"),
    )


# --- the page ----------------------------------------------------------------------------------
def test_each_sees_her_own_kinds_and_what_is_always_on(rosa, petra):
    hers = page_of(rosa)
    for words in ("Daily reminder", "Summary of the week", "Shall we pause?", "Your programme is paused"):
        assert words in hers, words
    assert "Who needs you today" not in hers and "id_time_zone" not in hers
    others = page_of(petra)
    for words in ("Who needs you today", "Due for another look", "A red flag that nobody has seen"):
        assert words in others, words
    assert "Daily reminder" not in others and "id_time_zone" in others


def test_a_site_manager_has_none():
    manager = a_manager()
    assert signed_in(manager).get(reverse("mail_settings")).status_code == 403


def test_it_says_when_the_next_one_is_due_in_her_time(rosa):
    due = choice_of(rosa).next_at.astimezone(rosa.zone)
    assert due.hour == 18
    assert f"Next: {due:%A} {due.day} {due:%B}, 18:00" in page_of(rosa)


def test_without_a_programme_nothing_is_due():
    the_library()
    assert "None is due: you follow no programme." in page_of(a_runner())


# --- saving ------------------------------------------------------------------------------------
def test_one_form_saves_all_of_it(rosa):
    assert sent_by(rosa).status_code == 302
    reminder = choice_of(rosa)
    assert (reminder.is_on, reminder.wall, reminder.days) == (True, HALF_PAST_SEVEN, [1, 3, 5])
    assert reminder.next_at.astimezone(rosa.zone).time() == HALF_PAST_SEVEN
    assert reminder.changed_via == "settings"
    person = User.objects.get(pk=rosa.pk)
    assert (person.quiet_from, person.quiet_until) == (TEN, SIX)
    assert not choice_of(rosa, "weekly").is_on and not choice_of(rosa, "advance").is_on
    assert 'value="07:30"' in page_of(rosa)


def test_all_seven_days_are_any_day(rosa):
    sent_by(rosa, reminder_days=[str(day) for day in range(1, 8)])
    assert choice_of(rosa).days == []


def test_a_choice_that_is_as_it_was_is_not_written_anew(rosa):
    sent_by(rosa)
    before = choice_of(rosa).changed_at
    sent_by(rosa, quiet_from="23:00")
    assert choice_of(rosa).changed_at == before
    assert User.objects.get(pk=rosa.pk).quiet_from == datetime.time(23)


def test_a_time_may_move_to_where_quiet_hours_were(rosa):
    assert sent_by(rosa, reminder_wall="21:30").status_code == 302
    assert choice_of(rosa).wall == datetime.time(21, 30)


def test_no_quiet_hours_are_a_choice(rosa):
    assert sent_by(rosa, no_quiet_hours="on", reminder_wall="23:30").status_code == 302
    person = User.objects.get(pk=rosa.pk)
    assert person.quiet_from == person.quiet_until
    page = page_of(rosa)
    # For when she wants some again.
    assert 'value="21:00"' in page and 'value="07:00"' in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reminder_wall": "23:00"}, "reminder_wall"),
        ({"reminder_wall": "06:00", "quiet_until": "06:30"}, "reminder_wall"),
        ({"reminder_wall": ""}, "reminder_wall"),
        ({"reminder_wall": "half past"}, "reminder_wall"),
        ({"reminder_days": []}, "reminder_days"),
        ({"reminder_days": ["8"]}, "reminder_days"),
        ({"quiet_from": ""}, "quiet_from"),
        ({"quiet_until": "22:00"}, "quiet_until"),
        ({"weekly_on": "on", "weekly_wall": "09:00", "weekly_days": ""}, "weekly_days"),
    ],
)
def test_a_refused_form_comes_back_filled_in_and_writes_nothing(rosa, changes, field):
    before = everything(rosa)
    answer = sent_by(rosa, **{"nudge_on": "on", "nudge_wall": "19:45", "nudge_days": ["2"], **changes})
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    page = answer.content.decode()
    assert 'value="19:45"' in page
    check(page)
    assert everything(rosa) == before


def test_a_mail_that_is_off_is_asked_for_no_time(rosa):
    assert sent_by(rosa, reminder_on="", reminder_wall="", reminder_days=[]).status_code == 302
    reminder = choice_of(rosa)
    assert (reminder.is_on, reminder.wall, reminder.next_at) == (False, datetime.time(18), None)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (Wish("reminder", True, datetime.time(23)), "reminder_wall"),
        (Wish("reminder", True, SEVEN, (9,)), "reminder_days"),
        (Wish("pause", False), "pause_kind"),
        (Wish("digest", False), "digest_kind"),
    ],
)
def test_the_service_refuses_it_too_and_keeps_nothing(rosa, wish, field):
    before = everything(rosa)
    with pytest.raises(Refused) as refused:
        change_mails(
            person=rosa,
            quiet_from=TEN,
            quiet_until=SIX,
            wishes=[Wish("weekly", False), wish],
            now=timezone.now(),
        )
    assert refused.value.field == field
    assert everything(rosa) == before


def test_a_physiotherapist_sets_her_zone_here(petra):
    zone = {"digest_on": "on", "digest_wall": "07:30", "digest_days": ["1", "2"], "time_zone": "Asia/Tokyo"}
    assert sent_by(petra, **zone, quiet_until="07:00", keeps_home_time="on").status_code == 302
    person = User.objects.get(pk=petra.pk)
    assert (person.time_zone, person.keeps_home_time) == ("Asia/Tokyo", True)
    assert choice_of(petra, "digest").next_at.astimezone(person.zone).time() == HALF_PAST_SEVEN
    assert "You were in" in page_of(petra)
    assert "time_zone" in sent_by(petra, **zone | {"time_zone": "Mars/Base"}).context["form"].errors
    assert ZoneChange.objects.count() == 1


# --- a test, and links -------------------------------------------------------------------------
def test_a_test_goes_to_her_and_to_nobody_else(rosa):
    answer = signed_in(rosa).post(reverse("mail_test", args=["reminder"]), follow=True)
    assert "A test is on its way to r…@…;" in answer.content.decode()
    mail = AccountMail.objects.get()
    assert (mail.kind, mail.recipient, mail.email) == ("test", rosa, rosa.email)
    assert mail.subject and mail.text


def test_ten_tests_in_five_minutes(rosa):
    client = signed_in(rosa)
    answers = [client.post(reverse("mail_test", args=["weekly"])).status_code for _ in range(11)]
    assert answers == [302] * 10 + [429]
    assert AccountMail.objects.count() == 10


@pytest.mark.parametrize("with_programme", [True, False])
@pytest.mark.parametrize("kind", sorted(CHOSEN))
def test_every_kind_that_is_hers_has_a_test(kind, with_programme):
    the_library()
    is_for_runners = RULES[kind].to == To.RUNNER
    person = a_runner() if is_for_runners else a_clinician()
    if with_programme and is_for_runners:
        an_enrolment(person, days_ago=2)
    assert signed_in(person).post(reverse("mail_test", args=[kind])).status_code == 302
    mail = AccountMail.objects.get(kind="test")
    assert mail.subject and mail.text and mail.html


@pytest.mark.parametrize("kind", ["pause", "digest", "again", "nothing"])
def test_of_what_is_not_hers_to_choose_there_is_no_test(rosa, kind):
    assert signed_in(rosa).post(reverse("mail_test", args=[kind])).status_code == 404
    assert not AccountMail.objects.exists()


def test_links_of_before_are_made_useless(rosa):
    signed_in(rosa).post(reverse("mail_links_end"))
    assert User.objects.get(pk=rosa.pk).mail_links_since is not None


# --- the device is elsewhere -------------------------------------------------------------------
def test_the_zone_of_the_device_is_taken(rosa):
    client = signed_in(rosa)
    assert client.post(reverse("use_zone"), {"zone": "Asia/Tokyo"}).url == reverse("today")
    assert User.objects.get(pk=rosa.pk).time_zone == "Asia/Tokyo"
    assert choice_of(rosa).next_at.astimezone(User.objects.get(pk=rosa.pk).zone).hour == 18
    client.post(reverse("use_zone"), {"zone": "Mars/Base"})
    assert User.objects.get(pk=rosa.pk).time_zone == "Asia/Tokyo"


def test_who_keeps_home_time_is_offered_nothing(rosa):
    client: Client = signed_in(rosa)
    assert "data-zone-offer" in client.get(reverse("today")).content.decode()
    client.post(reverse("keep_home_time"))
    assert "data-zone-offer" not in client.get(reverse("today")).content.decode()
    assert "data-time-zone" not in client.get(reverse("settings")).content.decode()
