"""Every fault of a diary or an option is told with its place, its value and what is accepted."""

import pytest

from programs.replay import sheet
from programs.replay.faults import Refused
from tests.support.replaying import replayed

HEADER = "date,morning,rest,session,during,after,warmup,limp,leg,red_flags,planned,event"
SCORE = "a whole number from 0 to 10"
ONLY = "given only with session done, partial or stopped_pain"


def row(**cells) -> str:
    """A diary of one row, on line 2."""
    cells = {"date": "2026-01-05", **cells}
    return f"{HEADER}\n{','.join(cells.get(name, '') for name in HEADER.split(','))}\n"


def messages(text: str | bytes, **asked) -> list[str]:
    with pytest.raises(Refused) as refused:
        replayed(text, **asked)
    return [fault.message for fault in refused.value.faults]


CELLS = {
    "above ten": ({"rest": "11"}, "rest", "'11'", SCORE),
    "below zero": ({"morning": "-1"}, "morning", "'-1'", SCORE),
    "a decimal": ({"rest": "3.5"}, "rest", "'3.5'", SCORE),
    "a decimal without need": ({"rest": "3.0"}, "rest", "'3.0'", SCORE),
    "a word for a score": ({"rest": "bad"}, "rest", "'bad'", SCORE),
    "a score with a sign": ({"rest": "+3"}, "rest", "'+3'", SCORE),
    "a leading zero": ({"rest": "03"}, "rest", "'03'", SCORE),
    "digits of another script": ({"rest": "٣"}, "rest", "'٣'", SCORE),
    "a score out of ten": ({"rest": "3/10"}, "rest", "'3/10'", SCORE),
    "during above ten": ({"session": "done", "during": "12"}, "during", "'12'", SCORE),
    "after as a word": ({"session": "done", "after": "x"}, "after", "'x'", SCORE),
    "an unknown session": ({"session": "ran"}, "session", "'ran'", "one of none, done, partial"),
    "an unknown warm-up": (
        {"session": "done", "warmup": "sore"},
        "warmup",
        "'sore'",
        "one of none, resolved, persisted, resolved_returned",
    ),
    "an unknown limp": ({"session": "done", "limp": "yes"}, "limp", "'yes'", "true or false"),
    "an unknown leg": ({"leg": "knee"}, "leg", "'knee'", "one of none, above_knee, below_knee"),
    "an unknown plan": ({"planned": "1"}, "planned", "'1'", "true or false"),
    "red flags of nothing": ({"red_flags": ";"}, "red_flags", "';'", "codes joined by ;"),
    "red flags with a bell": ({"red_flags": "A\aB"}, "red_flags", r"'A\x07B'", "printable characters"),
    "no date": ({"date": "", "rest": "3"}, "date", "''", "YYYY-MM-DD"),
    "a day that does not exist": ({"date": "2026-02-30"}, "date", "'2026-02-30'", "YYYY-MM-DD"),
    "a date of another country": ({"date": "05/01/2026"}, "date", "'05/01/2026'", "YYYY-MM-DD"),
    "a date with a time": ({"date": "2026-01-05T08:00"}, "date", "'2026-01-05T08:00'", "YYYY-MM-DD"),
    "a date without hyphens": ({"date": "20260105"}, "date", "'20260105'", "YYYY-MM-DD"),
    "a week date": ({"date": "2026-W02-1"}, "date", "'2026-W02-1'", "YYYY-MM-DD"),
    "during on a skipped session": ({"session": "skipped", "during": "9"}, "during", "'9'", ONLY),
    "after on a missed session": ({"session": "skipped_pain", "after": "2"}, "after", "'2'", ONLY),
    "during without a session": ({"rest": "2", "during": "0"}, "during", "'0'", ONLY),
    "warm-up without a session": ({"session": "none", "warmup": "resolved"}, "warmup", "'resolved'", ONLY),
    "limp without a session": ({"rest": "2", "limp": "true"}, "limp", "'true'", ONLY),
    "an unknown event": ({"event": "physio_dance"}, "event", "'physio_dance'", "physio_hold:YYYY-MM-DD"),
    "an event with nothing": ({"event": ";physio_clear"}, "event", "''", "physio_clear, joined by ;"),
    "a clear of something": ({"event": "physio_clear:S1"}, "event", "'physio_clear:S1'", "or physio_clear"),
    "a hold without an end": ({"event": "physio_hold"}, "event", "'physio_hold'", "the last day of the hold"),
    "a hold until no day": (
        {"event": "physio_hold:2026-02-30"},
        "event",
        "'physio_hold:2026-02-30'",
        "the last day of the hold as YYYY-MM-DD",
    ),
    "a hold that ends before it begins": (
        {"event": "physio_hold:2026-01-04"},
        "event",
        "'physio_hold:2026-01-04'",
        "the row's own date or later",
    ),
    "a stage without a key": (
        {"event": "physio_set_stage:"},
        "event",
        "'physio_set_stage:'",
        "physio_set_stage:KEY",
    ),
    "an unknown stage": (
        {"event": "physio_set_stage:S99"},
        "event",
        "'physio_set_stage:S99'",
        "a stage of lbp-acute-default: S0_relative_rest, S1_walking",
    ),
    "two stages on one day": (
        {"event": "physio_set_stage:S1_walking;physio_set_stage:S2_core"},
        "event",
        "'physio_set_stage:S2_core'",
        "each at most once",
    ),
}


@pytest.mark.parametrize(("cells", "column", "value", "accepted"), CELLS.values(), ids=CELLS)
def test_a_cell_that_is_not_accepted(cells, column, value, accepted):
    (message,) = messages(row(**cells))
    assert message.startswith(f"line 2, column {column}: {value} is not accepted; it must be ")
    assert accepted in message


FILES = {
    "nothing": (b"", "The diary is empty"),
    "blank lines only": (b"\n , ,\n\n", "The diary is empty"),
    "a mark of byte order only": (b"\xef\xbb\xbf", "The diary is empty"),
    "a header only": (b"date,rest\n\n", "no rows"),
    "no header": (b"2026-01-05,3\n", "line 1: column date is missing"),
    "no date column": (b"morning,rest\n3,3\n", "line 1: column date is missing"),
    "an unknown column": (
        b"date,mood\n2026-01-05,3\n",
        "line 1: column 'mood' is not known; accepted are date, ",
    ),
    "a column without a name": (
        b"date,rest,\n2026-01-05,3,4\n",
        "line 1: column 3 without a name is not known",
    ),
    "a column twice": (b"date,rest,rest\n2026-01-05,3,4\n", "line 1: column rest stands there twice"),
    "semicolons": (b"date;rest\n2026-01-05;3\n", "column date is missing; names are separated by commas"),
    "too many cells": (b"date,rest\n2026-01-05,3,4\n", "line 2: has 3 cells; it must have at most 2"),
    "an open quote": (b'date,rest\n2026-01-05,"3\n', "line 2: is not CSV (unexpected end of data)"),
    "Latin-1": (
        "date,rest\n2026-01-05,caf\xe9\n".encode("latin-1"),
        "line 2: byte 25 of the diary is not UTF-8",
    ),
    "UTF-16": ("date,rest\n".encode("utf-16"), "is not UTF-8; save the file as CSV in UTF-8"),
}


@pytest.mark.parametrize(("raw", "message"), FILES.values(), ids=FILES)
def test_a_file_that_is_no_diary(raw, message):
    assert any(message in found for found in messages(raw))


OPTIONS = {
    "no such programme": (
        {"programme": "lbp"},
        "--programme: 'lbp'",
        "or one of couch-to-5k, lbp-acute-default",
    ),
    "a folder": ({"programme": "."}, "--programme: ", "cannot be read (Is a directory)"),
    "an unknown stage": ({"start_stage": "S99"}, "--start-stage: 'S99'", "S0_relative_rest"),
    "day zero": ({"programme_day": "0"}, "--programme-day: '0'", "a whole number of days, from 1"),
    "half a day": ({"programme_day": "1.5"}, "--programme-day: '1.5'", "a whole number of days, from 1"),
    "intake of eleven": ({"intake_pain": "11"}, "--intake-pain: '11'", SCORE),
    "a baseline with decimals": ({"baseline_morning": "2.5"}, "--baseline-morning: '2.5'", SCORE),
    "a step-back on no date": ({"step_backs": ("soon",)}, "--step-back: 'soon'", "YYYY-MM-DD"),
    "a step-back after the start": (
        {"step_backs": ("2026-01-05",)},
        "--step-back: '2026-01-05'",
        "before the first day decided, 2026-01-05",
    ),
    "from no date": ({"first": "yesterday"}, "--from: 'yesterday'", "YYYY-MM-DD"),
    "from after the diary": (
        {"first": "2026-01-06"},
        "--from: '2026-01-06'",
        "on or before the last day, 2026-01-05",
    ),
    "to no date": ({"last": "2026-13-01"}, "--to: '2026-13-01'", "YYYY-MM-DD"),
    "to before the diary": (
        {"last": "2026-01-04"},
        "--to: '2026-01-04'",
        "on or after the first day decided",
    ),
    "a symptom of our own diary": ({"symptom": "Knee Pain"}, "--symptom", "other trackers"),
    "rest as morning in our own diary": ({"rest_as_morning": True}, "--rest-as-morning", "other trackers"),
}


@pytest.mark.parametrize(("asked", "place", "accepted"), OPTIONS.values(), ids=OPTIONS)
def test_an_option_that_is_not_accepted(asked, place, accepted):
    (message,) = messages(row(rest="3"), **asked)
    assert message.startswith(place)
    assert accepted in message


def test_a_date_twice_is_told_with_both_lines():
    (message,) = messages("date,rest\n2026-01-05,3\n\n2026-01-06,3\n2026-01-05,4\n")
    assert message.startswith("line 5, column date: '2026-01-05'")
    assert "line 2 has it already" in message


def test_all_faults_are_told_at_once_in_the_order_of_the_lines():
    found = messages(
        "date,rest,mood,event\n2026-01-05,x,,physio_set_stage:S99\n2026-01-06,11,,\nsoon,3,,\n",
        start_stage="S99",
        intake_pain="many",
    )
    places = [message.partition(":")[0] for message in found]
    assert places == [
        "--intake-pain",
        "--start-stage",
        "line 1",
        "line 2, column rest",
        "line 2, column event",
        "line 3, column rest",
        "line 4, column date",
    ]


def test_each_contradiction_of_a_row_is_told():
    found = messages(row(session="skipped", during="9", after="3", warmup="persisted", limp="true"))
    assert [message.split(":")[0] for message in found] == [
        f"line 2, column {column}" for column in ("during", "after", "warmup", "limp")
    ]


def test_a_session_that_cannot_be_read_is_one_fault_and_not_also_a_contradiction():
    (message,) = messages(row(session="ran", during="3", after="3", limp="true"))
    assert "column session" in message


def test_the_line_is_where_a_row_begins_even_after_a_cell_of_several_lines():
    (message,) = messages('date,rest,red_flags\n2026-01-05,3,"\n\n"\n2026-01-06,x,\n')
    assert message.startswith("line 5, column rest: 'x'")


def test_rest_may_be_set_on_the_first_day_only():
    text = "date,rest,event\n2026-01-05,3,\n2026-01-06,3,physio_set_stage:S0_relative_rest\n"
    (message,) = messages(text, start_stage="S1_walking")
    assert message.startswith("line 3, column event: 'physio_set_stage:S0_relative_rest'")
    assert replayed(text, start_stage="S1_walking", first="2026-01-06").days


def test_a_value_cannot_write_to_the_terminal_and_is_cut():
    (message,) = messages(row(session="\x1b[31m" + "x" * 200))
    assert "\x1b" not in message
    assert len(message) < 250


def test_a_diary_longer_than_any_is_refused(monkeypatch):
    monkeypatch.setattr(sheet, "LONGEST_DIARY", 20)
    (message,) = messages(b"date\n" + b"\n" * 20)
    assert "too long" in message
