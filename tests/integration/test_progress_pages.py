"""The chart and the pages of progress, ladder and exercises, through the database."""

import datetime
import functools
import re

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape

from programs.access import own_enrolment
from programs.engine.calendar import local_date
from programs.engine.rules import RULES_BY_CODE
from programs.models import LibraryItem
from programs.selectors.evidence import RuleEvidence, rule_evidence, sources_by_key
from programs.selectors.exercises import care_cards, exercise_page, shelves
from programs.selectors.ladder import ladder_of_runner, ladder_of_version, published_programmes
from programs.selectors.pain_chart import pain_chart
from programs.selectors.progress import Asked, progress_page
from programs.selectors.progress_rows import progress_rows
from programs.services.diary import EntryValues, record_entry
from programs.services.overrides import clear_pause
from tests.builders import (
    COMFORTABLE,
    QUIET,
    a_published_version,
    an_enrolment,
    an_entry,
    every_programme,
    live,
    reloaded,
    the_library,
)
from tests.support.people import a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)
TODAY = NOON.date()


def days_ago(days: int) -> datetime.date:
    return TODAY - datetime.timedelta(days=days)


def chart_of(enrolment, days=42):
    return pain_chart(progress_rows(enrolment, TODAY, days))


# --- the chart -------------------------------------------------------------------
def test_the_chart_takes_two_queries_however_long_the_diary(django_assert_num_queries):
    enrolment = live(an_enrolment(days_ago=10, now=NOON), *[QUIET] * 8)
    with django_assert_num_queries(2):
        chart_of(enrolment, days=None)


def test_a_day_that_was_not_logged_is_a_gap_in_the_line_and_not_recorded_in_the_table():
    enrolment = live(an_enrolment(days_ago=5, now=NOON), QUIET, QUIET, None, QUIET, QUIET)
    chart = chart_of(enrolment)
    rest = next(series for series in chart.wide.series if series.name == "rest")
    assert len(rest.line.paths) == 2
    assert rest.scores == "1 1 - 1 1 -"
    assert [gap.days for gap in chart.wide.gaps] == [1]
    missing = next(row for row in chart.rows if row.date == days_ago(3))
    assert (missing.rest, missing.session, missing.is_missing) == ("not recorded", "not recorded", True)


def test_today_is_not_missing_before_it_is_over():
    chart = chart_of(an_enrolment(now=NOON))
    assert not chart.has_missing
    assert chart.rows[0].is_today


def test_a_zero_is_shown_as_zero():
    enrolment = an_enrolment(now=NOON)
    an_entry(enrolment, rest=0, morning=0, session="none")
    assert (chart_of(enrolment).rows[0].rest, chart_of(enrolment).rows[0].morning) == ("0", "0")


def test_a_day_without_a_session_has_no_session_scores_to_record():
    enrolment = an_enrolment(now=NOON)
    an_entry(enrolment, rest=1, session="none")
    row = chart_of(enrolment).rows[0]
    assert (row.session, row.during, row.morning) == ("rest day", "–", "not recorded")


def test_a_session_whose_score_is_missing_says_so():
    enrolment = an_enrolment(now=NOON)
    an_entry(enrolment, rest=1, session="done", during=2)
    assert chart_of(enrolment).rows[0].after == "not recorded"


def test_an_advance_is_marked_and_the_next_step_begins_the_day_after():
    enrolment = live(an_enrolment(days_ago=6, now=NOON), *[COMFORTABLE] * 6)
    chart = chart_of(enrolment)
    assert [mark.kind for mark in chart.wide.marks] == ["advance"]
    assert [band.number for band in chart.wide.bands] == [2, 3]
    marked = next(row for row in chart.rows if row.mark)
    assert marked.mark == "Moved on one step"
    following = chart.rows[chart.rows.index(marked) - 1]
    assert (marked.step, following.step) == (2, 3)


def test_a_pause_is_marked_once_when_it_begins():
    enrolment = an_enrolment(days_ago=4, now=NOON)
    an_entry(enrolment, rest=2, red_flags=("FEVER_UNWELL",))
    enrolment = live(enrolment, None, QUIET, QUIET)
    assert [mark.kind for mark in chart_of(enrolment).wide.marks] == ["pause"]


def test_the_chart_begins_with_the_programme_and_reaches_back_as_asked():
    enrolment = an_enrolment(days_ago=60, now=NOON)
    assert len(chart_of(enrolment, days=14).rows) == 14
    assert len(chart_of(enrolment, days=None).rows) == 61


def test_the_picture_and_the_table_are_on_the_page_with_words_for_both():
    enrolment = live(an_enrolment(days_ago=3, now=NOON), QUIET, None, QUIET)
    chart = chart_of(enrolment)
    html = render_to_string("programs/charts/pain_chart.html", {"chart": chart, "uid": "pain"})
    assert html.count('role="img"') == 2
    assert escape(chart.summary) in html
    assert "not recorded" in html
    assert "style=" not in html


def test_without_a_score_the_chart_says_so_and_still_has_its_table():
    chart = pain_chart(progress_rows(an_enrolment(now=NOON), local_date(NOON, datetime.UTC), 14))
    html = render_to_string("programs/charts/pain_chart.html", {"chart": chart})
    assert "No pain scores in this time" in html
    assert '<svg class="pain-svg"' not in html


# --- the progress page --------------------------------------------------------------
def page_of(enrolment, *, range="12-weeks", every_day=False, today=TODAY):
    return progress_page(enrolment, today=today, asked=Asked(range=range, every_day=every_day))


def test_the_progress_page_takes_four_queries_beside_the_library(django_assert_num_queries):
    the_library()
    enrolment = live(an_enrolment(days_ago=10, now=NOON), *[COMFORTABLE] * 8)
    enrolment = own_enrolment(enrolment.runner)
    page_of(enrolment)
    with django_assert_num_queries(4):
        page_of(enrolment, range="all", every_day=True)


def test_changes_are_newest_first_and_leave_out_days_on_which_all_stayed():
    enrolment = live(an_enrolment(days_ago=8, now=NOON), *[COMFORTABLE] * 4, QUIET, QUIET)
    entries = page_of(enrolment).ledger.entries
    assert [entry.tag.label for entry in entries] == ["Move on"]
    assert entries[0].move == "From “Gentle walking” to “Brisk walking and core strength”"
    everything = page_of(enrolment, every_day=True).ledger.entries
    assert [entry.date for entry in everything] == [days_ago(n) for n in range(3, 9)]


def test_a_correction_shows_what_it_replaced_and_what_holds_now():
    enrolment = live(an_enrolment(days_ago=6, now=NOON), *[COMFORTABLE] * 4)
    worse = EntryValues(rest=1, morning=1, session="done", during=7, after=1)
    record_entry(enrolment=enrolment, by=enrolment.runner, now=NOON, date=days_ago(3), values=worse)
    entries = page_of(reloaded(enrolment)).ledger.entries
    replaced = [entry for entry in entries if entry.is_superseded]
    again = [entry for entry in entries if entry.how == "again, after you corrected your diary"]
    assert "Move on" in {entry.tag.label for entry in replaced}
    assert again and not any(entry.is_superseded for entry in again)
    assert {entry.replaces for entry in again} == {f"{old.tag.label}, {old.when}" for old in replaced}
    assert {entry.replaced_by for entry in replaced} == {f"{new.tag.label}, {new.when}" for new in again}


def test_a_warning_sign_and_a_physiotherapists_act_are_told_as_such():
    petra = a_clinician()
    enrolment = live(an_enrolment(days_ago=5, now=NOON, clinician=petra), QUIET)
    an_entry(enrolment, rest=2, red_flags=("FEVER_UNWELL",))
    enrolment = live(enrolment, None, QUIET)
    clear_pause(
        enrolment=enrolment,
        by=petra,
        now=NOON,
        reason="Seen by the GP, nothing found",
        assessed_by="Dr Grey",
        assessed_on=TODAY,
    )
    newest, *older = page_of(reloaded(enrolment)).ledger.entries
    assert newest.tag.label == "Pause cleared"
    assert newest.how == "by Petra Physio"
    facts = {fact.name: fact.value for fact in newest.facts}
    assert facts["Reason given"] == "Seen by the GP, nothing found"
    assert facts["Seen by"] == "Dr Grey on 20 November 2026"
    assert facts["Who"] == "Petra Physio"
    assert "at once, on a warning sign" in {entry.how for entry in older}
    assert "Urgent: be seen today" in {entry.refer.label for entry in older if entry.refer}
    chart = chart_of(reloaded(enrolment))
    assert [key.kind for key in chart.mark_keys] == ["pause", "person"]


def test_every_decision_opens_to_its_criteria_its_rule_and_who_made_it():
    the_library()
    enrolment = live(an_enrolment(days_ago=2, now=NOON), QUIET)
    (entry,) = page_of(enrolment, every_day=True).ledger.entries
    stored = enrolment.decisions.get()
    assert [row.state for row in entry.criteria] == [row["status"] for row in stored.criteria]
    assert {row.state for row in entry.criteria} == {"met", "not_met", "no_data"}
    assert any("Then: day 1. Needed: 4 days." in row.detail for row in entry.criteria)
    assert any("Source:" in row.source for row in entry.criteria)
    assert entry.rule.code == stored.rule
    assert entry.rule.grade and entry.rule.words
    facts = {fact.name: fact.value for fact in entry.facts}
    assert facts["Why then"] == "The day was over"
    assert facts["Who"] == "The rules of the programme, by themselves"
    assert facts["Programme"] == "Return to running after low back pain, edition 1"
    assert facts["Version of the rules"] == stored.engine_version
    assert entry.inputs is None


def test_every_rule_has_its_source_in_words_and_none_of_its_keys():
    the_library()
    sources = sources_by_key()
    by_length = sorted(sources.values(), key=lambda source: -len(source.title))
    for code in RULES_BY_CODE:
        said = rule_evidence(code, sources)
        assert said.grade and said.words
        assert not re.search(r"\bINV-|\bseeds? \d", said.words)
        without_titles = functools.reduce(lambda words, s: words.replace(s.title, ""), by_length, said.words)
        assert not set(re.findall(r"[A-Z][A-Z0-9]{2,}", without_titles)) & sources.keys()


def test_a_rule_that_the_engine_knows_no_more_is_shown_by_its_code():
    assert rule_evidence("D99_OLD", {}) == RuleEvidence("D99_OLD", "", "")


def test_a_page_of_the_ledger_that_is_not_there_is_the_last_one():
    enrolment = live(an_enrolment(days_ago=33, now=NOON), *[QUIET] * 32)
    asked = Asked(every_day=True, page=9)
    ledger = progress_page(enrolment, today=TODAY, asked=asked).ledger
    assert (ledger.number, ledger.pages, ledger.newer, ledger.older) == (2, 2, 1, None)
    assert [entry.date for entry in ledger.entries] == [days_ago(32), days_ago(33)]


def test_an_advice_to_be_seen_is_a_change_once_and_marked_once():
    enrolment = an_enrolment(days_ago=4, now=NOON)
    red = EntryValues(morning=3, rest=3, session="done", during=8, after=5)
    enrolment = live(enrolment, red, red, QUIET)
    labels = [entry.refer.label for entry in page_of(enrolment).ledger.entries if entry.refer]
    assert labels == ["See a physiotherapist or GP"]
    assert [key.kind for key in chart_of(enrolment).mark_keys] == ["refer"]


def test_weeks_count_what_was_done_of_what_was_planned_and_judge_nothing():
    part = EntryValues(morning=1, rest=1, session="partial", during=1, after=1)
    enrolment = an_enrolment(days_ago=4, now=NOON)  # a Monday
    enrolment = live(enrolment, COMFORTABLE, part, None, COMFORTABLE)
    (week,) = page_of(enrolment).weeks.weeks
    assert (week.done, week.in_part, week.stopped, week.is_current) == (2, 1, 0, True)
    assert week.planned == sum(week.ends) == 4


def test_every_week_of_a_long_programme_has_its_count():
    enrolment = an_enrolment(days_ago=61, now=NOON)
    weeks = page_of(enrolment, range="all").weeks.weeks
    assert len(weeks) == 10
    assert [week.first for week in weeks] == sorted((week.first for week in weeks), reverse=True)
    assert {week.first.weekday() for week in weeks} == {0}


def test_a_runner_sees_her_progress_and_a_strange_range_is_the_usual_one():
    enrolment = live(an_enrolment(days_ago=3), QUIET, QUIET)
    client = signed_in(enrolment.runner)
    strange = "?range=%F0%9F&show=1&page=%C2%B2"
    for query in ("", "?range=4-weeks", "?range=all&show=every-day&page=2", strange, "?page=-1"):
        response = client.get(reverse("progress") + query)
        assert response.status_code == 200
        assert "Pain over time" in response.content.decode()


def test_nothing_on_the_page_counts_days_in_a_row_or_says_behind():
    enrolment = live(an_enrolment(days_ago=9), *[COMFORTABLE] * 4, None, QUIET)
    html = signed_in(enrolment.runner).get(reverse("progress")).content.decode().lower()
    assert "streak" not in html
    assert "badge" not in html
    assert "you are behind" not in html


@pytest.mark.parametrize("name", ["progress", "programme"])
def test_without_a_programme_the_page_leads_to_one(name):
    response = signed_in(a_runner()).get(reverse(name))
    assert response.status_code == 200
    assert "Begin" in response.content.decode()


@pytest.mark.parametrize("name", ["progress", "programme"])
def test_a_physiotherapist_has_no_progress_of_her_own(name):
    assert signed_in(a_clinician()).get(reverse(name)).status_code == 403


# --- the ladder ---------------------------------------------------------------------
def test_the_ladder_takes_three_queries(django_assert_num_queries):
    the_library()
    enrolment = an_enrolment()
    ladder_of_runner(enrolment)  # takes the library into memory
    with django_assert_num_queries(3):
        ladder_of_runner(enrolment)


def test_the_ladder_marks_the_present_step_and_those_behind():
    the_library()
    ladder = ladder_of_runner(an_enrolment(stage="S3_run1_walk4"))
    assert [step.state for step in ladder.steps] == ["behind"] * 3 + ["current"] + ["ahead"] * 5
    assert ladder.current.title == "Run 1, walk 4"


def test_every_threshold_of_every_programme_has_words_a_grade_and_its_sources_in_words():
    the_library()
    keys = set(sources_by_key())
    for version in every_programme():
        ladder = ladder_of_version(version)
        given = [*ladder.rules, *(t for step in ladder.steps for t in (*step.criteria, *step.limits))]
        document = version.document
        stages = document["stages"]
        assert len(ladder.rules) == len(document["engine"])
        assert sum(len(s.criteria) for s in ladder.steps) == sum(len(s.get("criteria", ())) for s in stages)
        assert all(threshold.words and threshold.evidence.grade for threshold in given)
        titles = {source.title for threshold in given for source in threshold.evidence.sources}
        assert not titles & keys


def test_an_older_version_stays_on_its_runners_page():
    the_library()
    enrolment = an_enrolment()
    changed = {**enrolment.version.document, "title": "A newer edition"}
    a_published_version(document=changed)
    html = signed_in(enrolment.runner).get(reverse("programme")).content.decode()
    assert "Return to running after low back pain" in html
    assert "You stay on this version" in html
    assert "A newer edition" not in html


def test_a_physiotherapist_reads_every_published_programme(django_assert_num_queries):
    the_library()
    every_programme()
    clinician = a_clinician()
    with django_assert_num_queries(1):
        rows = published_programmes(user=clinician, now=NOON)
    assert len(rows) == 6
    client = signed_in(clinician)
    assert client.get(reverse("programmes")).status_code == 200
    for row in rows:
        assert client.get(reverse("programme_version", args=[row.key, row.number])).status_code == 200


def test_a_version_that_is_not_there_or_a_draft_is_not_found():
    version = a_published_version()
    version.template.versions.create(number=2, document=version.document, content_hash="x", created_at=NOON)
    client = signed_in(a_clinician())
    for number in (2, 99):
        address = reverse("programme_version", args=[version.template.key, number])
        assert client.get(address).status_code == 404


def test_a_newer_version_is_the_one_in_the_list_and_the_older_stays_readable():
    version = a_published_version()
    a_published_version(document={**version.document, "title": "A newer edition"})
    (row,) = published_programmes(user=a_runner(), now=NOON)
    assert (row.number, row.title, row.others) == (2, "A newer edition", (1,))


# --- exercises, cards, safety -----------------------------------------------------------
def test_an_exercise_takes_four_queries(django_assert_num_queries):
    the_library()
    enrolment = an_enrolment()
    exercise_page("cobra", enrolment)
    with django_assert_num_queries(4):
        exercise_page("cobra", enrolment)


def test_every_exercise_has_a_page_with_its_drawing_and_its_words():
    the_library()
    client = signed_in(an_enrolment().runner)
    listed = [card for shelf in shelves() for card in shelf.exercises]
    assert len(listed) == len({card.key for card in listed}) == 18
    for card in listed:
        html = client.get(reverse("exercise", args=[card.key])).content.decode()
        assert f"exercises/{card.key}.svg" in html
        assert escape(card.picture_alt) in html


def test_what_is_off_says_who_may_turn_it_on():
    the_library()
    assert "Only your physiotherapist" in exercise_page("deadlift", None).off_note
    assert "bending forward" in exercise_page("cobra", None).off_note
    assert exercise_page("bird_dog", None).off_note == ""


def test_a_runner_reads_what_holds_for_her_own_back():
    the_library()
    page = exercise_page("cobra", an_enrolment(pattern="extension_intolerant"))
    yours = [direction for direction in page.directions if direction.is_yours]
    assert [(d.question, d.label) for d in yours] == [
        ("If arching back makes your back worse", "Leave it out")
    ]
    assert page.not_for_you
    assert page.substitute.key == "child_pose"


def test_an_exercise_without_a_drawing_still_has_its_page():
    the_library()
    document = LibraryItem.objects.of_kind("exercise").get(key="plank").document
    LibraryItem.objects.create(
        kind="exercise",
        key="own_idea",
        number=1,
        document={**document, "key": "own_idea", "title": "Our own idea"},
        content_hash="x",
        published_at=NOON,
    )
    html = signed_in(a_clinician()).get(reverse("exercise", args=["own_idea"])).content.decode()
    assert "Our own idea" in html
    assert "own_idea.svg" not in html


def test_an_exercise_that_is_not_there_is_not_found():
    assert signed_in(a_clinician()).get(reverse("exercise", args=["no-such"])).status_code == 404


def test_the_cards_name_no_amount_of_any_medicine(django_assert_num_queries):
    the_library()
    care_cards()
    with django_assert_num_queries(2):
        cards = care_cards()
    assert (len(cards["self_care"]), len(cards["medication"])) == (4, 3)
    html = signed_in(a_clinician()).get(reverse("self_care")).content.decode()
    assert not re.search(r"\d\s?mg", html)


def test_everybody_may_read_the_safety_notice_and_it_needs_no_library(django_assert_num_queries):
    with django_assert_num_queries(0):
        html = signed_in(None).get(reverse("safety")).content.decode()
    assert "Call 999" in html
    assert "Not a medical device" in html
    assert "No clinician has approved the content" in html
    assert "numbness or changed feeling between the legs" in html


@pytest.mark.parametrize("name", ["exercises", "self_care", "programmes", "progress", "programme"])
def test_a_stranger_is_asked_to_sign_in(name):
    assert signed_in(None).get(reverse(name)).status_code == 302
