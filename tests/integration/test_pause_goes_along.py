"""Whoever leaves a paused programme and begins anew begins paused: only a person ends a pause (INV-05)."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from programs.engine.redflags import RED_FLAGS
from programs.models import Decision, Enrolment, RedFlagCase
from programs.services.days import close_due
from programs.services.diary import EntryValues
from programs.services.discharges import discharge, leave
from programs.services.enrolments import IntakeAnswers, enrol
from programs.services.overrides import clear_pause
from programs.services.self_clear import Statement, clear_by_own_statement
from programs.services.verification import LedgerReport, verify_ledger
from tests.builders import QUIET, an_enrolment, live, reloaded, the_library
from tests.support.people import a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db
CLEAN = IntakeAnswers(intake_pain=2, baseline_morning=1)


def paused(code: str = "FEVER_UNWELL", **fields) -> Enrolment:
    the_library()
    enrolment = an_enrolment(a_runner(), stage="S5_run3_walk2", days_ago=1, **fields)
    return live(enrolment, EntryValues(morning=2, rest=2, red_flags=(code,)))


def begun_again(enrolment: Enrolment) -> Enrolment:
    """Through the intake, all answers clean."""
    now = timezone.now()
    enrol(runner=enrolment.runner, version=enrolment.version, stage="S1_walking", answers=CLEAN, now=now)
    return Enrolment.objects.active().get(runner=enrolment.runner)


@pytest.mark.parametrize(("code", "level"), [("FEVER_UNWELL", "urgent"), ("CE_SADDLE", "emergency")])
def test_a_runner_who_leaves_in_a_pause_begins_in_it(code, level):
    first = paused(code)
    leave(enrolment=first, by=first.runner, now=timezone.now())
    again = begun_again(first)
    assert (again.refer, again.paused_at) == (level, reloaded(first).paused_at)
    case = RedFlagCase.objects.get(closed_at__isnull=True)
    assert (case.enrolment, case.level) == (again, level)
    close_due(now=again.closes_at, job="test")
    decided = Decision.objects.get(enrolment=again)
    assert (decided.rule, decided.refer) == ("D3_PAUSED", level)
    assert list(verify_ledger(LedgerReport())) == []


def test_her_pages_say_why():
    first = paused()
    leave(enrolment=first, by=first.runner, now=timezone.now())
    begun_again(first)
    page = signed_in(first.runner).get(reverse("paused"))
    assert "ended while it was paused" in page.content.decode()
    assert "tel:" in page.content.decode()


def test_her_physiotherapist_ends_it_as_any_other():
    petra = a_clinician()
    first = paused(clinician=petra)
    now = timezone.now()
    discharge(
        enrolment=first, by=petra, now=now, outcome="stopped", summary="Moves away", handed_to="Dr Ada Ames"
    )
    again = begun_again(first)
    assert RedFlagCase.objects.get(closed_at__isnull=True).owner == petra
    clear_pause(
        enrolment=again,
        by=petra,
        now=now,
        reason_code="assessment",
        reason="Seen, all well",
        assessed_by="Dr Ada Ames",
        assessed_on=now.date(),
    )
    assert reloaded(again).refer == "none"
    assert not RedFlagCase.objects.filter(closed_at__isnull=True).exists()


def test_without_a_physiotherapist_her_own_statement_ends_it():
    first = paused()
    now = timezone.now()
    leave(enrolment=first, by=first.runner, now=now)
    again = begun_again(first)
    seen = Statement("Dr Ada Ames, GP", now.date(), "Walk, then run again.", RED_FLAGS.keys())
    clear_by_own_statement(enrolment=again, by=again.runner, now=now, statement=seen)
    assert reloaded(again).refer == "none"


def test_whoever_left_without_a_pause_begins_without_one():
    first = live(an_enrolment(days_ago=1), QUIET)
    leave(enrolment=first, by=first.runner, now=timezone.now())
    again = begun_again(first)
    assert (again.refer, again.paused_at) == ("none", None)
    assert not RedFlagCase.objects.exists()


def test_only_the_last_programme_counts():
    first = paused()
    leave(enrolment=first, by=first.runner, now=timezone.now())
    Enrolment.objects.filter(pk=first.pk).update(created_at=first.created_at - datetime.timedelta(days=300))
    Enrolment.objects.filter(pk=begun_again(first).pk).update(
        status="withdrawn", refer="none", paused_at=None
    )
    assert begun_again(first).refer == "none"
