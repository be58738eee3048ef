"""A runner without a physiotherapist comes back by her own statement, and in no other way."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import User
from programs.engine.redflags import RED_FLAGS
from programs.engine.values import Outcome, Trigger
from programs.models import Decision, Enrolment, Override, OverrideKind
from programs.presentation import tag_of
from programs.selectors.ledger import told_of
from programs.selectors.progress_rows import progress_rows
from programs.services.diary import EntryValues, record_entry, report_red_flags
from programs.services.errors import Refused
from programs.services.overrides import clear_pause
from programs.services.self_clear import LONGEST_ADVICE, Statement, clear_by_own_statement
from programs.services.verification import LedgerReport, verify_ledger
from tests.builders import COMFORTABLE, QUIET, an_enrolment, close_the_day, live, reloaded, the_library
from tests.support.people import a_clinician, a_runner

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def paused(code: str = "FEVER_UNWELL", stage: str = "S5_run3_walk2", **fields) -> Enrolment:
    """Paused by a warning sign of yesterday, which is closed."""
    the_library()
    enrolment = an_enrolment(a_runner(), stage=stage, days_ago=1, **fields)
    return live(enrolment, EntryValues(morning=2, rest=2, red_flags=(code,)))


def today() -> datetime.date:
    return timezone.now().date()


def said(**changes) -> Statement:
    words = {
        "assessed_by": "Dr Ada Ames, GP",
        "assessed_on": today(),
        "advice": "Walk, then run again.",
        "denied": RED_FLAGS.keys(),
    }
    return Statement(**{**words, **changes})


def cleared(enrolment: Enrolment, by: User | None = None, now=None, **changes) -> Decision:
    return clear_by_own_statement(
        enrolment=enrolment,
        by=by or enrolment.runner,
        now=now or timezone.now(),
        statement=said(**changes),
    )


def is_sound() -> bool:
    return list(verify_ledger(LedgerReport())) == []


# --- what it does --------------------------------------------------------------------------
@pytest.mark.parametrize("code", ["FEVER_UNWELL", "CE_SADDLE"])
def test_she_restarts_at_the_gentlest_step_with_day_1_today(code):
    enrolment = paused(code)
    Enrolment.objects.filter(pk=enrolment.pk).update(cooldown_until=today() + DAY)
    row = cleared(enrolment)
    after = reloaded(enrolment)
    assert (after.stage, after.stage_entered_on, after.is_paused) == ("S1_walking", today(), False)
    assert (after.cooldown_until, after.baseline_morning) == (None, enrolment.baseline_morning)
    assert (row.trigger, row.rule, row.decision) == (Trigger.RUNNER, "D7C_PHYSIO_CLEAR", Outcome.HOLD)
    assert (row.stage_before, row.stage_after) == ("S5_run3_walk2", "S1_walking")


def test_what_she_said_is_recorded_in_her_words():
    row = cleared(paused())
    act = Override.objects.get()
    assert (act.kind, act.assessed_by, act.assessed_on) == (
        OverrideKind.SELF_CLEAR,
        "Dr Ada Ames, GP",
        today(),
    )
    assert act.made_by == row.decided_by == row.enrolment.runner
    assert row.reason.startswith(
        "Your own statement cleared you to continue: “I have been seen and told I may"
    )
    assert "Dr Ada Ames, GP" in row.reason and "Walk, then run again." in row.reason
    assert tag_of(row).label == "Back by your own statement"
    changes = progress_rows(reloaded(row.enrolment), today(), None).changes
    assert told_of(changes, every_day=False)[0].pk == row.pk


def test_nobody_is_sent_back_to_rest_and_nobody_who_rests_stays_there():
    enrolment = paused(stage="S0_relative_rest")
    cleared(enrolment)
    assert reloaded(enrolment).stage == "S1_walking"


def test_the_day_of_the_statement_closes_as_a_hold_and_the_ledger_stays_sound():
    enrolment = paused()
    cleared(enrolment)
    record_entry(
        enrolment=enrolment, by=enrolment.runner, now=timezone.now(), date=today(), values=COMFORTABLE
    )
    after = close_the_day(enrolment)
    closed = Decision.objects.get(date=today(), trigger=Trigger.DAY_CLOSE)
    assert (closed.rule, closed.decision) == ("D7C_PHYSIO_CLEAR", Outcome.HOLD)
    assert closed.reason.startswith("Your own statement cleared you")
    assert (after.stage, after.is_paused) == ("S1_walking", False)
    assert is_sound()


def test_a_later_correction_of_an_earlier_day_undoes_neither_the_statement_nor_the_restart():
    the_library()
    enrolment = an_enrolment(a_runner(), stage="S5_run3_walk2", days_ago=3)
    live(enrolment, QUIET, EntryValues(morning=2, rest=2, red_flags=("FEVER_UNWELL",)))
    now = timezone.now()
    enrolment = live(reloaded(enrolment), QUIET)
    cleared(enrolment, now=now)
    worse = EntryValues(morning=2, rest=2, session="done", during=8, after=8)
    record_entry(enrolment=enrolment, by=enrolment.runner, now=now, date=today() - 3 * DAY, values=worse)
    after = reloaded(enrolment)
    assert (after.stage, after.is_paused) == ("S1_walking", False)
    assert is_sound()


# --- when it is refused --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"assessed_by": " "}, "assessed_by"),
        ({"assessed_by": "x" * 121}, "assessed_by"),
        ({"advice": ""}, "advice"),
        ({"advice": "x" * (LONGEST_ADVICE + 1)}, "advice"),
        ({"assessed_on": datetime.date(2020, 1, 1)}, "assessed_on"),
        ({"assessed_on": datetime.date(2100, 1, 1)}, "assessed_on"),
        ({"denied": RED_FLAGS.keys() - {"CE_BOWEL"}}, None),
        ({"denied": ()}, None),
    ],
)
def test_a_statement_is_whole_or_it_is_none(changes, field):
    enrolment = paused()
    with pytest.raises(Refused) as refused:
        cleared(enrolment, **changes)
    assert refused.value.field == field
    assert reloaded(enrolment).is_paused and not Override.objects.exists()


def test_the_question_that_may_be_skipped_may_be_skipped():
    enrolment = paused()
    cleared(enrolment, denied=RED_FLAGS.keys() - {"CE_SEXUAL"})
    assert not reloaded(enrolment).is_paused


def test_a_look_from_before_the_present_level_does_not_count():
    """Seen for the fever; the numbness came after."""
    enrolment = paused()
    now = timezone.now()
    report_red_flags(enrolment=enrolment, by=enrolment.runner, now=now, codes=("CE_SADDLE",))
    after = close_the_day(enrolment)
    with pytest.raises(Refused) as refused:
        cleared(after, now=now + DAY, assessed_on=today() - DAY)
    assert refused.value.field == "assessed_on"


def test_a_routine_pause_needs_somebody_who_saw_her_too():
    the_library()
    severe = EntryValues(morning=7, rest=8, session="none")
    enrolment = live(an_enrolment(a_runner(), days_ago=2), severe, severe)
    assert enrolment.refer == "routine"
    with pytest.raises(Refused):
        cleared(enrolment, assessed_by="")
    cleared(enrolment)
    assert not reloaded(enrolment).is_paused and is_sound()


def test_with_a_physiotherapist_she_is_told_whom_to_ask():
    enrolment = paused(clinician=a_clinician())
    with pytest.raises(Refused, match="Ask Petra Physio"):
        cleared(enrolment)
    assert reloaded(enrolment).is_paused


def test_a_physiotherapist_whose_account_is_closed_cannot_be_asked():
    petra = a_clinician()
    enrolment = paused(clinician=petra)
    User.objects.filter(pk=petra.pk).update(is_active=False)
    cleared(enrolment)
    assert not reloaded(enrolment).is_paused


def test_only_the_runner_herself_while_it_is_paused_and_goes_on():
    enrolment = paused()
    with pytest.raises(Refused, match="for herself"):
        cleared(enrolment, by=a_runner("other@example.org"))
    cleared(enrolment)
    with pytest.raises(Refused, match="not paused"):
        cleared(enrolment)
    Enrolment.objects.filter(pk=enrolment.pk).update(status="withdrawn")
    with pytest.raises(Refused, match="ended"):
        cleared(enrolment)


def test_not_on_a_day_that_holds_a_warning_sign():
    """That day ends in a pause whatever else is true (INV-02)."""
    the_library()
    enrolment = an_enrolment(a_runner())
    now = timezone.now()
    report_red_flags(enrolment=enrolment, by=enrolment.runner, now=now, codes=("FEVER_UNWELL",))
    with pytest.raises(Refused, match="Come back tomorrow"):
        cleared(enrolment)
    tomorrow = close_the_day(enrolment)
    assert tomorrow.is_paused
    cleared(tomorrow, now=now + DAY)
    assert not reloaded(enrolment).is_paused and is_sound()


def test_nothing_but_a_person_ends_the_pause_however_many_good_days_follow():
    """INV-05, with the new way back in at hand and not taken."""
    enrolment = paused()
    now = timezone.now()
    for _ in range(5):
        date = reloaded(enrolment).open_date
        record_entry(enrolment=enrolment, by=enrolment.runner, now=now, date=date, values=QUIET)
        enrolment = close_the_day(reloaded(enrolment))
        now += DAY
    assert enrolment.is_paused and not Override.objects.exists()


def test_a_warning_sign_after_the_statement_pauses_again_at_once():
    enrolment = paused()
    cleared(enrolment)
    report_red_flags(enrolment=enrolment, by=enrolment.runner, now=timezone.now(), codes=("CE_SADDLE",))
    assert reloaded(enrolment).refer == "emergency"
    close_the_day(enrolment)
    assert is_sound()


def test_a_physiotherapist_who_is_let_in_later_clears_as_ever():
    petra = a_clinician()
    enrolment = paused(clinician=petra)
    seen = {"assessed_by": "Dr Ada Ames", "assessed_on": today()}
    clear_pause(enrolment=enrolment, by=petra, now=timezone.now(), reason="Seen and well", **seen)
    assert reloaded(enrolment).stage == "S5_run3_walk2"
