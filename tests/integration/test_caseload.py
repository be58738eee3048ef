"""The caseload page: everybody once, the neediest first, and only with consent."""

import datetime

import pytest
from django.utils import timezone

from accounts.services import grant_consent, revoke_consent
from programs.caseload_words import RULES_IN_BRIEF
from programs.engine.calendar import local_date
from programs.engine.rules import RULES_BY_CODE
from programs.engine.triage import NeedCode
from programs.models import Enrolment
from programs.selectors.caseload import caseload_page
from programs.selectors.caseload_filters import Asked, asked_of
from programs.selectors.progress_rows import progress_rows
from programs.selectors.week_counts import weeks_of
from programs.services.diary import EntryValues
from programs.services.overrides import hold_until, set_stage
from tests.builders import COMFORTABLE, QUIET, an_enrolment, an_entry, live, reloaded
from tests.support.people import a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
DAY = datetime.timedelta(days=1)


@pytest.fixture
def petra():
    return a_clinician()


def on_her_list(petra, name: str, *days, days_ago: int | None = None, **fields) -> Enrolment:
    """A runner of hers who lived through days and is now on the one after."""
    runner = a_runner(email=f"{name.split()[0].lower()}@example.org", name=name)
    ago = len(days) if days_ago is None else days_ago
    enrolment = an_enrolment(runner, clinician=petra, days_ago=ago, **fields)
    return live(enrolment, *days)


def page_of(petra, **filters):
    return caseload_page(clinician=petra, now=timezone.now(), asked=Asked(**filters))


def names(page) -> list[str]:
    return [row.name for row in page.rows]


def test_an_empty_caseload_says_how_runners_let_her_in(petra):
    page = signed_in(petra).get("/caseload/").content.decode()
    assert "No runner has let you in yet" in page
    assert "/account/asks/" in page and "/account/code/" in page


def test_every_active_enrolment_is_there_once_in_order_of_need(petra):
    on_her_list(petra, "Fay Fine", QUIET, QUIET)
    on_her_list(petra, "Sil Silent", QUIET, None, None, None)
    on_her_list(petra, "Sia Silent", QUIET, None, None, None, None)
    on_her_list(petra, "Bea Above", QUIET, EntryValues(morning=2, rest=5))
    flare = EntryValues(morning=4, rest=1, session="none")
    on_her_list(petra, "Wes Worse", COMFORTABLE, flare)
    leg = EntryValues(morning=2, rest=2, leg="below_knee")
    on_her_list(petra, "Leo Leg", leg, leg)
    on_her_list(petra, "Uma Urgent", EntryValues(morning=2, rest=2, red_flags=("FEVER_UNWELL",)))
    on_her_list(petra, "Eve Emergency", EntryValues(morning=2, rest=2, red_flags=("CE_SADDLE",)))
    page = page_of(petra)
    assert names(page) == [
        "Eve Emergency",
        "Uma Urgent",
        "Leo Leg",
        "Bea Above",
        "Wes Worse",
        "Sia Silent",
        "Sil Silent",
        "Fay Fine",
    ]
    assert page.total == 8
    assert page.waiting == 3


def test_reasons_stand_in_words(petra):
    on_her_list(petra, "Eve Emergency", EntryValues(morning=2, rest=2, red_flags=("CE_SADDLE",)))
    on_her_list(petra, "Sil Silent", QUIET, None, None, None)
    html = signed_in(petra).get("/caseload/").content.decode()
    assert "Numbness or changed feeling between the legs" in html
    assert "Phone them now. The number is in your own records; none is kept here." in html
    assert "No entry for 3 days" in html


def test_a_milder_sign_the_day_after_does_not_hide_the_emergency(petra):
    first = EntryValues(morning=2, rest=2, red_flags=("CE_SADDLE",))
    then = EntryValues(morning=2, rest=2, red_flags=("LEG_WEAK_ONE",))
    on_her_list(petra, "Eve Emergency", first, then, QUIET)
    (row,) = page_of(petra).rows
    assert row.need.code == NeedCode.EMERGENCY
    assert row.words.reason == "Numbness or changed feeling between the legs"


def test_a_worse_sign_the_day_after_takes_the_place_of_the_milder_one(petra):
    first = EntryValues(morning=2, rest=2, red_flags=("LEG_WEAK_ONE",))
    then = EntryValues(morning=2, rest=2, red_flags=("CE_SADDLE",))
    on_her_list(petra, "Eve Emergency", first, then, QUIET)
    assert page_of(petra).rows[0].words.reason == "Numbness or changed feeling between the legs"


def test_somebody_who_never_logged_is_not_lost(petra):
    on_her_list(petra, "Nia Never", *[None] * 40)
    (row,) = page_of(petra).rows
    assert (row.need.code, row.need.since_days) == (NeedCode.SILENT, 40)
    assert row.last_entry == "no entry yet"


def test_a_high_score_does_not_leave_the_list_by_age(petra):
    on_her_list(petra, "Ida", EntryValues(morning=2, rest=6), *[None] * 30)
    (row,) = page_of(petra).rows
    assert (row.need.code, row.need.since_days) == (NeedCode.ABOVE_BASELINE, 31)


def test_a_runner_whom_an_error_set_aside_stays_on_the_list(petra):
    enrolment = on_her_list(petra, "Ada Aside", QUIET)
    on_her_list(petra, "Fay Fine", QUIET)
    Enrolment.objects.filter(pk=enrolment.pk).update(failures=3, last_error="KeyError: 'S9'", stage="S9_gone")
    page = page_of(petra)
    assert names(page) == ["Ada Aside", "Fay Fine"]
    assert page.rows[0].need.code == NeedCode.SET_ASIDE
    assert signed_in(petra).get(f"/runners/{enrolment.public_id}/").status_code == 200


def test_a_hold_is_due_for_review_on_its_last_day(petra):
    enrolment = on_her_list(petra, "Hana", *[QUIET] * 3)
    now = timezone.now()
    today = now.date()
    hold_until(enrolment=enrolment, by=petra, now=now, until=today + 2 * DAY, reason="Settle first")
    assert page_of(petra).rows[0].need.code == NeedCode.FINE
    assert page_of(petra).rows[0].hold_until == today + 2 * DAY
    hold_until(enrolment=enrolment, by=petra, now=now, until=today, reason="Settle first")
    row = page_of(petra).rows[0]
    assert row.need.code == NeedCode.REVIEW_DUE
    assert "The hold by Petra Physio ends today" in row.words.reason


def test_a_stage_that_was_set_is_due_for_review_until_somebody_acts(petra):
    enrolment = on_her_list(petra, "Hana", *[QUIET] * 3)
    now = timezone.now()
    common = {"enrolment": enrolment, "by": petra, "now": now, "reason": "Ran well in clinic"}
    set_stage(stage="S3_run1_walk4", review_on=now.date(), **common)
    assert page_of(petra).rows[0].need.code == NeedCode.REVIEW_DUE
    set_stage(stage="S3_run1_walk4", review_on=now.date() + 5 * DAY, **common)
    assert page_of(petra).rows[0].need.code == NeedCode.FINE


def test_ready_says_where_to(petra):
    enrolment = on_her_list(petra, "Ria Ready", COMFORTABLE, COMFORTABLE, COMFORTABLE)
    an_entry(enrolment, now=timezone.now(), morning=1, rest=1, session="none")
    row = page_of(petra).rows[0]
    assert row.need.code == NeedCode.READY
    assert "Brisk walking and core strength" in row.words.reason


def test_who_just_reported_high_pain_and_a_limp_is_not_on_course(petra):
    enrolment = on_her_list(petra, "Lin Limp", QUIET, QUIET, stage="S4_run2_walk3")
    hurt = {"morning": 1, "rest": 2, "session": "done", "during": 8, "after": 3, "limp": True}
    an_entry(enrolment, now=timezone.now(), **hurt)
    row = page_of(petra).rows[0]
    assert (row.need.code, row.words.tag.label) == (NeedCode.WILL_STEP_BACK, "Step back tonight")
    assert row.words.reason == "Pain 8/10 during the session; back to: Run 1, walk 4"
    assert row.words.standing == ""


def test_who_will_be_paused_tonight_stands_there_before_it_happens(petra):
    leg = {"morning": 2, "rest": 2, "leg": "below_knee"}
    enrolment = on_her_list(petra, "Leo Leg", EntryValues(**leg))
    an_entry(enrolment, now=timezone.now(), **leg)
    row = page_of(petra).rows[0]
    assert (row.need.code, row.words.tag.label) == (NeedCode.WILL_PAUSE, "Pauses tonight")
    assert row.words.reason == "Pain below the knee on more than one day"


def test_every_rule_has_brief_words_that_do_not_speak_to_the_runner():
    assert set(RULES_IN_BRIEF) == set(RULES_BY_CODE)
    assert not [words for words in RULES_IN_BRIEF.values() if "you" in words.casefold()]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ([QUIET, QUIET], "stays – day 2 of at least 4"),
        ([COMFORTABLE] * 4, "moves on to Brisk walking and core strength – every criterion is met"),
        ([None], "stays – no pain score"),
    ],
)
def test_a_runner_on_course_is_told_of_in_the_third_person_with_the_date(petra, days, told):
    decided = reloaded(on_her_list(petra, "Fay Fine", *days)).decided_through
    (row,) = page_of(petra).rows
    assert (row.need.code, row.words.reason) == (NeedCode.FINE, f"Decided {decided:%-d %B}: {told}")


def test_an_act_of_today_takes_the_place_of_advice_to_hold(petra):
    enrolment = on_her_list(petra, "Bea Above", QUIET, EntryValues(morning=2, rest=5))
    assert "Hold the stage if in doubt" in page_of(petra).rows[0].words.next_step
    common = {"enrolment": enrolment, "by": petra, "now": timezone.now(), "reason": "Settle first"}
    hold_until(until=timezone.now().date() + 5 * DAY, **common)
    assert page_of(petra).rows[0].words.next_step == "You held this runner today."
    set_stage(stage="S2_core", **common)
    row = page_of(petra).rows[0]
    assert (row.need.code, row.words.next_step) == (NeedCode.ABOVE_BASELINE, "You moved this runner today.")


def test_the_act_of_a_colleague_stands_under_her_name(petra):
    enrolment = on_her_list(petra, "Bea Above", QUIET, EntryValues(morning=2, rest=5))
    paul = a_clinician("paul@example.org", "Paul Other")
    now = timezone.now()
    grant_consent(runner=enrolment.runner, clinician=paul, now=now)
    hold_until(enrolment=enrolment, by=paul, now=now, until=now.date() + 5 * DAY, reason="Settle first")
    assert page_of(petra).rows[0].words.next_step == "Paul Other held this runner today."


def test_an_act_does_not_take_the_place_of_the_call_in_an_emergency(petra):
    flagged = EntryValues(morning=2, rest=2, red_flags=("CE_SADDLE",))
    enrolment = on_her_list(petra, "Eve Emergency", flagged)
    common = {"enrolment": enrolment, "by": petra, "now": timezone.now(), "reason": "Gentler later"}
    set_stage(stage="S1_walking", **common)
    assert page_of(petra).rows[0].words.next_step.startswith("Phone them now.")


def test_good_news_of_the_last_week_has_its_own_list(petra):
    on_her_list(petra, "Gus Good", *[COMFORTABLE] * 4)
    on_her_list(petra, "Old Olga", *[COMFORTABLE] * 4, *[QUIET] * 9)
    flagged = EntryValues(morning=1, rest=2, red_flags=("FEVER_UNWELL",))
    on_her_list(petra, "Uma Urgent", *[COMFORTABLE] * 4, flagged)
    page = page_of(petra)
    assert [(news.name, news.when) for news in page.good_news] == [("Gus Good", "yesterday")]


def test_numbers_of_a_row(petra):
    skipped = EntryValues(morning=1, rest=1, session="skipped_pain")
    enrolment = on_her_list(petra, "Nel", COMFORTABLE, COMFORTABLE, skipped, QUIET)
    (row,) = page_of(petra).rows
    # Nothing was planned on record for day 1, but a session was done.
    assert (row.done, row.planned) == (2, 4)
    assert row.stage_day == 5
    assert row.last_entry == "yesterday"
    assert reloaded(enrolment).stage == row.stage_key
    assert "10 days not recorded" in row.spark.words


def test_done_of_planned_is_the_same_for_the_runner_and_for_her_physiotherapist(petra):
    part = EntryValues(morning=1, rest=1, session="partial", during=1, after=1)
    stopped = EntryValues(morning=1, rest=1, session="stopped_pain", during=4, after=2)
    enrolment = on_her_list(petra, "Nel", COMFORTABLE, part, None, stopped, QUIET, COMFORTABLE)
    (row,) = page_of(petra).rows
    today = local_date(timezone.now(), enrolment.runner.zone)
    weeks = weeks_of(progress_rows(enrolment, today, None))
    assert (row.done, row.planned) == (sum(w.done for w in weeks), sum(w.planned for w in weeks))
    assert row.done == 2


def test_a_planned_session_of_today_counts_once_something_is_said_of_it(petra):
    enrolment = on_her_list(petra, "Nel", QUIET, QUIET)
    assert page_of(petra).rows[0].planned == 1
    skipped = {"morning": 1, "rest": 1, "session": "skipped"}
    an_entry(enrolment, local_date(timezone.now(), enrolment.runner.zone), now=timezone.now(), **skipped)
    assert (page_of(petra).rows[0].done, page_of(petra).rows[0].planned) == (0, 2)


def test_filters_by_name_need_and_stage(petra):
    on_her_list(petra, "Fay Fine", QUIET)
    on_her_list(petra, "Sil Silent", QUIET, None, None, None)
    on_her_list(petra, "Zoe Rest", stage="S0_relative_rest")
    assert names(page_of(petra, query="sIL")) == ["Sil Silent"]
    assert names(page_of(petra, need="silent")) == ["Sil Silent"]
    assert names(page_of(petra, stage="S0_relative_rest")) == ["Zoe Rest"]
    assert names(
        caseload_page(clinician=petra, now=timezone.now(), asked=asked_of({"need": "nonsense"}))
    ) == ["Sil Silent", "Fay Fine", "Zoe Rest"]
    none = page_of(petra, query="zz")
    assert (names(none), none.total, none.is_filtered) == ([], 3, True)
    assert "Nobody fits" in signed_in(petra).get("/caseload/?q=zz").content.decode()


def test_a_search_is_shown_as_text_and_not_as_markup(petra):
    on_her_list(petra, "Fay Fine", QUIET)
    html = signed_in(petra).get("/caseload/", {"q": '"><b>x'}).content.decode()
    assert '"><b>x' not in html


def test_nobody_is_shown_without_consent_in_force(petra):
    hers = on_her_list(petra, "Hers", QUIET)
    stranger = an_enrolment(a_runner(email="other@example.org", name="Other Runner"), days_ago=2)
    assert names(page_of(petra)) == ["Hers"]
    grant_consent(runner=stranger.runner, clinician=petra, now=timezone.now())
    assert len(page_of(petra).rows) == 2
    for enrolment in (hers, stranger):
        revoke_consent(runner=enrolment.runner, clinician=petra, now=timezone.now())
    page = page_of(petra)
    assert (page.rows, page.good_news, page.total) == ((), (), 0)


def test_an_ended_programme_is_not_on_the_list(petra):
    enrolment = on_her_list(petra, "Done", QUIET)
    Enrolment.objects.filter(pk=enrolment.pk).update(status="completed")
    assert page_of(petra).total == 0
