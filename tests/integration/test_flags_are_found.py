"""What `make faults` and `make load` ask of a red flag finds each way of losing one."""

import dataclasses
import datetime

import pytest

from programs.mailing.reasons import CLEARED, PAUSED, TOLD_WORSE
from programs.models import (
    Decision,
    DiaryEntry,
    Enrolment,
    MessageOwed,
    Override,
    OverrideKind,
    RedFlagCase,
)
from programs.services.days import close_due
from programs.services.errors import Refused
from programs.services.overrides import clear_pause
from scripts.faults import acts
from scripts.faults.flags import Flag, from_json, lost
from tests.integration.story import QUIET, Story

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
CODE, WORSE = "LEG_WEAK_ONE", "CE_BLADDER"


@pytest.fixture
def story(time_machine) -> Story:
    """A runner with a physiotherapist, two closed days, and the evening of the third."""
    story = Story()
    story.seen_by()
    for day in (1, 2):
        story.log(day, **QUIET)
    close_due(now=story.at(3, datetime.time(4)), job="test")
    time_machine.move_to(story.at(3), tick=False)
    return story


def give(story: Story, *codes: str, **how) -> Flag:
    (flag,) = from_json([acts.flag(story.pk, codes=list(codes or (CODE,)), **how)["flag"]])
    return flag


def found(flag: Flag, **asked) -> str:
    return "; ".join(lost([flag], **asked))


@pytest.mark.parametrize("how", [{"score": 1}, {}, {"score": 0, "days_ago": 1}])
def test_one_that_was_taken_as_it_should_be_is_not_lost(story, how):
    flag = give(story, **how)
    assert lost([flag]) == []
    MessageOwed.objects.update(status="skipped", settled_at=flag.until, outcome=TOLD_WORSE)
    assert lost([flag]) == []
    assert flag.day == story.date(3)
    assert Enrolment.objects.get(pk=story.pk).refer == "urgent"


def test_the_same_again_and_a_worse_one_are_not_lost(story, time_machine):
    flags = [give(story), give(story), give(story, WORSE, score=2)]
    time_machine.move_to(story.at(4), tick=False)
    close_due(now=story.at(4, datetime.time(4)), job="test")
    # By then the pause of the worse one is in force, and the milder one makes no decision of its own.
    assert lost([*flags, give(story), give(story, "OF_TOMORROW", score=1)]) == []


def test_one_that_is_refused_is_wrong_at_once(story, monkeypatch):
    def refuse(**given):
        raise Refused("not now")

    monkeypatch.setattr(acts, "record_entry", refuse)
    said = acts.flag(story.pk, codes=[CODE], score=1)["wrong"]
    assert said == [f"a red flag of enrolment {story.pk} was refused: not now"]


def test_one_that_a_later_form_has_taken_out_of_the_entry(story):
    flag = give(story)
    DiaryEntry.objects.filter(enrolment=story.pk, date=flag.date).update(red_flags=[])
    assert "LEG_WEAK_ONE is not in the entry" in found(flag)


def test_one_without_a_decision_of_its_day(story):
    flag = give(story)
    assert "no decision paused at once" in found(
        dataclasses.replace(flag, day=story.date(2), date=story.date(2))
    )
    before = flag.since - datetime.timedelta(seconds=1)
    assert "no decision paused at once" in found(dataclasses.replace(flag, until=before))
    assert "no decision paused at once" in found(dataclasses.replace(flag, codes=(WORSE,)))


def test_one_of_which_her_physiotherapist_is_not_told(story):
    flag = give(story)
    MessageOwed.objects.filter(kind="clinician_pause").delete()
    assert "is not there" in found(flag)


@pytest.mark.parametrize("reason", [PAUSED, CLEARED])
def test_one_whose_notice_was_skipped_for_no_good_reason(story, reason):
    flag = give(story)
    notices = MessageOwed.objects.filter(kind="clinician_pause")
    notices.update(status="skipped", settled_at=flag.until, outcome=reason)
    assert f"was skipped: {reason!r}" in found(flag)


def test_one_whose_pause_has_ended_by_itself(story):
    flag = give(story)
    Enrolment.objects.filter(pk=story.pk).update(refer="none", paused_at=None)
    assert "nobody ended its pause, and the programme is at 'none'" in found(flag)
    Enrolment.objects.filter(pk=story.pk).update(refer="urgent", paused_at=flag.until + DAY)
    assert "its pause began only at" in found(flag)


def test_one_whose_case_nobody_has(story):
    flag = give(story)
    RedFlagCase.objects.update(closed_at=flag.until, closed_by=story.clinician)
    assert "0 open cases" in found(flag)
    assert "a case was closed, and nobody ended the pause" in found(flag)


def test_one_that_a_person_has_ended_needs_no_case_but_the_next_one_does(story, time_machine):
    first = give(story)
    time_machine.move_to(story.at(4), tick=False)
    seen = {"assessed_by": "Dr Who", "assessed_on": story.date(4)}
    clear_pause(enrolment=story.enrolment, by=story.clinician, now=story.at(4), reason="seen", **seen)
    assert Override.objects.get().kind == OverrideKind.CLEAR_PAUSE
    assert lost([first]) == []
    second = _next_day(story, time_machine)
    assert lost([first, second]) == []
    RedFlagCase.objects.filter(closed_at__isnull=True).delete()
    assert found(first) == ""
    assert "0 open cases" in found(second)


def _next_day(story: Story, time_machine) -> Flag:
    time_machine.move_to(story.at(5), tick=False)
    return give(story)


def test_a_pause_of_before_it_was_ended_is_no_decision_of_the_next_red_flag(story, time_machine):
    give(story, WORSE)
    time_machine.move_to(story.at(4), tick=False)
    seen = {"assessed_by": "Dr Who", "assessed_on": story.date(4)}
    clear_pause(enrolment=story.enrolment, by=story.clinician, now=story.at(4), reason="seen", **seen)
    flag = _next_day(story, time_machine)
    later = dataclasses.replace(flag, day=story.date(6), date=story.date(6))
    assert "no decision paused at once" in found(later)


def test_those_of_somebody_who_was_erased_have_gone_with_her(story):
    flag = give(story)
    RedFlagCase.objects.all().delete()
    assert found(flag, erased=[story.pk]) == ""
    assert Decision.objects.filter(trigger="red_flag").count() == 1
