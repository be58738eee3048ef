"""Two at once: every act of a physiotherapist with the day close, a colleague's act, and a warning sign.

SQLite has one writer at a time by design, so that nothing can race there; the
run of these tests on PostgreSQL is part of ``make test``.
"""

import datetime
from collections.abc import Callable

import pytest
from django.db import connection

from accounts.services import grant_consent
from programs.engine.values import Trigger
from programs.models import Decision, Discharge, Enrolment, Override, ProgrammeVersion
from programs.services.confirmations import confirm_stage
from programs.services.days import close_due
from programs.services.discharges import discharge, leave
from programs.services.errors import Refused
from programs.services.moves import move_version
from programs.services.overrides import clear_pause, hold_until, set_stage
from programs.services.verification import LedgerReport, verify_ledger
from tests.builders import DEFAULT, a_published_version
from tests.integration.story import QUIET, Story
from tests.integration.test_moves import other_version
from tests.integration.test_races import at_once, chain_is_whole
from tests.integration.test_sign_off import asking_version
from tests.support.people import a_clinician

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="needs several writers: runs in the PostgreSQL part of make test",
    ),
]
NIGHT = datetime.time(4)
WHY = {"reason_code": "assessment", "reason": "Seen in clinic."}
ACTS = ("hold", "stage", "sign-off", "move", "clear", "discharge")
Acting = Callable[[], object]


def versions() -> tuple[ProgrammeVersion, ProgrammeVersion]:
    """Made before anybody races: what everybody follows, and where somebody is moved to."""
    return asking_version(), other_version()


def lived(number: int, clinician, present: ProgrammeVersion, *, is_paused: bool = False) -> Story:
    """Days 1 to 3, of which none is closed but the first; on a step that waits to be confirmed."""
    story = Story(number, stage="S3_run1_walk4")
    Enrolment.objects.filter(pk=story.pk).update(version=present, family=present.template.family)
    story.seen_by(clinician)
    flags = {"red_flags": ["FEVER_UNWELL"]} if is_paused else {}
    story.log(1, **QUIET, **flags)
    story.close(1)
    for day in (2, 3):
        story.log(day, **QUIET)
    return story


def acting(kind: str, story: Story, by, target: ProgrammeVersion) -> Acting:
    """One act at the moment at which the days 2 and 3 are due."""
    given = {"by": by, "now": story.at(4, NIGHT)}
    assessed = {"assessed_by": "Dr Ada Ames", "assessed_on": story.date(3)}
    services = {
        "hold": (hold_until, {"until": story.date(9), "reason": WHY["reason"]}),
        "stage": (set_stage, {"stage": "S5_run3_walk2", "reason": WHY["reason"]}),
        "sign-off": (confirm_stage, WHY),
        "move": (move_version, {"version": target, "stage": "N_S5_run3_walk2", **WHY}),
        "clear": (clear_pause, {"reason": WHY["reason"], **assessed}),
        "discharge": (
            discharge,
            {"outcome": "stopped", "summary": "Another care.", "handed_to": "Dr Ada Ames"},
        ),
    }
    service, more = services[kind]
    return lambda: service(enrolment=story.enrolment, **given, **more)


def closing(story: Story, size: int = 2) -> Acting:
    now = story.at(4, NIGHT)
    return lambda: close_due(now=now, job="worker", batch_size=size)


def one_close_a_day(story: Story) -> bool:
    """Each due day once, in the order in which they were."""
    rows = Decision.objects.filter(enrolment=story.pk, trigger=Trigger.DAY_CLOSE).order_by("pk")
    return list(rows.values_list("date", flat=True)) == [story.date(day) for day in (1, 2, 3)]


def is_sound(story: Story) -> bool:
    return chain_is_whole(story) and list(verify_ledger(LedgerReport())) == []


def stands(kind: str, story: Story, target: ProgrammeVersion) -> bool:
    """What the act did is in force."""
    enrolment = story.enrolment
    return {
        "hold": enrolment.hold_until == story.date(9),
        "stage": enrolment.stage == "S5_run3_walk2",
        "sign-off": Override.objects.filter(enrolment=story.pk, kind="sign_off").count() == 1,
        "move": (enrolment.version, enrolment.stage) == (target, "N_S5_run3_walk2"),
        "clear": not enrolment.is_paused,
        "discharge": enrolment.status == "withdrawn" and Discharge.objects.count() >= 1,
    }[kind]


@pytest.mark.parametrize("kind", ACTS)
def test_an_act_and_the_close_of_its_days_lose_nothing_of_each_other(kind):
    clinician, (present, target) = a_clinician(), versions()
    stories = [lived(n, clinician, present, is_paused=kind == "clear") for n in range(4)]
    acts = [acting(kind, story, clinician, target) for story in stories]
    assert at_once(*acts, *[closing(stories[0])] * 2) == []
    for story in stories:
        assert one_close_a_day(story)
        assert stands(kind, story, target)
        assert is_sound(story)
    made = Decision.objects.filter(trigger=Trigger.CLINICIAN).count()
    assert made == (0 if kind == "discharge" else len(stories))
    assert Discharge.objects.count() == (len(stories) if kind == "discharge" else 0)


@pytest.mark.parametrize("kind", ["sign-off", "clear", "discharge"])
def test_the_same_act_of_two_physiotherapists_counts_once(kind):
    clinician, colleague, (present, target) = a_clinician(), a_clinician("paul@example.org"), versions()
    story = lived(1, clinician, present, is_paused=kind == "clear")
    grant_consent(runner=story.runner, clinician=colleague, now=story.at(1))
    raised = at_once(*[acting(kind, story, by, target) for by in (clinician, colleague)])
    assert len(raised) == 1 and isinstance(raised[0], Refused)
    assert Override.objects.count() + Discharge.objects.count() == 1
    assert one_close_a_day(story) and stands(kind, story, target) and is_sound(story)


def test_two_physiotherapists_who_put_her_on_different_stages_follow_each_other():
    clinician, colleague, (present, target) = a_clinician(), a_clinician("paul@example.org"), versions()
    for number in range(4):
        story = lived(number, clinician, present)
        grant_consent(runner=story.runner, clinician=colleague, now=story.at(1))
        move, stage = acting("move", story, clinician, target), acting("stage", story, colleague, target)
        raised = at_once(move, stage)
        # The stage of a programme that she has left meanwhile is no stage any more.
        assert all(isinstance(error, Refused) and error.field == "stage" for error in raised)
        assert story.enrolment.version == target
        acts = Decision.objects.filter(enrolment=story.pk, trigger=Trigger.CLINICIAN)
        assert acts.count() == 2 - len(raised)
        assert one_close_a_day(story) and is_sound(story)


def test_two_moves_to_different_programmes_follow_each_other():
    clinician, colleague, (present, target) = a_clinician(), a_clinician("paul@example.org"), versions()
    third = other_version("third-way")
    story = lived(1, clinician, present)
    grant_consent(runner=story.runner, clinician=colleague, now=story.at(1))
    moves = [acting("move", story, clinician, target), acting("move", story, colleague, third)]
    assert at_once(*moves) == []
    newest = Override.objects.order_by("pk").last()
    assert story.enrolment.version == newest.version
    assert one_close_a_day(story) and is_sound(story)


@pytest.mark.parametrize("kind", ACTS)
def test_a_warning_sign_at_the_same_moment_is_never_lost(kind):
    clinician, (present, target) = a_clinician(), versions()
    for number in range(3):
        story = lived(number, clinician, present, is_paused=kind == "clear")
        now = story.at(4, NIGHT)
        flag = lambda story=story, now=now: story.log(4, now=now, rest=2, red_flags=["CE_SADDLE"])  # noqa: E731
        raised = at_once(acting(kind, story, clinician, target), flag)
        assert all(isinstance(error, Refused) for error in raised), raised
        if kind == "discharge" and story.enrolment.refer == "none":
            # It came after the end: she is told so, and what to do stands on that page.
            assert len(raised) == 1
        else:
            assert story.enrolment.refer == "emergency"
        # An act that was refused leaves the days that were due to the worker.
        closing(story)()
        assert one_close_a_day(story) and is_sound(story)


def test_a_runner_who_leaves_while_she_is_moved_has_left():
    clinician, (present, target) = a_clinician(), versions()
    for number in range(3):
        story = lived(number, clinician, present)
        now = story.at(4, NIGHT)
        going = lambda story=story, now=now: leave(enrolment=story.enrolment, by=story.runner, now=now)  # noqa: E731
        raised = at_once(acting("move", story, clinician, target), going, closing(story))
        assert all(isinstance(error, Refused) and "has ended" in str(error) for error in raised), raised
        assert story.enrolment.status == "withdrawn"
        assert one_close_a_day(story) and is_sound(story)


def test_a_move_of_everybody_while_everybody_is_closed_decides_each_day_by_one_programme():
    clinician, (present, target) = a_clinician(), versions()
    stories = [lived(n, clinician, present) for n in range(8)]
    moves = [acting("move", story, clinician, target) for story in stories]
    assert at_once(*moves, *[closing(stories[0], size=3)] * 3) == []
    days = Decision.objects.filter(trigger=Trigger.DAY_CLOSE, date__gte=stories[0].date(2))
    # They were due before the move, so the programme that she left decides them.
    assert {row.version_id for row in days} == {present.pk}
    assert Enrolment.objects.filter(version=target).count() == len(stories)
    assert a_published_version(DEFAULT) not in (present, target)
