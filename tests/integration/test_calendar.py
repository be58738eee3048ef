"""A runner's sessions in her own calendar: private, hers, and never more than Today asks for."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from programs.mail_links import Purpose, feed_token, token_of
from programs.models import CalendarFeed, Enrolment, PlannedSession
from programs.selectors.calendar import calendar_sheet
from programs.selectors.week import week_page
from programs.services.calendar_feeds import change_feed, end_feed, make_feed
from programs.services.messages import message_row
from programs.services.overrides import set_stage
from programs.services.week import set_run_days
from tests.builders import COMFORTABLE, QUIET, an_enrolment, an_entry, close_the_day, live, reloaded
from tests.support.people import a_clinician, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def walker() -> Enrolment:
    return an_enrolment(days_ago=0)


def a_feed(enrolment: Enrolment, **fields) -> CalendarFeed:
    return make_feed(runner=enrolment.runner, now=timezone.now(), **fields)


def fetched(client, feed: CalendarFeed) -> Calendar:
    response = client.get(reverse("calendar_feed", args=[feed_token(feed)]))
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content)


def dates(calendar: Calendar) -> list[datetime.date]:
    return [event.start for event in calendar.events]


# --- what is in it -------------------------------------------------------------------------------
def test_it_shows_the_days_of_her_week_that_have_a_session_and_no_others(client, walker):
    calendar = fetched(client, a_feed(walker))
    week = week_page(enrolment=reloaded(walker), now=timezone.now())
    assert dates(calendar) == [day.date for day in week.days if day.has_session] != []


def test_by_default_it_says_neither_the_session_nor_who_she_is(client, walker):
    content = client.get(reverse("calendar_feed", args=[feed_token(a_feed(walker))])).content.decode()
    assert "SUMMARY:Planned session" in content
    for said in (walker.runner.name, walker.runner.email, "pain", "Walk", "walk"):
        assert said not in content, said


def test_she_may_have_the_title_in_it(client, walker):
    calendar = fetched(client, a_feed(walker, says_what=True))
    assert {str(event["summary"]) for event in calendar.events} != {"Planned session"}


def test_a_time_is_a_wall_time_of_her_zone(client):
    walker = an_enrolment()
    walker.runner.time_zone = "Pacific/Chatham"
    walker.runner.save()
    calendar = fetched(client, a_feed(walker, wall=datetime.time(6, 45)))
    assert {str(event["dtstart"].params["TZID"]) for event in calendar.events} == {"Pacific/Chatham"}
    assert {event.start.time() for event in calendar.events} == {datetime.time(6, 45)}


def test_while_she_is_paused_nothing_is_ahead_and_what_was_planned_stays(client):
    walker = live(an_enrolment(days_ago=3), COMFORTABLE, QUIET)
    PlannedSession.objects.get_or_create(
        enrolment=walker, date=walker.started_on, defaults={"stage": walker.stage}
    )
    feed = a_feed(walker)
    ahead = fetched(client, feed)
    an_entry(walker, rest=2, red_flags=("CE_SADDLE",), now=timezone.now())
    paused = fetched(client, feed)
    assert max(dates(ahead)) >= walker.open_date
    assert dates(paused) and max(dates(paused)) < timezone.now().date()


def test_strong_pain_before_the_check_in_takes_today_away(client, walker):
    feed = a_feed(walker)
    today = timezone.now().date()
    assert today in dates(fetched(client, feed))
    an_entry(walker, rest=9, morning=9, now=timezone.now())
    close_the_day(walker)
    assert today not in [date for date in dates(fetched(client, feed)) if date > today]


# --- identity and revisions ----------------------------------------------------------------------
def test_entries_keep_their_ids_and_their_sequence_grows_when_the_stage_moves(client):
    petra = a_clinician()
    walker = an_enrolment(days_ago=2, clinician=petra)
    feed = a_feed(walker)
    before = {event["uid"]: event["sequence"] for event in fetched(client, feed).events}
    later = timezone.now() + datetime.timedelta(minutes=5)
    stages = [stage["key"] for stage in walker.version.document["stages"]]
    set_stage(enrolment=walker, by=petra, now=later, stage=stages[2], reason="She is ready for more.")
    after = {event["uid"]: event["sequence"] for event in fetched(client, feed).events}
    both = before.keys() & after.keys()
    assert both and all(after[uid] > before[uid] for uid in both)


def test_other_days_to_run_are_a_newer_revision(walker):
    feed = a_feed(walker)
    now = timezone.now()
    first = calendar_sheet(feed=feed, now=now).entries[0]
    set_run_days(enrolment=walker, weekdays=(), now=now + datetime.timedelta(minutes=2))
    feed.refresh_from_db()
    again = calendar_sheet(feed=feed, now=now).entries[0]
    assert (again.uid, again.sequence > first.sequence) == (first.uid, True)


def test_a_new_address_keeps_the_ids(client, walker):
    first = fetched(client, a_feed(walker))
    second = fetched(client, a_feed(walker))
    assert [event["uid"] for event in first.events] == [event["uid"] for event in second.events]


# --- the address ---------------------------------------------------------------------------------
def test_a_new_address_ends_the_old_one_and_an_ended_one_opens_nothing(client, walker):
    old, new = a_feed(walker), a_feed(walker)
    assert client.get(reverse("calendar_feed", args=[feed_token(old)])).status_code == 404
    end_feed(runner=walker.runner, now=timezone.now())
    assert client.get(reverse("calendar_feed", args=[feed_token(new)])).status_code == 404


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"), str.upper, lambda t: "1-"]
)
def test_an_address_that_was_changed_opens_nothing(client, walker, change):
    token = change(feed_token(a_feed(walker)))
    assert client.get(f"/c/{token}.ics").status_code == 404


def test_a_link_of_a_mail_is_no_address_of_a_calendar(client, walker):
    a_feed(walker)
    now = timezone.now()
    message = message_row(
        recipient=walker.runner, enrolment=walker, kind="reminder", local_date=now.date(), now=now
    )
    message.save()
    for purpose in Purpose:
        assert client.get(f"/c/{token_of(message, purpose)}.ics").status_code == 404


def test_it_is_hers_whoever_is_signed_in_and_asking_writes_nothing(walker, django_assert_max_num_queries):
    feed = a_feed(walker)
    other = an_enrolment()
    client = signed_in(other.runner)
    expected = dates(fetched(client, feed))
    with django_assert_max_num_queries(16) as captured:
        assert dates(fetched(client, feed)) == expected
    assert not [q for q in captured.captured_queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    response = client.head(reverse("calendar_feed", args=[feed_token(feed)]))
    assert (response.status_code, client.post(f"/c/{feed_token(feed)}.ics").status_code) == (200, 405)
    assert "no-store" in response["Cache-Control"] and response["X-Robots-Tag"] == "noindex"


def test_a_closed_account_has_no_calendar(client, walker):
    feed = a_feed(walker)
    walker.runner.is_active = False
    walker.runner.save()
    assert client.get(reverse("calendar_feed", args=[feed_token(feed)])).status_code == 404


def test_without_a_programme_it_is_an_empty_calendar(client, walker):
    feed = a_feed(walker)
    Enrolment.objects.update(status="completed")
    assert fetched(client, feed).events == []


# --- her page ------------------------------------------------------------------------------------
def test_the_page_makes_changes_renews_and_ends_the_address(walker):
    client, page = signed_in(walker.runner), reverse("calendar")
    assert "webcal" not in client.get(page).content.decode()
    assert client.post(page, {"when": "time", "wall": "18:30", "says_what": "on"}).status_code == 302
    feed = CalendarFeed.objects.get()
    assert (feed.wall, feed.says_what) == (datetime.time(18, 30), True)
    assert f"/c/{feed_token(feed)}.ics" in client.get(page).content.decode()
    client.post(page, {"when": "day"})
    feed.refresh_from_db()
    assert (feed.wall, feed.says_what, feed.ended_at) == (None, False, None)
    client.post(reverse("calendar_anew"))
    assert CalendarFeed.objects.filter(ended_at__isnull=True).get() != feed
    client.post(reverse("calendar_end"))
    assert not CalendarFeed.objects.filter(ended_at__isnull=True).exists()


def test_a_time_without_a_time_comes_back_as_it_was_sent(walker):
    page = signed_in(walker.runner).post(reverse("calendar"), {"when": "time", "says_what": "on"})
    assert page.status_code == 200 and "wall" in page.context["form"].errors
    assert page.context["form"]["says_what"].value()


def test_to_change_nothing_is_no_new_revision(walker):
    feed = a_feed(walker)
    later = timezone.now() + datetime.timedelta(hours=1)
    change_feed(runner=walker.runner, now=later, wall=None, says_what=False)
    feed.refresh_from_db()
    assert feed.plan_changed_at == feed.made_at
