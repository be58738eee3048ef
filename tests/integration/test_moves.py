"""Moving a runner to another programme or version: the act, what goes with her, and the days after it."""

import copy
import datetime

import pytest

from accounts.services import revoke_consent
from programs.engine.values import Refer, Trigger
from programs.library.loader import PROGRAMME
from programs.models import Decision, Enrolment, Override, ProgrammeVersion
from programs.services.confirmations import confirm_stage
from programs.services.enrolments import IntakeAnswers, enrol
from programs.services.errors import NotLetIn, Refused
from programs.services.moves import move_version
from programs.services.overrides import hold_until, set_stage
from programs.services.verification import LedgerReport, verify_ledger
from tests.builders import DEFAULT, a_published_version, shipped
from tests.integration.story import NOON, QUIET, RUN, Story
from tests.integration.test_races import chain_is_whole
from tests.support.people import a_clinician

pytestmark = pytest.mark.django_db
REASON = "A gentler ladder fits better."
WAITS = "D8P_SIGN_OFF"


def renamed(document: dict, prefix: str = "N") -> dict:
    """The same ladder under keys and titles that nobody has seen before."""
    document = copy.deepcopy(document)
    for stage in document["stages"]:
        stage["key"], stage["title"] = f"{prefix}_{stage['key']}", f"{prefix} {stage['title']}"
    if "start_stages" in document:
        document["start_stages"] = [f"{prefix}_{key}" for key in document["start_stages"]]
    return document


def other_version(key: str = "other-way", **more) -> ProgrammeVersion:
    document = renamed(shipped().content(PROGRAMME, DEFAULT))
    return a_published_version(key, {**document, "key": key, "family": key, "title": "The other way", **more})


def second_edition(**more) -> ProgrammeVersion:
    """Of the programme that she follows; the same keys."""
    return a_published_version(
        document={**shipped().content(PROGRAMME, DEFAULT), "summary": "Second edition.", **more}
    )


def moved(story: Story, day: int, version: ProgrammeVersion, stage: str, wall=NOON, **fields) -> Decision:
    given = {"reason_code": "programme", "reason": REASON, **fields}
    return move_version(
        enrolment=story.enrolment,
        by=story.clinician,
        now=story.at(day, wall),
        version=version,
        stage=stage,
        **given,
    )


@pytest.fixture
def story(db) -> Story:
    story = Story(stage="S3_run1_walk4")
    story.seen_by()
    return story


def is_sound(story: Story) -> bool:
    return list(verify_ledger(LedgerReport())) == [] and chain_is_whole(story)


# --- the act -----------------------------------------------------------------------------
def test_she_stands_on_the_chosen_stage_of_the_new_programme_from_today(story):
    story.live(1, [QUIET, RUN])
    version = other_version()
    row = moved(story, 3, version, "N_S2_core", review_on=story.date(10))
    after = story.enrolment
    assert (after.version, after.family, after.stage) == (version, "other-way", "N_S2_core")
    assert after.stage_entered_on == story.date(3)
    assert (row.rule, row.trigger, row.decision, row.stage_change) == (
        "D7B_PHYSIO_SET",
        Trigger.CLINICIAN,
        "hold",
        0,
    )
    assert (row.stage_before, row.stage_after) == ("S3_run1_walk4", "N_S2_core")
    assert row.version != version, "its inputs are those of the programme that she left"
    assert (row.override.version, row.override.reason_code) == (version, "programme")
    assert REASON in row.reason and "Petra Physio" in row.reason
    assert "N Brisk walking and core strength" in row.reason
    assert is_sound(story)


def test_nothing_automatic_moves_her_on_the_day_of_the_move(story):
    story.live(1, [QUIET, RUN])
    moved(story, 3, other_version(), "N_S2_core")
    story.log(3, **RUN)
    closed = story.close(3)
    assert (closed.rule, closed.stage_after) == ("D7B_PHYSIO_SET", "N_S2_core")
    assert closed.version == story.enrolment.version
    assert is_sound(story)


def test_a_session_of_the_old_edition_counts_for_no_stage_of_the_new_one(story):
    """Also where both call the stage alike: what is run on it may be another thing."""
    story.live(1, [QUIET] * 4)
    story.log(5, **RUN)
    moved(story, 5, second_edition(), "S3_run1_walk4", wall=datetime.time(21))
    story.close(5)
    story.live(6, [QUIET, RUN, QUIET, RUN, QUIET])
    sessions = next(row for row in story.decision(10).criteria if row["code"] == "sessions")
    assert sessions["value"] == "2 in a row"
    assert story.live(11, [RUN, QUIET]) == ["D8I_PENDING", "D9A_ADVANCE"]
    assert is_sound(story)


def test_what_is_hers_goes_with_her(story):
    story.live(1, [QUIET, {**RUN, "during": 6}])
    before = story.enrolment
    assert before.step_backs
    hold_until(
        enrolment=before, by=story.clinician, now=story.at(3, NOON), until=story.date(9), reason="A race."
    )
    moved(story, 3, other_version(), "N_S2_core")
    after = story.enrolment
    for name in ("baseline_morning", "intake_pain", "step_backs", "started_on", "pattern"):
        assert getattr(after, name) == getattr(before, name), name
    assert after.hold_until == story.date(9)
    assert after.cooldown_until is None, "the new stage begins, as with a stage that is set"
    story.log(3, **QUIET)
    story.close(3)
    story.log(4, **QUIET)
    assert story.close(4).rule == "D7A_PHYSIO_HOLD"
    assert is_sound(story)


def test_a_third_strike_counts_those_before_the_move(story):
    Enrolment.objects.filter(pk=story.pk).update(
        step_backs=[story.date(1).isoformat(), story.date(2).isoformat()]
    )
    story.live(1, [QUIET, QUIET])
    moved(story, 3, other_version(), "N_S4_run2_walk3")
    story.close(3)
    story.log(4, **{**RUN, "during": 7})
    assert story.close(4).rule == "D4D_THREE_STRIKES"
    assert is_sound(story)


def test_a_pause_stays_a_pause(story):
    story.log(1, rest=2, red_flags=["FEVER_UNWELL"])
    story.close(1)
    moved(story, 2, other_version(), "N_S2_core")
    assert story.enrolment.refer == Refer.URGENT
    story.log(2, **QUIET)
    assert story.close(2).rule == "D3_PAUSED"
    assert is_sound(story)


def test_due_days_are_closed_first_by_the_programme_that_she_followed(story):
    for day in (1, 2, 3):
        story.log(day, **QUIET)
    moved(story, 4, other_version(), "N_S2_core")
    rows = Decision.objects.filter(trigger=Trigger.DAY_CLOSE).order_by("date")
    assert [row.version.template.key for row in rows] == [DEFAULT] * 3
    assert is_sound(story)


# --- refusals ----------------------------------------------------------------------------
@pytest.mark.parametrize("stage", ["S2_core", "N_S0_relative_rest", ""])
def test_a_stage_that_is_not_there_or_is_rest_is_refused(story, stage):
    with pytest.raises(Refused) as refusal:
        moved(story, 2, other_version(), stage)
    assert refusal.value.field == "stage"
    assert not Override.objects.exists()


def test_the_present_version_a_draft_a_retired_one_and_a_foreign_one_are_refused(story):
    foreign, retired = other_version("foreign"), other_version("retired")
    foreign.template.created_by = a_clinician("else@example.org")
    foreign.template.save()
    draft = ProgrammeVersion.objects.create(
        template=retired.template,
        number=9,
        document=retired.document,
        content_hash="draft",
        created_at=story.at(1),
    )
    ProgrammeVersion.objects.filter(pk=retired.pk).update(status="retired")
    for version in (story.enrolment.version, foreign, draft, retired):
        with pytest.raises(Refused) as refusal:
            moved(story, 2, version, "N_S2_core")
        assert refusal.value.field == "version"
    assert not Override.objects.exists()


def test_her_own_programme_is_hers_to_give(story):
    version = other_version()
    version.template.created_by = story.clinician
    version.template.save()
    moved(story, 2, version, "N_S2_core")
    assert story.enrolment.version == version


def test_two_programmes_of_one_family_are_refused(story):
    answers = IntakeAnswers(intake_pain=4, baseline_morning=1)
    version = other_version()
    enrol(runner=story.runner, version=version, stage="N_S1_walking", answers=answers, now=story.at(1))
    with pytest.raises(Refused, match="another programme of this kind"):
        moved(story, 2, version, "N_S2_core")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason_code": "because"}, "reason_code"),
        ({"review_on": datetime.date(2020, 1, 1)}, "review_on"),
    ],
)
def test_a_move_without_what_it_needs_is_refused(story, fields, field):
    with pytest.raises(Refused) as refusal:
        moved(story, 2, other_version(), "N_S2_core", **fields)
    assert refusal.value.field == field


def test_without_access_nobody_moves_her(story):
    revoke_consent(runner=story.runner, clinician=story.clinician, now=story.at(1))
    with pytest.raises(NotLetIn):
        moved(story, 2, other_version(), "N_S2_core")


# --- the days after it --------------------------------------------------------------------
def test_an_outage_across_a_move_closes_every_day_once_and_in_order(story):
    story.live(1, [QUIET, RUN])
    moved(story, 3, other_version(), "N_S4_run2_walk3")
    for day in range(3, 9):
        story.log(day, **(RUN if day % 2 else QUIET))
    story.close(8, late_days=2)
    closed = Decision.objects.filter(trigger=Trigger.DAY_CLOSE, date__gte=story.date(3)).order_by("pk")
    assert [row.date for row in closed] == [story.date(day) for day in range(3, 11)]
    assert {row.version_id for row in closed} == {story.enrolment.version_id}
    assert sum(row.decision == "advance" for row in closed) <= 1
    assert is_sound(story)


def test_a_move_in_the_night_before_the_close_counts_from_the_new_date(story):
    story.live(1, [QUIET])
    story.log(2, **RUN)
    moved(story, 3, other_version(), "N_S2_core", wall=datetime.time(1))
    assert story.enrolment.decided_through == story.date(1)
    closed = story.close(2)
    assert (closed.version, closed.stage_before) == (story.enrolment.version, "N_S2_core")
    assert story.close(3).rule == "D7B_PHYSIO_SET"
    assert is_sound(story)


def test_a_red_flag_on_the_day_of_the_move_pauses_at_once(story):
    story.live(1, [QUIET])
    moved(story, 2, other_version(), "N_S2_core")
    story.log(2, rest=2, red_flags=["CE_SADDLE"])
    assert story.enrolment.refer == Refer.EMERGENCY
    flag = Decision.objects.get(trigger=Trigger.RED_FLAG)
    assert flag.version == story.enrolment.version
    story.close(2)
    assert story.enrolment.refer == Refer.EMERGENCY
    assert is_sound(story)


def test_a_confirmation_does_not_go_along(story):
    asking = second_edition(sign_off=True)
    story.live(1, [QUIET])
    moved(story, 2, asking, "S1_walking")
    confirm_stage(
        enrolment=story.enrolment,
        by=story.clinician,
        now=story.at(2, NOON),
        reason_code="assessment",
        reason=REASON,
    )
    story.live(2, [RUN])
    other = other_version(sign_off=True)
    moved(story, 3, other, "N_S1_walking")
    rules = story.live(3, [RUN] * 6)
    assert WAITS in rules and "D9A_ADVANCE" not in rules
    assert is_sound(story)


def test_moved_twice_on_one_day_and_back(story):
    story.live(1, [QUIET])
    first = story.enrolment.version
    moved(story, 2, other_version(), "N_S2_core")
    moved(story, 2, first, "S4_run2_walk3", wall=datetime.time(13))
    assert (story.enrolment.version, story.enrolment.stage) == (first, "S4_run2_walk3")
    story.log(2, **QUIET)
    story.close(2)
    assert is_sound(story)


# --- corrections --------------------------------------------------------------------------
def earned(story: Story) -> None:
    """Walking up to the night in which it is left; then a day on the next step."""
    story.live(1, [RUN] * 5)
    assert story.enrolment.stage == "S2_core"


@pytest.fixture
def walker(db) -> Story:
    story = Story()
    story.seen_by()
    earned(story)
    return story


def test_a_correction_before_the_move_reverses_nothing_that_a_person_set_since(walker):
    version = other_version()
    moved(walker, 6, version, "N_S3_run1_walk4")
    walker.live(6, [QUIET, QUIET])
    walker.log(4, now=walker.at(8), **{**RUN, "during": 5, "after": 5})
    after = walker.enrolment
    assert Decision.objects.filter(trigger=Trigger.CORRECTION).exists()
    assert (after.version, after.stage) == (version, "N_S3_run1_walk4")
    corrected = Decision.objects.filter(trigger=Trigger.CORRECTION)
    for row in corrected:
        assert row.version == row.supersedes.version, "each day by the edition that decided it"
        assert row.stage_after in row.version.stage_documents
    assert list(verify_ledger(LedgerReport())) == []


def test_a_correction_before_a_move_of_today(walker):
    version = other_version()
    moved(walker, 6, version, "N_S3_run1_walk4")
    walker.log(4, now=walker.at(6), **{**RUN, "during": 7})
    after = walker.enrolment
    assert (after.version, after.stage) == (version, "N_S3_run1_walk4")
    assert after.stage_entered_on == walker.date(6)
    walker.log(6, **QUIET)
    walker.close(6)
    assert list(verify_ledger(LedgerReport())) == []


def test_a_correction_after_the_move_is_decided_by_the_new_programme(walker):
    moved(walker, 6, other_version(), "N_S4_run2_walk3")
    walker.live(6, [QUIET, RUN, QUIET])
    walker.log(7, now=walker.at(9), **{**RUN, "during": 8})
    after = walker.enrolment
    assert after.stage == "N_S3_run1_walk4"
    row = Decision.objects.filter(trigger=Trigger.CORRECTION).first()
    assert (row.rule, row.version) == ("D5A_RED_PAIN", after.version)
    assert list(verify_ledger(LedgerReport())) == []


def test_a_correction_of_the_day_of_the_move(walker):
    moved(walker, 6, other_version(), "N_S4_run2_walk3")
    walker.live(6, [QUIET, QUIET])
    walker.log(6, now=walker.at(8), **{**RUN, "during": 8})
    after = walker.enrolment
    assert after.stage == "N_S3_run1_walk4", "pain above the limit is a step back on any day"
    assert list(verify_ledger(LedgerReport())) == []


def test_a_red_flag_in_a_correction_across_the_move_pauses(walker):
    moved(walker, 6, other_version(), "N_S4_run2_walk3")
    walker.live(6, [QUIET])
    walker.log(4, now=walker.at(7), **RUN, red_flags=["FEVER_UNWELL"])
    assert walker.enrolment.refer == Refer.URGENT
    assert walker.enrolment.stage in walker.enrolment.version.stage_documents
    walker.close(7)
    assert walker.enrolment.refer == Refer.URGENT
    assert list(verify_ledger(LedgerReport())) == []


def test_a_correction_across_a_move_and_back(walker):
    first = walker.enrolment.version
    moved(walker, 6, other_version(), "N_S4_run2_walk3")
    walker.live(6, [QUIET])
    moved(walker, 7, first, "S4_run2_walk3")
    walker.live(7, [QUIET, RUN])
    walker.log(5, now=walker.at(9), **{**RUN, "during": 9})
    after = walker.enrolment
    assert (after.version, after.stage) == (first, "S4_run2_walk3")
    assert after.step_backs, "the step back of the corrected day counts as a strike"
    assert list(verify_ledger(LedgerReport())) == []


def test_a_stage_set_after_the_move_stays_through_a_correction(walker):
    moved(walker, 6, other_version(), "N_S2_core")
    walker.live(6, [QUIET])
    now = walker.at(7, NOON)
    set_stage(
        enrolment=walker.enrolment, by=walker.clinician, now=now, stage="N_S3_run1_walk4", reason="Fit."
    )
    walker.log(5, now=walker.at(7), **{**RUN, "during": 5})
    assert walker.enrolment.stage == "N_S3_run1_walk4"
    assert list(verify_ledger(LedgerReport())) == []
