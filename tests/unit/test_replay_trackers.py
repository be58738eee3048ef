"""Diaries of other trackers: made ones for each rule, and the real ones where they are."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from programs.engine.values import Outcome
from programs.replay.faults import Refused
from tests.support.missing import could_not_run
from tests.support.replaying import replayed

HEADER = "name,startday,startmonth,startyear,intensity"
DIARIES = Path(__file__).resolve().parents[3] / "shared" / "data" / "diaries"


def knee(*rows: str, header: str = HEADER, **asked):
    return replayed("\n".join([header, *rows]), **{"symptom": "Knee Pain", **asked})


def scores(result) -> dict[int, tuple[int | None, int | None]]:
    first = result.diary.first
    return {day - first: (entry.morning, entry.rest) for day, entry in sorted(result.diary.entries.items())}


def faults(*rows: str, **asked) -> list[str]:
    with pytest.raises(Refused) as refused:
        knee(*rows, **asked)
    return [fault.message for fault in refused.value.faults]


def test_the_worst_score_of_a_day_is_rest():
    rows = ("Knee Pain,1,5,2020,2", "Knee Pain,1,5,2020,6", "Knee Pain,1,5,2020,1", "Knee Pain,3,5,2020,0")
    assert scores(knee(*rows)) == {0: (None, 6), 2: (None, 0)}
    assert scores(knee(*rows, rest_as_morning=True)) == {0: (6, 6), 2: (0, 0)}


def test_other_symptoms_are_left_alone_whatever_they_say():
    rows = ("happiness,1,1,2020,99", "Knee Pain,1,5,2020,2", "Hip Pain,x,y,z,w")
    assert scores(knee(*rows)) == {0: (None, 2)}


@pytest.mark.parametrize(("written", "read"), [("2.5", 3), ("3.5", 4), ("2.4", 2), ("9.5", 10), ("0.49", 0)])
def test_decimals_are_rounded_half_up(written, read):
    result = knee(f"Knee Pain,1,5,2020,{written}")
    assert scores(result) == {0: (None, read)}
    assert result.diary.notes == ("1 of 1 scores had decimals and were rounded half up.",)


def test_whole_numbers_with_a_point_are_not_rounded():
    assert knee("Knee Pain,1,5,2020,3.0").diary.notes[0].startswith("0 of 1 ")


def test_a_row_without_a_score_is_not_recorded():
    assert scores(knee("Knee Pain,1,5,2020,", "Knee Pain,2,5,2020,3")) == {0: (None, 3)}


def test_columns_may_come_in_any_order_and_a_symptom_in_any_case():
    result = knee("3,2020,5,1,knee pain", header="intensity,startyear,startmonth,startday,name")
    assert scores(result) == {0: (None, 3)}


@pytest.mark.parametrize("intensity", ["11", "-1", "10.4", "x", "1e1", "3,5"])
def test_a_score_off_the_scale_is_a_fault_with_its_line(intensity):
    (message,) = faults("Knee Pain,1,5,2020,3", f'Knee Pain,1,5,2020,"{intensity}"')
    assert message.startswith(f"line 3, column intensity: '{intensity}' is not accepted")
    assert "a number from 0 to 10" in message


@pytest.mark.parametrize("start", ["31,2,2020", "1,13,2020", "x,5,2020", "1,5,", "1.5,5,2020"])
def test_a_date_that_does_not_exist_is_a_fault_with_its_line(start):
    (message,) = faults("Knee Pain,1,5,2020,3", f"Knee Pain,{start},3")
    assert message.startswith("line 3, column startday: ")


@pytest.mark.parametrize("symptom", [None, "", "Elbow"])
def test_the_symptom_is_asked_for_with_what_there_is(symptom):
    (message,) = faults(
        "Knee Pain,1,5,2020,3", "Knee Pain,2,5,2020,3", "happiness,1,5,2020,3", symptom=symptom
    )
    assert message.startswith("--symptom: ")
    assert "Knee Pain (2), happiness (1)" in message


# --- scores that are dated only by when they were written ------------------------------
DATED = f"{HEADER},date"


def test_the_start_day_counts_and_not_the_time_of_writing():
    result = knee("Knee Pain,12,8,2019,8,2019-08-13 02:07:55", header=DATED)
    assert result.diary.first == result.diary.last
    assert result.days[0].decision.reason
    assert scores(result) == {0: (None, 8)}
    assert knee("Knee Pain,12,8,2019,8", header=HEADER).diary.first == result.diary.first


def test_a_score_without_a_start_day_belongs_to_the_day_of_its_sitting():
    rows = ("happiness,24,11,2019,6,2019-11-25 05:45:19", "Knee Pain,0,,0,3,2019-11-25 05:46:34")
    result = knee(*rows, header=DATED)
    assert result.diary.first == knee("Knee Pain,24,11,2019,3").diary.first
    assert result.diary.notes[1].endswith("dated by when they were written: 1.")


def test_alone_it_belongs_to_the_date_of_writing():
    rows = ("happiness,20,11,2019,6,2019-11-21 05:45:19", "Knee Pain,0,,0,3,2019-11-25 05:46:34")
    assert knee(*rows, header=DATED).diary.first == knee("Knee Pain,25,11,2019,3").diary.first


def test_without_any_date_it_is_a_fault():
    (message,) = faults("Knee Pain,0,,0,3,", header=DATED)
    assert message.startswith("line 2, column date: ''")
    (message,) = faults("Knee Pain,0,,0,3")
    assert message.startswith("line 2, column date: ''")


# --- real diaries ----------------------------------------------------------------------
def real(participant: int) -> str:
    path = DIARIES / f"participant{participant}.csv"
    if not path.exists():
        could_not_run("shared/data/diaries beside the project", "Real diaries are not part of the project.")
    return path.read_text()


MAIN = {
    # participant: symptom, days decided, days without an entry, scores, scores rounded
    2: ("Knee Pain", 1233, 371, 873, 130),
    3: ("Knee Pain", 289, 206, 86, 12),
    5: ("Ankle Pain", 35, 12, 28, 9),
    8: ("Knee Pain", 750, 311, 468, 409),
}


@pytest.mark.parametrize("participant", MAIN)
def test_the_main_symptom_of_a_real_diary(participant):
    symptom, days, missing, count, rounded = MAIN[participant]
    result = replayed(real(participant), symptom=symptom, rest_as_morning=True)
    assert len(result.days) == days
    assert sum(not day.decision.facts.today.logged for day in result.days) == missing
    assert result.diary.notes[0].startswith(f"{rounded} of {count} scores")


@pytest.mark.parametrize("participant", MAIN)
@pytest.mark.parametrize("start", ["S0_relative_rest", "S3_run1_walk4"])
def test_every_symptom_of_a_real_diary(participant, start):
    text = real(participant)
    symptoms = Counter(row["name"] for row in csv.DictReader(text.splitlines()))
    for symptom in symptoms:
        result = replayed(text, symptom=symptom, rest_as_morning=True, start_stage=start)
        assert len(result.days) == result.diary.last - result.diary.first + 1
        # Nobody ran, so nobody may run further.
        assert sum(day.decision.outcome is Outcome.ADVANCE for day in result.days) <= 1
