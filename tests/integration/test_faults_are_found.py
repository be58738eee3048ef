"""What `make faults` asks of the database finds each kind of harm: one that finds nothing proves nothing."""

import datetime

import pytest
from django.db import connection

from programs.models import Decision, DiaryEntry, Enrolment, MessageOwed, Override, RedFlagCase
from programs.services.days import close_due
from programs.services.messages import message_row
from programs.services.overrides import hold_until
from scripts.faults import checks
from tests.integration.story import QUIET, Story

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="asks PostgreSQL: runs in its part of make test",
    ),
]
DAYS = 4
DAY = datetime.timedelta(days=1)


@pytest.fixture
def story(time_machine) -> Story:
    """A runner whose four days are closed as they should be."""
    story = Story()
    for day in range(1, DAYS + 1):
        story.log(day, **QUIET)
    now = story.at(DAYS + 1, datetime.time(4))
    time_machine.move_to(now, tick=False)
    close_due(now=now, job="test")
    return story


def found(story: Story, **asked) -> dict[str, list[str]]:
    nothing = {"since": 0, "poisoned": [], "saves": {}, "overrides": [], "erased": []}
    given = checks.check(**nothing | asked)
    return {kind: given[kind] for kind in ("lost", "doubled", "wrong") if given[kind]}


def spoil(story: Story, **columns) -> None:
    Enrolment.objects.filter(pk=story.pk).update(**columns)


def spoil_unseen(sql: str, *arguments) -> None:
    """Past keys, checks and triggers: the harm that they keep away."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, arguments or None)
        cursor.execute("SET LOCAL session_replication_role = origin")


def again(model, **which) -> None:
    """One of its rows a second time."""
    row = model.objects.filter(**which).order_by("pk").values_list("pk", flat=True).first()
    columns = ", ".join(field.column for field in model._meta.concrete_fields if not field.primary_key)
    table = model._meta.db_table
    copy = f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE id = %s"  # noqa: S608
    spoil_unseen(copy, row)


def owed_to(story: Story, kind: str = "written", **columns) -> MessageOwed:
    now = story.at(DAYS)
    given = {"recipient": story.runner, "local_date": story.date(1)} | columns
    row = message_row(enrolment=story.enrolment, kind=kind, now=now, **given)
    row.save()
    return row


def test_where_all_is_well_nothing_is_found(story):
    assert found(story) == {}
    assert not any(checks.state([]).values())


def test_a_day_without_a_decision(story):
    spoil(story, decided_through=story.date(DAYS + 1), closes_at=story.at(DAYS + 3, datetime.time(3)))
    assert any("4 decisions from" in what for what in found(story)["lost"])


def test_a_day_that_nobody_closed(story):
    spoil(story, closes_at=story.at(DAYS, datetime.time(3)))
    assert any("still not closed" in what for what in found(story)["lost"])
    assert checks.state([])["due"] == 1


def test_a_day_that_was_closed_before_it_was_over(story):
    spoil(story, decided_through=story.date(DAYS + 2))
    assert any("before it was over" in what for what in found(story)["wrong"])


def test_a_stage_that_the_ledger_does_not_lead_to(story):
    spoil(story, stage="S3_run1_walk4")
    assert any("now began at S3_run1_walk4" in what for what in found(story)["wrong"])
    assert found(story, poisoned=[story.pk]) == {}


def test_a_day_that_closes_at_a_wrong_hour(story):
    spoil(story, closes_at=story.enrolment.closes_at + datetime.timedelta(hours=1))
    assert any("not as Europe/London has it" in what for what in found(story)["wrong"])


def test_a_score_that_was_saved_and_is_not_there(story):
    there = {f"{story.pk} {story.date(2)}": QUIET["rest"]}
    assert found(story, saves=there) == {}
    gone = {f"{story.pk} {story.date(2)}": 7, f"{story.pk} {story.date(9)}": 1}
    assert len(found(story, saves=gone)["lost"]) == 2


def test_somebody_who_was_erased_and_is_there(story):
    assert any("was erased and is there" in what for what in found(story, erased=[story.pk])["wrong"])


def test_a_mail_that_is_owed_for_ever(story):
    long_ago = story.at(1)
    row = message_row(
        recipient=story.runner,
        enrolment=story.enrolment,
        kind="written",
        local_date=story.date(1),
        now=long_ago,
    )
    row.save()
    assert any("never settled" in what for what in found(story)["lost"])
    MessageOwed.objects.update(status="sent", settled_at=long_ago)
    assert found(story) == {}


@pytest.mark.parametrize(
    ("days_ago", "at_seven", "is_blamed"), [(2, True, False), (2, False, True), (5, True, True)]
)
def test_a_mail_that_waits_for_the_morning_is_not_stuck(story, time_machine, days_ago, at_seven, is_blamed):
    """At two at night its recipient sleeps until seven; one that waits for another hour waits for nothing."""
    night = datetime.datetime.combine(story.date(20), datetime.time(2), tzinfo=story.runner.zone)
    time_machine.move_to(night, tick=False)
    row = message_row(
        recipient=story.runner,
        enrolment=story.enrolment,
        kind="written",
        local_date=story.date(1),
        now=night - datetime.timedelta(days=days_ago),
    )
    row.due_at = night.replace(hour=7 if at_seven else 9)
    row.save()
    lost = found(story).get("lost", [])
    assert any("never settled" in what for what in lost) is is_blamed


def test_a_day_that_was_closed_twice(story):
    spoil_unseen("DROP INDEX one_day_close_per_enrolment_and_date")
    again(Decision, date=story.date(2))
    assert any("was closed 2 times" in what for what in found(story)["doubled"])


def test_an_entry_that_was_written_twice(story):
    spoil_unseen("ALTER TABLE programs_diaryentry DROP CONSTRAINT one_entry_per_enrolment_and_date")
    again(DiaryEntry, date=story.date(2))
    assert any("2 entries of" in what for what in found(story)["doubled"])


def test_an_act_that_was_done_twice(story):
    by, now = story.seen_by(), story.at(DAYS + 1)
    act = {"enrolment": story.enrolment, "by": by, "now": now, "until": story.date(DAYS + 3)}
    hold_until(**act, reason="act 1 of the run")
    assert found(story, overrides=["act 1 of the run"]) == {}
    hold_until(**act, reason="act 1 of the run")
    assert found(story)["doubled"] == [f"enrolment {story.pk}: the act act 1 of the run 2 times"]


def test_an_act_without_its_decision(story):
    by = story.seen_by()
    act = {"kind": "hold_until", "date": story.date(3), "until": story.date(4), "made_at": story.at(3)}
    row = Override.objects.create(enrolment=story.enrolment, made_by=by, reason="act 7", **act)
    assert found(story, overrides=["act 7"]) == {
        "lost": ["the act act 7 has no decision"],
        "wrong": [f"act {row.pk} has no decision"],
    }


def test_days_that_were_written_out_of_order(story):
    spoil_unseen("UPDATE programs_decision SET id = id + 1000 WHERE date = %s", story.date(2))
    assert any("does not follow the day before it" in what for what in found(story)["lost"])


def test_a_step_that_nobody_was_told_of(story):
    step = "UPDATE programs_decision SET decision = %s, stage_change = %s WHERE date = %s"
    spoil_unseen(step, "advance", 1, story.date(3))
    assert f"enrolment {story.pk}: no mail of the advance on {story.date(3)}" in found(story)["lost"]
    owed_to(story, "advance", local_date=story.date(3), status="sent", settled_at=story.at(4))
    assert "lost" not in found(story)


def test_more_than_one_advance_by_missed_days(story):
    before = Decision.objects.order_by("pk").first().pk
    step = "UPDATE programs_decision SET decision = 'advance', stage_change = 1 WHERE date = ANY(%s)"
    spoil_unseen(step, [story.date(3)])
    assert checks.advanced_twice(before) == []
    spoil_unseen(step, [story.date(2), story.date(3)])
    assert checks.advanced_twice(before) == [f"enrolment {story.pk} advanced 2 times at once"]


def test_a_decision_that_its_inputs_do_not_give(story):
    spoil_unseen("UPDATE programs_decision SET reason = 'because' WHERE date = %s", story.date(2))
    assert found(story)["wrong"]
    newest = Decision.objects.order_by("-pk").first().pk
    assert found(story, since=newest) == {}


def test_a_step_further_than_a_correction_leads_to(story):
    story.log(DAYS, now=story.at(DAYS + 1, datetime.time(5)), **QUIET, red_flags=("LEG_WEAK_ONE",))
    assert Decision.objects.filter(trigger="correction").exists()
    before = {"lost": [], "doubled": [], "wrong": []} | found(story)
    spoil(story, stage="S3_run1_walk4")
    wrong = set(found(story)["wrong"]) - set(before["wrong"])
    assert any("after a correction" in what for what in wrong)


def test_a_mail_about_her_to_somebody_else_that_no_record_tells_of(story):
    sent = {"status": "sent", "settled_at": story.at(4), "level": "routine"}
    row = owed_to(story, "clinician_pause", recipient=story.seen_by(), **sent)
    assert found(story)["wrong"] == [f"mail {row.pk} is in nobody's record"]


def test_a_mail_that_is_owed_about_somebody_who_was_erased(story):
    row = owed_to(story)
    wrong = found(story, erased=[story.pk])["wrong"]
    assert f"mail {row.pk} is owed about somebody who was erased" in wrong


def test_what_is_still_to_be_done(story):
    row, later = owed_to(story), story.at(DAYS + 2)
    assert checks.state([])["mails"] == 1
    MessageOwed.objects.filter(pk=row.pk).update(leased_until=later, due_at=later)
    spoil(story, claimed_until=later, last_error="TypeError")
    assert checks.state([]) == {"due": 0, "claimed": 1, "aside": 1, "mails": 0, "leased": 1}
    assert checks.state([story.pk]) == {"due": 0, "claimed": 0, "aside": 0, "mails": 0, "leased": 1}


def flagged(story: Story, time_machine) -> None:
    """She gave a red flag on the fifth day, and that was closed."""
    story.seen_by()
    time_machine.move_to(story.at(DAYS + 1), tick=False)
    story.log(DAYS + 1, **QUIET, red_flags=("LEG_WEAK_ONE",))
    now = story.at(DAYS + 2, datetime.time(4))
    time_machine.move_to(now, tick=False)
    close_due(now=now, job="test")
    assert found(story) == {}


def test_a_pause_that_she_was_not_told_of(story, time_machine):
    flagged(story, time_machine)
    MessageOwed.objects.filter(kind="pause").delete()
    told = f"no mail of the urgent pause on {story.date(DAYS + 1)}, by red_flag"
    assert found(story)["lost"] == [f"enrolment {story.pk}: {told}"]


def test_a_pause_that_her_physiotherapist_was_not_told_of(story, time_machine):
    flagged(story, time_machine)
    MessageOwed.objects.filter(kind="clinician_pause").delete()
    assert found(story)["lost"] == [
        f"enrolment {story.pk}: no notice of its pause to clinician {story.clinician.pk}"
    ]


def test_a_day_with_a_red_flag_that_did_not_end_in_a_pause(story):
    DiaryEntry.objects.filter(date=story.date(3)).update(red_flags=["CE_BLADDER"])
    assert found(story)["lost"] == [
        f"enrolment {story.pk}: {story.date(3)} holds a red flag and ended in 'hold'"
    ]


def test_a_pressing_pause_without_a_case_and_a_case_without_a_pause(story, time_machine):
    flagged(story, time_machine)
    kept = RedFlagCase.objects.get()
    RedFlagCase.objects.all().delete()
    assert f"enrolment {story.pk}: at 'urgent' with 0 open cases" in found(story)["lost"]
    kept.save()
    spoil(story, refer="none", paused_at=None)
    assert f"enrolment {story.pk}: at 'none' with 1 open cases" in found(story)["lost"]


def test_a_red_flag_that_the_run_was_told_is_taken(story):
    date = story.date(3).isoformat()
    taken = {"enrolment": story.pk, "date": date, "day": date, "codes": ["CE_BLADDER"]}
    at = dict.fromkeys(("since", "until"), story.at(3).isoformat())
    lost = found(story, flags=[taken | at])["lost"]
    assert any("CE_BLADDER is not in the entry" in what for what in lost)
