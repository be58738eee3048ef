"""A runner's diary as a table: every date, nothing made up, and the replay decides it the same."""

import csv
import datetime
import io
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRecord, Act
from accounts.services import revoke_consent
from programs.models import Decision, DiaryEntry
from programs.replay.diary_csv import COLUMNS
from programs.replay.options import Asked
from programs.replay.run import replay
from programs.selectors.diary_csv import diary_csv
from programs.services.overrides import clear_pause, hold_until, set_stage
from programs.snapshots import contacts
from tests.builders import an_enrolment
from tests.integration.story import QUIET, RUN, Story
from tests.integration.test_notes import note
from tests.support.people import a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db
SORE = {"morning": 3, "rest": 3, "session": "done", "during": 2, "after": 3}
HURT = {"morning": 2, "rest": 2, "session": "done", "during": 7, "after": 5, "limp": True}


def a_told_life() -> Story:
    """Six weeks with gaps, notes, days of half an answer, a hold, a pause that is cleared, a set stage."""
    story = Story(baseline=3)
    petra = story.seen_by()
    story.live(1, [SORE, SORE, QUIET, None, *[QUIET | {"session": "done", "during": 1, "after": 1}] * 8])
    story.log(13, **RUN, warmup="resolved")
    note(story, 13, "during", 4)
    story.close(13)
    hold_until(
        enrolment=story.enrolment,
        by=petra,
        now=story.at(14, datetime.time(12)),
        until=story.date(18),
        reason="A long flight.",
    )
    story.live(14, [QUIET, RUN, QUIET, RUN, QUIET, RUN, QUIET])
    story.live(21, [HURT, {"morning": 4, "rest": 4, "session": "skipped_pain"}, QUIET, None, None])
    story.live(26, [QUIET, {**QUIET, "red_flags": ["FEVER_UNWELL"]}, QUIET])
    clear_pause(
        enrolment=story.enrolment,
        by=petra,
        now=story.at(29, datetime.time(12)),
        reason="Seen, and well.",
        assessed_by="Dr Ada Ames",
        assessed_on=story.date(29),
    )
    story.live(29, [QUIET, QUIET, {"rest": 0, "leg": "below_knee"}])
    set_stage(
        enrolment=story.enrolment,
        by=petra,
        now=story.at(32, datetime.time(12)),
        stage="S3_run1_walk4",
        reason="Ran well.",
    )
    story.live(32, [RUN, QUIET, RUN, QUIET, RUN, QUIET, RUN, QUIET, RUN, QUIET])
    return story


def rows_of(text: str) -> list[dict]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def decided(story: Story) -> dict[str, tuple]:
    """By date, as the ledger has it of closed days."""
    rows = Decision.objects.in_force().filter(enrolment=story.pk, job="test").order_by("date", "pk")
    return {row.date.isoformat(): (row.decision, row.rule, row.refer, row.stage_after) for row in rows}


def replayed(text: str, stage: str, baseline: int, to: datetime.date) -> dict[str, tuple]:
    asked = Asked(start_stage=stage, intake_pain="6", baseline_morning=str(baseline), last=to.isoformat())
    found = replay(text.encode(), asked, contacts())
    stages = found.simulation.programme.stages
    return {
        datetime.date.fromordinal(day.day).isoformat(): (
            day.decision.outcome.value,
            day.decision.rule,
            day.decision.refer.value,
            stages[day.decision.stage_after].key,
        )
        for day in found.days
    }


# --- the same file, decided again ---------------------------------------------------------
def test_the_replay_command_decides_it_as_the_site_did():
    story = a_told_life()
    text = diary_csv(story.enrolment, story.date(42))
    ledger = decided(story)
    assert len(ledger) == 41
    assert {"D7A_PHYSIO_HOLD", "D7B_PHYSIO_SET", "D7C_PHYSIO_CLEAR"} & {
        rule for _, rule, _, _ in ledger.values()
    }
    assert replayed(text, "S1_walking", 3, story.date(41)) == ledger


# --- what it says -------------------------------------------------------------------------
def test_every_date_has_a_row_and_what_was_not_recorded_is_empty():
    story = Story()
    story.live(1, [QUIET, None, {"rest": 0}])
    rows = rows_of(diary_csv(story.enrolment, story.date(5)))
    assert [row["date"] for row in rows] == [story.date(n).isoformat() for n in range(1, 6)]
    assert tuple(rows[0]) == COLUMNS
    assert (rows[2]["rest"], rows[2]["morning"], rows[2]["session"]) == ("0", "", "")
    for day in (2, 4, 5):
        said = {
            name: cell for name, cell in rows[day - 1].items() if cell and name not in ("date", "planned")
        }
        assert said == {}
    assert rows[1]["planned"] in ("", "true")


def test_extra_notes_count_as_the_decision_counted_them():
    story = Story(stage="S3_run1_walk4")
    story.log(1, **RUN)
    note(story, 1, "during", 5)
    assert rows_of(diary_csv(story.enrolment, story.date(1)))[0]["during"] == "5"


def test_a_cell_is_never_a_formula():
    story = Story()
    story.log(1, **QUIET)
    DiaryEntry.objects.update(red_flags=['=HYPERLINK("http://x")'])
    assert rows_of(diary_csv(story.enrolment, story.date(1)))[0]["red_flags"].startswith("'=")


def test_after_the_end_of_a_programme_there_are_no_more_rows():
    story = Story()
    story.live(1, [QUIET, QUIET])
    enrolment = story.enrolment
    enrolment.status = "completed"
    assert len(rows_of(diary_csv(enrolment, story.date(400)))) == 2


def test_it_costs_the_same_for_any_diary(django_assert_num_queries):
    story = Story()
    for days in (2, 9):
        story.live(days, [QUIET] * 7)
        enrolment = story.enrolment
        with django_assert_num_queries(4):
            diary_csv(enrolment, story.date(99))


# --- who gets it --------------------------------------------------------------------------
def test_her_physiotherapist_takes_a_copy_and_that_is_written_down():
    petra = a_clinician()
    enrolment = an_enrolment(a_runner(name="Rosa Runner"), clinician=petra, days_ago=3)
    answer = signed_in(petra).get(reverse("runner_csv", args=[enrolment.public_id]))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith('attachment; filename="diary-20')
    assert answer.content.startswith(b"\xef\xbb\xbfdate,")
    assert len(rows_of(answer.content.decode())) == 4
    record = AccessRecord.objects.get(actor=petra, runner=enrolment.runner, detail="the diary as a table")
    assert record.act == Act.EXPORT


def test_without_access_there_is_no_such_file():
    petra = a_clinician()
    enrolment = an_enrolment(clinician=petra, days_ago=3)
    url = reverse("runner_csv", args=[enrolment.public_id])
    assert signed_in(a_clinician("other@example.org")).get(url).status_code == 404
    revoke_consent(runner=enrolment.runner, clinician=petra, by=enrolment.runner, now=timezone.now())
    assert signed_in(petra).get(url).status_code == 404
    assert signed_in(petra).get(reverse("runner_csv", args=[uuid.uuid4()])).status_code == 404
