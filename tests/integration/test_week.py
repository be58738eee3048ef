"""The runner's week: her usual days, a day moved, and how long a run may be; never a decision."""

import datetime
import uuid

import pytest
import time_machine
from django.urls import reverse

from programs.models import DayChoice, DiaryEntry, PlannedSession
from programs.selectors.week import week_page
from programs.services.errors import Refused
from programs.services.notes import NoteValues, add_note
from programs.services.week import choose_day, set_run_days
from programs.week_rules import minutes_run, planned_minutes, run_rules, week_rules
from tests.builders import a_published_version, the_library
from tests.integration.story import QUIET, RUN, Story
from tests.support.people import signed_in

pytestmark = pytest.mark.django_db
# 2026-03-02, day 1 of a story, is a Monday.
MON, WED, FRI = 1, 3, 5


@pytest.fixture
def story() -> Story:
    return Story(stage="S3_run1_walk4")


def shown(story: Story, day: int) -> list[bool]:
    page = week_page(enrolment=story.enrolment, now=story.at(day))
    return [day.has_session for day in page.days]


def choose(story: Story, today: int, day: int, wants: bool) -> None:
    choose_day(enrolment=story.enrolment, now=story.at(today), date=story.date(day), wants_session=wants)


def test_without_usual_days_a_run_comes_as_soon_as_the_plan_allows(story):
    assert shown(story, 1) == [True, False, True, False, True, False, True, False]


def test_usual_days_are_kept_by_the_night(story):
    set_run_days(enrolment=story.enrolment, weekdays=[5, 1, 3], now=story.at(1))
    assert story.enrolment.run_days == [MON, WED, FRI]
    story.live(1, [QUIET, RUN, QUIET, QUIET, QUIET, QUIET])
    planned = PlannedSession.objects.filter(enrolment=story.pk).values_list("date", flat=True)
    # Tuesday's run took Wednesday's place: a rest day between comes first.
    assert [date.isoweekday() for date in planned.order_by("date")] == [FRI]


def test_other_days_than_today_are_not_called_today(story):
    set_run_days(enrolment=story.enrolment, weekdays=[5, 1, 3], now=story.at(1))
    days = week_page(enrolment=story.enrolment, now=story.at(1)).days
    reasons = {day.why for day in days if not day.is_today}
    assert "You chose other days to run." in reasons
    assert not [why for why in reasons if "oday" in why]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([1, 2, 5], "Leave a rest day"),
        ([1, 4, 7], "Leave a rest day"),
        ([1], "Choose 3 to 4 days"),
        ([1, 2, 3, 4, 5], "Choose 3 to 4 days"),
        ([0, 3, 5], "days of the week"),
    ],
)
def test_days_that_do_not_fit_are_refused_in_words(story, days, words):
    with pytest.raises(Refused, match=words):
        set_run_days(enrolment=story.enrolment, weekdays=days, now=story.at(1))
    assert story.enrolment.run_days == []


def test_a_run_is_moved_by_a_day_off_and_another_day(story):
    set_run_days(enrolment=story.enrolment, weekdays=[MON, WED, FRI], now=story.at(1))
    choose(story, 1, 3, wants=False)
    choose(story, 1, 4, wants=True)
    # Thursday's run leaves Friday without one.
    assert shown(story, 1) == [True, False, False, True, False, False, False, True]
    story.live(1, [RUN, QUIET, QUIET])
    assert list(PlannedSession.objects.filter(enrolment=story.pk).values_list("date", flat=True)) == [
        story.date(4)
    ]


def test_a_day_off_is_no_missed_session(story):
    choose(story, 1, 3, wants=False)
    story.live(1, [RUN, QUIET, QUIET, RUN, QUIET, RUN, QUIET])
    assert story.decision(7).rule != "D8L_SESSIONS"
    entries = [line for line in story.decision(7).inputs["entries"] if line]
    assert entries and not PlannedSession.objects.filter(date=story.date(3)).exists()


@pytest.mark.parametrize(("day", "words"), [(1, "tomorrow"), (0, "tomorrow"), (9, "tomorrow")])
def test_only_coming_days_of_a_week_can_be_chosen(story, day, words):
    with pytest.raises(Refused, match=words):
        choose(story, 1, day, wants=False)


def test_a_run_on_the_day_after_a_run_is_refused_with_the_reason(story):
    with pytest.raises(Refused, match="A rest day between sessions"):
        choose(story, 1, 2, wants=True)
    assert not DayChoice.objects.exists()


def test_while_paused_no_run_can_be_chosen_and_the_page_says_so(story):
    the_library()
    story.log(1, rest=3, red_flags=["FEVER_UNWELL"])
    with pytest.raises(Refused, match="no run"):
        choose(story, 1, 3, wants=True)
    with time_machine.travel(story.at(1), tick=False):
        page = signed_in(story.runner).get(reverse("week")).content.decode()
    assert "Your programme is paused" in page
    assert "Run that day" not in page and "Day off" not in page


def test_a_choice_never_changes_what_is_decided(story):
    other = Story(2, stage="S3_run1_walk4")
    choose(story, 1, 3, wants=False)
    set_run_days(enrolment=story.enrolment, weekdays=[MON, WED, FRI], now=story.at(1))
    days = [RUN, QUIET, {**QUIET, "session": "none"}, QUIET]
    assert story.live(1, days) == other.live(1, days)


def test_the_same_day_chosen_twice_is_one_row_with_the_last_word(story):
    for wants in (False, True, False):
        choose(story, 1, 3, wants=wants)
    assert list(DayChoice.objects.values_list("wants_session", flat=True)) == [False]


def test_the_page_moves_a_run_and_comes_back_with_what_was_wrong(story):
    the_library()
    with time_machine.travel(story.at(1), tick=False):
        client = signed_in(story.runner)
        address = reverse("week_day", args=[story.date(3).isoformat()])
        assert client.post(address, {"wants": "rest"}, follow=True).status_code == 200
        answer = client.post(reverse("week"), {"run_days": ["1", "2", "3"]})
        assert "Leave a rest day" in answer.content.decode()
        assert client.post(reverse("week"), {"run_days": ["1", "3", "5"]}).status_code == 302
        strange = client.post(address, {"wants": "fly"}, follow=True).content.decode()
        assert client.post(reverse("week_day", args=["2026-13-45"]), {"wants": "run"}).status_code == 404
        refused = client.post(
            reverse("week_day", args=[story.date(2).isoformat()]), {"wants": "run"}, follow=True
        )
    assert "Choose a run or a day off" in strange
    assert "A rest day between sessions" in refused.content.decode()
    assert story.enrolment.run_days == [MON, WED, FRI]


def test_walkers_choose_days_for_later():
    story = Story(stage="S1_walking")
    rules = week_rules(story.enrolment.version, "S1_walking")
    assert (rules.stage, rules.fewest, rules.most) == ("S3_run1_walk4", 3, 4)
    set_run_days(enrolment=story.enrolment, weekdays=[MON, WED, FRI], now=story.at(1))
    assert shown(story, 1) == [True] * 8


# --- how long a run may be -----------------------------------------------------------
def test_on_the_last_step_the_page_says_how_long_today():
    story = Story(stage="S8_run20_30")
    page = week_page(enrolment=story.enrolment, now=story.at(1))
    assert (page.limit.minutes, page.limit.longest) == (20, None)
    story.live(1, [RUN, QUIET, {**RUN, "run_minutes": 22}, QUIET])
    limit = week_page(enrolment=story.enrolment, now=story.at(5)).limit
    assert (limit.longest, limit.longest_on, limit.week_so_far) == (22, story.date(3), 42)
    assert (limit.minutes, limit.evidence.level) == (18, "moderate")
    # Its key, where no library is loaded that has its title.
    assert [source.title for source in limit.evidence.sources] == ["FRANDSEN"]
    assert limit.is_week_full


def test_an_earlier_step_sets_no_limit_beyond_its_own_run(story):
    assert week_page(enrolment=story.enrolment, now=story.at(1)).limit is None
    assert run_rules(story.enrolment.version, "S3_run1_walk4") is None


@pytest.mark.parametrize(
    ("values", "minutes"),
    [
        ({"session": "done"}, 5),
        ({"session": "done", "run_minutes": 4}, 4),
        ({"session": "partial"}, None),
        ({"session": "stopped_pain"}, None),
        ({"session": "partial", "run_minutes": 2}, 2),
        ({"session": "skipped"}, None),
    ],
)
def test_minutes_that_were_not_recorded_are_those_of_the_step_only_where_all_was_done(story, values, minutes):
    row = DiaryEntry(stage_shown="S3_run1_walk4", date=datetime.date(2026, 3, 2), **values)
    assert minutes_run(row, story.enrolment.version) == minutes


def test_a_run_without_minutes_counts_no_more_than_that_days_limit():
    """Or silence would let the next run grow past what was allowed."""
    story = Story(stage="S8_run20_30")
    story.live(1, [{**RUN, "run_minutes": 8}, QUIET, RUN, QUIET])
    limit = week_page(enrolment=story.enrolment, now=story.at(5)).limit
    assert (limit.longest, limit.minutes) == (8, 8)


def test_steps_with_several_different_runs_say_nothing_of_minutes():
    version = a_published_version("couch-to-5k")
    known = {key: planned_minutes(version, key) for key in version.stage_documents}
    assert None in known.values() and any(known.values())


def test_usual_days_that_are_changed_today_leave_today_as_it_began(story):
    story.live(1, [QUIET])
    assert PlannedSession.objects.filter(date=story.date(2)).exists()
    set_run_days(enrolment=story.enrolment, weekdays=[MON, WED, FRI], now=story.at(2))
    assert shown(story, 2)[0]


def test_after_a_note_of_strong_pain_the_week_names_no_session_of_today(story):
    assert shown(story, 1)[0]
    values = NoteValues(key=uuid.uuid4(), occasion="during", site="back", score=8)
    add_note(enrolment=story.enrolment, by=story.runner, now=story.at(1), date=story.date(1), values=values)
    today = week_page(enrolment=story.enrolment, now=story.at(1)).days[0]
    assert (str(today.tag.label), today.has_session, today.title) == ("Check in first", False, "")
