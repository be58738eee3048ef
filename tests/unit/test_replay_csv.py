"""What our own CSV diary may look like, and what it means."""

import pytest
import yaml

from programs.engine.values import Leg, SessionKind, Warmup
from tests.architecture.source import ROOT
from tests.support.replaying import decisions, replayed, rules

DEFAULT = ROOT / "programs" / "library" / "programmes" / "lbp-acute-default.yaml"
WALKING = {"start_stage": "S1_walking", "baseline_morning": "3", "intake_pain": "5"}


def test_columns_have_names_and_no_order():
    one = replayed("date,rest,morning\n2026-01-05,3,4\n")
    other = replayed("morning,date,rest\n4,2026-01-05,3\n")
    assert one.diary.entries == other.diary.entries


DRESSES = {
    "byte order mark": b"\xef\xbb\xbfdate,rest,limp,session\n2026-01-05,3,true,done\n",
    "CRLF": b"date,rest,limp,session\r\n2026-01-05,3,true,done\r\n",
    "old Macintosh": b"date,rest,limp,session\r2026-01-05,3,true,done\r",
    "blank lines": b"\n\ndate,rest,limp,session\n\n2026-01-05,3,true,done\n , ,,\n\n",
    "quotes": b'"date","rest","limp","session"\n"2026-01-05","3","true","done"\n',
    "spaces around": b" date , rest ,limp, session\n 2026-01-05 , 3,  true ,done \n",
    "capitals of a spreadsheet": b"Date,Rest,Limp,Session\n2026-01-05,3,TRUE,Done\n",
    "no line end": b"date,rest,limp,session\n2026-01-05,3,true,done",
    "empty cells at the end": b"date,rest,limp,session\n2026-01-05,3,true,done,,\n",
}


@pytest.mark.parametrize("raw", DRESSES.values(), ids=DRESSES)
def test_the_same_diary_in_many_dresses(raw):
    ((_, entry),) = replayed(raw).diary.entries.items()
    assert (entry.rest, entry.limp, entry.session) == (3, True, SessionKind.DONE)


def test_every_column_is_read():
    result = replayed(
        "date,morning,rest,session,during,after,warmup,limp,leg,red_flags\n"
        "2026-01-05,1,2,partial,3,4,resolved_returned,true,above_knee,CE_SADDLE; X9\n"
    )
    (entry,) = result.diary.entries.values()
    assert (entry.morning, entry.rest, entry.during, entry.after) == (1, 2, 3, 4)
    assert (entry.session, entry.warmup) == (SessionKind.PARTIAL, Warmup.RESOLVED_RETURNED)
    assert (entry.limp, entry.leg) == (True, Leg.ABOVE_KNEE)
    assert entry.red_flags == ("CE_SADDLE", "X9")


def test_an_empty_cell_is_not_recorded_and_never_zero():
    (entry,) = replayed("date,morning,rest\n2026-01-05,,0\n").diary.entries.values()
    assert entry.morning is None
    assert entry.rest == 0


def test_a_short_row_leaves_the_rest_unrecorded():
    (entry,) = replayed("date,rest,morning\n2026-01-05,3\n").diary.entries.values()
    assert (entry.rest, entry.morning) == (3, None)


def test_rows_may_come_in_any_order():
    forth = replayed("date,rest\n2026-01-05,4\n2026-01-06,3\n2026-01-07,2\n")
    back = replayed("date,rest\n2026-01-07,2\n2026-01-06,3\n2026-01-05,4\n")
    assert decisions(forth) == decisions(back)


def test_a_date_without_a_row_and_a_row_with_nothing_are_missing_days():
    result = replayed("date,rest,planned\n2026-01-05,3,\n2026-01-07,,\n2026-01-08,,TRUE\n2026-01-09,3,\n")
    assert [day.decision.facts.today.logged for day in result.days] == [True, False, False, False, True]
    assert [day.decision.facts.today.planned for day in result.days] == [False, False, False, True, False]


def test_one_answer_alone_is_an_entry():
    (entry,) = replayed("date,session\n2026-01-05,none\n").diary.entries.values()
    assert entry.logged


def test_a_planned_day_that_is_missing_breaks_the_row_of_sessions_and_a_day_at_rest_does_not():
    days = [f"2026-01-{day:02},3,3,done,3,3,\n" for day in range(5, 8)]
    head = "date,morning,rest,session,during,after,planned\n"
    end = "".join(f"2026-01-{day:02},3,3,,,,\n" for day in range(9, 12))
    assert (
        rules(replayed(head + "".join(days) + "2026-01-08,,,,,,true\n" + end, **WALKING))[-1]
        == "D8L_SESSIONS"
    )
    # On a day with an entry, ``session`` says what became of a plan.
    result = replayed(head + "".join(days) + "2026-01-08,3,3,,,,true\n" + end, **WALKING)
    assert "D9A_ADVANCE" in rules(result)


def test_an_unknown_red_flag_is_urgent_and_a_known_one_may_be_in_small_letters():
    result = replayed("date,rest,red_flags\n2026-01-05,0,NEW_CODE\n2026-01-06,0,ce_saddle\n")
    assert [day[1::2] for day in decisions(result)] == [
        ("D2_URGENT", "urgent"),
        ("D1_EMERGENCY", "emergency"),
    ]


# --- events ------------------------------------------------------------------------
def test_a_hold_lasts_until_its_day_inclusive():
    text = "date,rest,event\n2026-01-05,2,physio_hold:2026-01-06\n2026-01-06,2,\n2026-01-07,2,\n"
    assert rules(replayed(text)) == ["D7A_PHYSIO_HOLD", "D7A_PHYSIO_HOLD", "D9B_S0_EASED"]


def test_a_hold_from_before_the_first_day_decided_is_still_in_force():
    text = (
        "date,rest,event\n2026-01-05,2,physio_hold:2026-01-07\n2026-01-06,2,\n2026-01-07,2,\n2026-01-08,2,\n"
    )
    assert rules(replayed(text, first="2026-01-07")) == ["D7A_PHYSIO_HOLD", "D9B_S0_EASED"]


def test_an_event_may_stand_on_a_missing_day():
    result = replayed("date,rest,event\n2026-01-05,3,\n2026-01-06,,physio_set_stage:S3_run1_walk4\n")
    assert decisions(result)[-1] == ("hold", "D7B_PHYSIO_SET", "S3_run1_walk4", "none")
    assert not result.days[-1].decision.facts.today.logged


def test_a_set_stage_does_not_end_a_pause_and_a_clear_does():
    text = "date,rest,red_flags,event\n2026-01-05,1,WEIGHT_LOSS,\n2026-01-06,1,,{}\n"
    stage = "physio_set_stage:S3_run1_walk4"
    assert decisions(replayed(text.format(stage)))[-1] == (
        "pause_and_refer",
        "D3_PAUSED",
        "S3_run1_walk4",
        "urgent",
    )
    both = decisions(replayed(text.format(f"{stage}; physio_clear")))[-1]
    assert both == ("hold", "D7B_PHYSIO_SET", "S3_run1_walk4", "none")


def test_a_step_that_waits_goes_on_after_a_confirmation(tmp_path):
    document = yaml.safe_load(DEFAULT.read_text()) | {"sign_off": True}
    file = tmp_path / "confirmed.yaml"
    file.write_text(yaml.safe_dump(document))
    diary = "date,morning,rest,session,during,after,event\n"
    diary += "".join(f"2026-01-{day:02},1,1,done,1,1,{{{day}}}\n" for day in range(5, 11))
    events = {str(day): "physio_sign_off" if day == 9 else "" for day in range(5, 11)}
    for day, event in events.items():
        diary = diary.replace(f"{{{day}}}", event)
    found = rules(replayed(diary, programme=str(file), **WALKING))
    assert found[3:] == ["D8P_SIGN_OFF", "D9A_ADVANCE", "D8J_MIN_DAYS"]


# --- start ---------------------------------------------------------------------------
def test_the_first_scores_seen_are_intake_and_baseline():
    text = "date,morning,rest\n2026-01-05,,6\n2026-01-06,3,5\n"
    state = replayed(text).simulation.start
    assert (state.intake, state.baseline) == (6, 3)


def test_where_one_kind_of_score_is_never_recorded_the_other_serves():
    state = replayed("date,rest\n2026-01-05,6\n").simulation.start
    assert (state.intake, state.baseline) == (6, 6)
    state = replayed("date,leg\n2026-01-05,none\n").simulation.start
    assert (state.intake, state.baseline) == (None, None)


def test_days_before_from_are_history_and_the_stage_is_entered_on_from():
    text = "date,rest\n" + "".join(f"2026-01-{day:02},6\n" for day in range(5, 12))
    result = replayed(text, first="2026-01-10", last="2026-01-12")
    assert rules(result) == ["D8N_S0_REST", "D9C_S0_CAP", "D8A_NO_LOG"]
    assert result.days[0].decision.facts.stage_day == 1


def test_history_is_read_by_rules_that_look_back():
    text = "date,rest,leg\n2026-01-05,2,below_knee\n2026-01-06,2,below_knee\n"
    assert rules(replayed(text, first="2026-01-06")) == ["D4A_LEG_PAIN"]


def test_missing_days_before_the_diary_begins_do_not_exist():
    text = "date,rest\n2026-01-20,2\n"
    running = {"start_stage": "S3_run1_walk4"}
    assert rules(replayed(text, **running)) == ["D8J_MIN_DAYS"]
    # Asked to decide them, they are days without an entry.
    assert rules(replayed(text, first="2026-01-06", **running))[-1] == "D5G_LONG_GAP"


def test_earlier_step_backs_count_as_strikes_and_are_cooled_down_from():
    text = "date,rest,session,during,after\n2026-01-20,2,,,\n2026-01-21,2,done,7,2\n"
    asked = {"start_stage": "S3_run1_walk4", "step_backs": ("2026-01-08", "2026-01-19")}
    assert rules(replayed(text, **asked)) == ["D8B_COOLDOWN", "D4D_THREE_STRIKES"]


def test_stage_before_is_before_the_events_of_the_day():
    result = replayed("date,rest,event\n2026-01-05,5,physio_set_stage:S2_core\n")
    (day,) = result.days
    assert result.simulation.programme.stages[day.stage_before].key == "S0_relative_rest"
    assert day.decision.stage_after_key == "S2_core"


def test_appending_days_changes_no_earlier_decision():
    """Not even by the scores that stand in for intake and baseline (INV-19)."""
    lines = [
        "date,morning,rest,session,during,after",
        "2026-01-05,,5,,,",
        "2026-01-06,,,,,",
        "2026-01-07,2,3,done,2,2",
    ]
    lines += [f"2026-01-{day:02},{day % 3},{day % 4},,," for day in range(8, 31)]
    whole = decisions(replayed("\n".join(lines)))
    for cut in range(2, len(lines)):
        assert decisions(replayed("\n".join(lines[:cut]))) == whole[: cut - 1]
