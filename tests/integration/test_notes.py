"""Extra pain notes: any number a day, one however often it is sent, asked back where they contradict."""

import datetime
import uuid

import pytest

from programs.models import Decision, DiaryEntry, EntryRevision, PainNote
from programs.selectors.check_in import check_in_page, saved_page
from programs.selectors.reading import read
from programs.services.errors import Refused
from programs.services.notes import Noted, NoteValues, add_note, withdraw_note
from programs.services.verification import LedgerReport, verify_ledger
from programs.snapshots import histories_of
from tests.builders import the_library
from tests.integration.story import QUIET, RUN, Story

pytestmark = pytest.mark.django_db


def note(story: Story, day: int, occasion: str, score: int, *, now=None, **more) -> Noted:
    values = NoteValues(
        key=more.pop("key", None) or uuid.uuid4(),
        occasion=occasion,
        site=more.pop("site", "back"),
        score=score,
        **more,
    )
    return add_note(
        enrolment=story.enrolment,
        by=story.runner,
        now=now or story.at(day),
        date=story.date(day),
        values=values,
    )


def counted(story: Story, day: int):
    """What the day counts as."""
    return histories_of([story.enrolment], first=story.date(day))[story.pk].entries[
        story.date(day).toordinal()
    ]


def test_any_number_of_notes_and_the_worst_mean_counts():
    story = Story()
    story.log(1, **QUIET)
    note(story, 1, "flare", 7)
    assert counted(story, 1).rest == 4
    note(story, 1, "rest", 0)
    note(story, 1, "rest", 1)
    assert counted(story, 1).rest == 4
    assert PainNote.objects.count() == 3
    assert DiaryEntry.objects.get().rest == 1, "the check-in says what it said"


def test_the_same_form_twice_is_one_note():
    story = Story()
    key = uuid.uuid4()
    first, again = (note(story, 1, "flare", 7, key=key) for _ in range(2))
    assert first.note == again.note
    assert PainNote.objects.count() == 1


def test_a_form_that_comes_back_with_another_answer_corrects_what_it_said():
    story = Story()
    story.log(1, **RUN)
    key = uuid.uuid4()
    first = note(story, 1, "during", 2, key=key).note
    second, again = (note(story, 1, "during", 8, key=key).note for _ in range(2))
    assert second == again and second.replaces == first
    assert counted(story, 1).during == 8
    third = note(story, 1, "during", 8, key=key, site="below_knee").note
    assert third.replaces == second
    assert counted(story, 1).below_knee
    note(story, 1, "during", 8, key=key, site="below_knee", words="sharp")
    assert PainNote.objects.count() == 4


def test_an_answer_that_was_corrected_since_neither_counts_again_nor_is_lost_unseen():
    story = Story()
    key = uuid.uuid4()
    note(story, 1, "flare", 2, key=key)
    worse = note(story, 1, "flare", 8, key=key).note
    with pytest.raises(Refused, match="already"):
        note(story, 1, "flare", 2, key=key)
    withdraw_note(enrolment=story.enrolment, by=story.runner, now=story.at(1), key=worse.key)
    for score in (2, 8, 9):
        with pytest.raises(Refused, match="already"):
            note(story, 1, "flare", score, key=key)


def test_the_form_of_a_correction_that_comes_back_corrects_it():
    story = Story()
    first = note(story, 1, "flare", 3).note
    key = uuid.uuid4()
    second = note(story, 1, "flare", 2, key=key, replaces=first.key).note
    third = note(story, 1, "flare", 9, key=key, replaces=first.key).note
    assert third.replaces == second
    assert note(story, 1, "flare", 9, key=key, replaces=first.key).note == third


def test_a_form_of_another_day_or_for_another_note_is_refused():
    story = Story()
    key = uuid.uuid4()
    first = note(story, 1, "flare", 2, key=key).note
    with pytest.raises(Refused, match="out of date"):
        note(story, 2, "flare", 9, key=key)
    with pytest.raises(Refused, match="out of date"):
        note(story, 1, "flare", 9, key=key, replaces=first.key)
    assert PainNote.objects.count() == 1


def test_the_key_of_somebody_elses_note_is_refused():
    story, other = Story(), Story(number=2)
    taken = note(other, 1, "flare", 7).note
    with pytest.raises(Refused, match="out of date"):
        note(story, 1, "flare", 7, key=taken.key)


def test_a_note_before_the_check_in_leaves_the_day_missing():
    story = Story()
    note(story, 1, "flare", 8)
    entry = DiaryEntry.objects.get()
    assert (entry.rest, entry.session, entry.stage_shown) == (None, None, "S1_walking")
    assert counted(story, 1).missing
    assert story.close(1).rule == "D8A_NO_LOG"


def test_the_check_in_after_a_note_is_one_entry_with_both():
    story = Story()
    note(story, 1, "flare", 8)
    story.log(1, **QUIET)
    assert DiaryEntry.objects.count() == 1
    assert counted(story, 1).rest == 5


def test_leg_pain_of_notes_on_two_days_pauses_also_without_a_check_in():
    story = Story()
    note(story, 1, "rest", 3, site="below_knee")
    assert story.close(1).rule == "D8A_NO_LOG"
    note(story, 2, "flare", 1, site="below_knee")
    assert story.close(2).rule == "D4A_LEG_PAIN"


def test_notes_alone_do_not_end_a_gap():
    story = Story(stage="S3_run1_walk4")
    story.live(1, [QUIET])
    for day in range(2, 16):
        if day == 9:
            note(story, day, "flare", 8)
        story.close(day)
    story.log(16, **QUIET)
    assert story.close(16).rule == "D5G_LONG_GAP"


def test_a_red_note_after_a_session_steps_back_also_where_the_check_in_left_it_open():
    story = Story(stage="S2_core")
    story.log(1, **{**RUN, "after": None})
    note(story, 1, "after", 7)
    assert story.close(1).rule == "D5A_RED_PAIN"


def test_a_low_note_completes_no_session():
    story = Story(stage="S2_core")
    story.log(1, **{**RUN, "after": None})
    note(story, 1, "after", 1)
    assert counted(story, 1).after is None
    assert story.close(1).rule == "D8O_SCORE_MISSING"


# --- contradictions --------------------------------------------------------------------------------
def test_a_note_about_a_session_that_was_not_done_is_asked_back_with_both_statements():
    story = Story()
    story.log(1, **{**QUIET, "session": "skipped"})
    with pytest.raises(Refused, match="missed, another reason.*7/10 “in a session”") as refused:
        note(story, 1, "during", 7)
    assert refused.value.field == "occasion"
    assert not PainNote.objects.exists()


def test_a_check_in_that_contradicts_a_note_is_asked_back():
    story = Story()
    taken = note(story, 1, "after", 4).note
    with pytest.raises(Refused, match="4/10 “in the two hours after a session”") as refused:
        story.log(1, **{**QUIET, "session": "none"})
    assert refused.value.field == "session"
    assert DiaryEntry.objects.get().rest is None
    withdraw_note(enrolment=story.enrolment, by=story.runner, now=story.at(1), key=taken.key)
    story.log(1, **{**QUIET, "session": "none"})
    assert DiaryEntry.objects.get().rest == 1


def test_a_note_about_a_session_that_the_check_in_leaves_unsaid_is_asked_back():
    story = Story(stage="S3_run1_walk4")
    story.log(1, **QUIET)
    with pytest.raises(Refused, match="nothing about a session.*9/10 “in a session”") as refused:
        note(story, 1, "during", 9)
    assert refused.value.field == "occasion"
    story.log(1, **{**QUIET, "session": "done"})
    note(story, 1, "during", 9)
    assert story.close(1).rule == "D5A_RED_PAIN"


def test_a_check_in_that_leaves_the_session_of_a_note_unsaid_is_asked_back():
    story = Story(stage="S3_run1_walk4")
    note(story, 1, "after", 9)
    with pytest.raises(Refused, match="nothing about a session") as refused:
        story.log(1, **QUIET)
    assert refused.value.field == "session"
    story.log(1, **{**QUIET, "session": "done"})
    assert story.close(1).rule == "D5A_RED_PAIN"


def test_days_that_were_stored_with_an_unsaid_session_close_and_let_their_notes_go():
    story = Story()
    taken = [note(story, 1, "during", 9).note for _ in range(2)]
    DiaryEntry.objects.update(rest=2)
    for one in taken:
        withdraw_note(enrolment=story.enrolment, by=story.runner, now=story.at(1), key=one.key)
    note(story, 2, "during", 9)
    DiaryEntry.objects.filter(date=story.date(2)).update(rest=2)
    assert story.close(2).has_rest_score


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"score": 11}, "score"),
        ({"score": -1}, "score"),
        ({"score": None}, "score"),
        ({"occasion": "later"}, "occasion"),
        ({"site": "foot"}, "site"),
        ({"words": "x" * 201}, "words"),
    ],
)
def test_what_no_form_offers_is_refused(changed, field):
    with pytest.raises(Refused) as refused:
        note(Story(), 1, **({"occasion": "flare", "score": 3} | changed))
    assert refused.value.field == field


@pytest.mark.parametrize(("day", "words"), [(2, "not come yet"), (0, "began on")])
def test_days_outside_the_programme_take_no_note(day, words):
    story = Story()
    with pytest.raises(Refused, match=words):
        note(story, day, "flare", 3, now=story.at(1))


def test_nobody_else_writes_or_withdraws_a_note():
    story = Story()
    clinician = story.seen_by()
    taken = note(story, 1, "flare", 3).note
    with pytest.raises(Refused, match="Only the runner"):
        withdraw_note(enrolment=story.enrolment, by=clinician, now=story.at(1), key=taken.key)


# --- corrections -------------------------------------------------------------------------------------
def test_a_correction_and_a_withdrawal_are_later_notes_and_stay_readable():
    the_library()
    story = Story()
    story.log(1, **QUIET)
    first = note(story, 1, "flare", 9).note
    second = note(story, 1, "flare", 3, replaces=first.key).note
    assert second.noted_at == first.noted_at
    assert counted(story, 1).rest == 2
    for _ in range(2):
        withdraw_note(enrolment=story.enrolment, by=story.runner, now=story.at(1), key=second.key)
    assert PainNote.objects.count() == 3
    assert counted(story, 1).rest == 1
    page = check_in_page(enrolment=story.enrolment, date=story.date(1), now=story.at(1))
    assert page.notes == ()
    said = [(change.name, change.was, change.now, change.changed_on) for change in page.changes]
    assert said == [
        ("Pain note", "3/10 in a flare, back", "withdrawn", story.date(1)),
        ("Pain note", "9/10 in a flare, back", "3/10 in a flare, back", story.date(1)),
    ]


def test_a_note_that_was_replaced_can_be_replaced_no_more():
    story = Story()
    first = note(story, 1, "flare", 9).note
    note(story, 1, "flare", 3, replaces=first.key)
    with pytest.raises(Refused, match="already"):
        note(story, 1, "flare", 4, replaces=first.key)
    with pytest.raises(Refused, match="already"):
        withdraw_note(enrolment=story.enrolment, by=story.runner, now=story.at(1), key=first.key)


def test_a_note_stays_on_its_day():
    story = Story()
    first = note(story, 1, "flare", 9).note
    with pytest.raises(Refused, match="stays on its day"):
        note(story, 2, "flare", 4, replaces=first.key)


def test_a_note_on_a_closed_day_decides_it_again():
    story = Story()
    story.live(1, [QUIET, RUN])
    noted = note(story, 2, "during", 8, now=story.at(3))
    assert [row.rule for row in noted.changed] == ["D5Z_FLOOR"]
    assert noted.note.noted_at.astimezone(story.runner.zone).time() == datetime.time(12)
    assert Decision.objects.filter(trigger="correction").count() == 1
    assert not EntryRevision.objects.exists()
    assert list(verify_ledger(LedgerReport())) == []
    page = saved_page(enrolment=story.enrolment, date=story.date(2), now=story.at(3))
    assert [line.value for line in page.counted] == ["8/10"]
    assert page.notes[0].at is None


def test_withdrawing_from_a_closed_day_undoes_no_care():
    story = Story(stage="S2_core")
    story.log(1, **RUN)
    taken = note(story, 1, "during", 8).note
    assert story.close(1).decision == "step_back"
    withdraw_note(enrolment=story.enrolment, by=story.runner, now=story.at(2), key=taken.key)
    assert story.enrolment.stage == "S1_walking"


def test_the_queries_of_a_reading_do_not_grow_with_notes(django_assert_num_queries):
    story = Story()
    story.live(1, [QUIET] * 3)
    read(story.enrolment, story.at(4))
    for count in (0, 3):
        for _ in range(count):
            note(story, 4, "flare", 5)
        enrolment = story.enrolment
        with django_assert_num_queries(4):  # the door of a page brings one of them along
            read(enrolment, story.at(4))
