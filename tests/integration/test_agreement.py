"""How far people and engine agree: what counts as otherwise, whose runners count, and how much it costs."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.services import grant_consent, revoke_consent
from accounts.services.clinics import create_clinic, join_clinic
from programs.models import Decision, Enrolment, Override
from programs.selectors.agreement import AgreementPage, RuleRow, agreement_page, is_against, is_foreseen
from programs.selectors.agreement_rows import Acted
from programs.services.overrides import clear_pause, hold_until, set_stage
from tests.builders import an_enrolment, live, the_library
from tests.integration.story import QUIET, RUN, Story
from tests.support.people import a_clinician, a_manager, a_runner, signed_in

pytestmark = pytest.mark.django_db
NOON = datetime.time(12)
PLACES = {1: {"one": 0, "two": 1, "three": 2}}


def page_of(story: Story, day: int, days: int = 28) -> AgreementPage:
    return agreement_page(clinician=story.clinician, now=story.at(day), days=days)


def row_of(page: AgreementPage, code: str) -> RuleRow:
    return next(row for row in page.rules if row.code == code)


def act(kind: str, outcome: str, stage: str = "", after: str = "two", rule: str = "D8J_MIN_DAYS") -> Acted:
    return Acted(kind, stage, "other", 1, rule, outcome, after, 1)


# --- what counts -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("acted", "against", "foreseen"),
    [
        (act("hold_until", "advance"), True, False),
        (act("set_stage", "advance", "one"), True, False),
        (act("set_stage", "advance", "two"), False, False),
        (act("set_stage", "advance", "three"), False, False),
        (act("hold_until", "hold"), False, False),
        (act("set_stage", "hold", "three"), True, False),
        (act("set_stage", "hold", "one"), False, False),
        (act("hold_until", "step_back"), False, False),
        (act("set_stage", "step_back", "three"), True, False),
        (act("clear_pause", "pause_and_refer"), False, True),
        (act("set_stage", "pause_and_refer", "three"), True, False),
        (act("sign_off", "hold", "two", rule="D8P_SIGN_OFF"), False, True),
        (act("move_version", "hold", "three"), False, False),
        (act("set_stage", "hold", "elsewhere"), False, False),
    ],
)
def test_what_is_otherwise_and_what_was_foreseen(acted, against, foreseen):
    """The table of docs/safety.md."""
    assert (is_against(acted, PLACES), is_foreseen(acted)) == (against, foreseen)


def test_a_hold_after_an_advance_counts_against_its_rule():
    story = Story()
    petra = story.seen_by()
    walk = QUIET | {"session": "done", "during": 1, "after": 1}
    rules = story.live(1, [walk] * 8)
    advanced = rules.index("D9A_ADVANCE") + 1
    page = page_of(story, advanced + 1)
    row = row_of(page, "D9A_ADVANCE")
    assert (row.decided, row.against, row.percent) == (1, 0, None)
    hold_until(
        enrolment=story.enrolment,
        by=petra,
        now=story.at(9, NOON),
        until=story.date(12),
        reason="Too soon.",
        reason_code="assessment",
    )
    page = page_of(story, 9)
    # The act came on day 9 and the advance was of an earlier one: only the last decision before it counts.
    assert row_of(page, "D9A_ADVANCE").against == 0
    assert page.acts == 1 and page.reasons[0].words == "I examined the runner"


def test_the_last_decision_before_an_act_within_two_days_is_the_one_it_was_said_to():
    story = Story()
    petra = story.seen_by()
    walk = QUIET | {"session": "done", "during": 1, "after": 1}
    day = story.live(1, [walk] * 4).index("D9A_ADVANCE") + 1
    hold_until(
        enrolment=story.enrolment,
        by=petra,
        now=story.at(day + 1, NOON),
        until=story.date(day + 4),
        reason="Too soon.",
    )
    row = row_of(page_of(story, day + 1), "D9A_ADVANCE")
    assert (row.decided, row.against, row.foreseen) == (1, 1, 0)


def test_an_act_that_comes_later_is_said_to_nothing():
    story = Story()
    petra = story.seen_by()
    story.live(1, [QUIET] * 2)
    Enrolment.objects.filter(pk=story.pk).update(failures=1, retry_at=story.at(30))
    set_stage(
        enrolment=story.enrolment, by=petra, now=story.at(9, NOON), stage="S3_run1_walk4", reason="Ran well."
    )
    page = page_of(story, 9)
    assert page.acts == 1 and page.total.against == 0


def test_a_pause_that_is_ended_was_foreseen():
    story = Story()
    petra = story.seen_by()
    story.live(1, [QUIET, {**QUIET, "red_flags": ["FEVER_UNWELL"]}])
    clear_pause(
        enrolment=story.enrolment,
        by=petra,
        now=story.at(3, NOON),
        reason="Seen, and well.",
        assessed_by="Dr Ada Ames",
        assessed_on=story.date(3),
    )
    row = row_of(page_of(story, 3), "D2_URGENT")
    assert (row.against, row.foreseen) == (0, 1)


def test_held_days_say_what_the_engine_would_have_done():
    story = Story()
    petra = story.seen_by()
    walk = QUIET | {"session": "done", "during": 1, "after": 1}
    hold_until(
        enrolment=story.enrolment,
        by=petra,
        now=story.at(1, datetime.time(21)),
        until=story.date(8),
        reason="A flight.",
    )
    story.live(1, [walk] * 8)
    page = page_of(story, 9)
    held = {row.code: row.days for row in page.held}
    assert page.held_days == sum(held.values()) == 8 and page.unreadable == 0
    # Each day by itself: a step that was held back yesterday is held back still.
    assert held["D9A_ADVANCE"] > 1 and held["D8J_MIN_DAYS"] == 3
    assert not any(row.code == "D7A_PHYSIO_HOLD" for row in page.rules)


def test_a_share_is_said_from_five_decisions_on_and_never_rounded_up():
    story = Story()
    story.seen_by()
    story.live(1, [None] * 4)
    assert row_of(page_of(story, 5), "D8A_NO_LOG").percent is None
    story.live(5, [None])
    assert row_of(page_of(story, 6), "D8A_NO_LOG").percent == 100


# --- whose ------------------------------------------------------------------------------------
def test_runners_of_the_clinic_count_and_nobody_elses():
    now = timezone.now()
    petra, paul, elsewhere = (a_clinician(f"{name}@example.org") for name in ("petra", "paul", "else"))
    clinic = create_clinic(name="Riverside", by=a_manager(), now=now)
    for person in (petra, paul):
        join_clinic(clinic=clinic, clinician=person, now=now)
    mine = an_enrolment(clinician=paul, days_ago=3)
    theirs = an_enrolment(clinician=elsewhere, days_ago=3)
    for enrolment in (mine, theirs):
        live(enrolment, None, None)
    assert agreement_page(clinician=petra, now=now).total.decided == 2
    assert agreement_page(clinician=elsewhere, now=now).total.decided == 2
    revoke_consent(runner=mine.runner, clinician=paul, now=now)
    assert agreement_page(clinician=petra, now=timezone.now()).total.decided == 0


def test_what_is_older_than_the_time_asked_for_is_left_out():
    story = Story()
    story.seen_by()
    story.live(1, [None] * 5)
    assert page_of(story, 40, days=28).total.decided == 0
    assert page_of(story, 40, days=90).total.decided == 5


# --- the page ---------------------------------------------------------------------------------
def test_the_page_shows_numbers_and_names_nobody():
    petra = a_clinician()
    the_library()
    enrolment = live(an_enrolment(a_runner(name="Rosa Runner"), clinician=petra, days_ago=4), None, None)
    hold_until(
        enrolment=enrolment, by=petra, now=timezone.now(), until=timezone.now().date(), reason="A flight."
    )
    browser = signed_in(petra)
    for days in ("28", "90", "365", "1000"):
        page = browser.get(reverse("agreement"), {"days": days})
        assert page.status_code == 200
    text = page.content.decode()
    assert 'data-rule="D8A_NO_LOG"' in text and "Rosa" not in text and str(enrolment.public_id) not in text
    assert "Another reason" in text


def test_nothing_yet_is_said_so():
    text = signed_in(a_clinician()).get(reverse("agreement")).content.decode()
    assert "The engine decided nothing in this time." in text and "Nobody acted in this time." in text


# --- what it costs ------------------------------------------------------------------------------
def a_year(runners: int, days: int, held: int) -> Story:
    """Rows copied from a real decision of each kind; every tenth runner was held for some days."""
    story = Story()
    petra = story.seen_by()
    story.live(1, [RUN, QUIET, RUN])
    hold_until(
        enrolment=story.enrolment, by=petra, now=story.at(4, NOON), until=story.date(4), reason="A flight."
    )
    story.live(4, [RUN])
    plain, under_hold = story.decision(3), story.decision(4)
    given = Override.objects.get()
    for number in range(2, runners + 2):
        other = Story(number)
        grant_consent(runner=other.runner, clinician=petra, now=story.at(1))
        rows = [
            copied(
                under_hold if number % 10 == 0 and day < held else plain,
                enrolment_id=other.pk,
                date=story.date(day + 1),
            )
            for day in range(days)
        ]
        Decision.objects.bulk_create(rows)
        Override.objects.create(
            enrolment_id=other.pk,
            kind=given.kind,
            date=story.date(days // 2),
            until=story.date(days // 2),
            reason="A flight.",
            made_at=story.at(days // 2),
            made_by=petra,
        )
    return story


def copied(decision: Decision, **changes) -> Decision:
    fields = {field.attname: getattr(decision, field.attname) for field in Decision._meta.concrete_fields}
    return Decision(**{**fields, "id": None, "override_id": None, "supersedes_id": None, **changes})


@pytest.mark.parametrize(("runners", "days"), [(2, 10), (12, 40)])
def test_its_queries_do_not_grow(runners, days, django_assert_max_num_queries):
    story = a_year(runners, days, held=5)
    with django_assert_max_num_queries(9):
        page_of(story, 100, days=365)


def test_a_large_clinic_is_counted_whole():
    story = a_year(20, 180, held=90)
    page = page_of(story, 200, days=365)
    assert page.total.decided > 3000 and page.held_days > 150
