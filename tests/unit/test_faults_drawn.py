"""What a seed of `make faults` means, and that nothing it finds is lost on the way to the table."""

from itertools import islice

from scripts.faults.journal import CATALOGUE, Journal, table
from scripts.faults.people import PEOPLE
from scripts.faults.quick import QUICK
from scripts.faults.rounds import chosen, drawn
from scripts.faults.windows import MAIL, SERVICES


def faults(seed: int, number: int = 1, plan=QUICK) -> list[str]:
    return [fault for fault, *_ in islice(drawn(seed, number, plan), 60)]


def test_a_seed_draws_the_same_again():
    assert faults(7) == faults(7)
    assert faults(7) != faults(8)
    assert faults(7, number=1) != faults(7, number=2)


def test_how_often_a_fault_throws_its_dice_does_not_change_the_next():
    thrown = []
    for fault, _, dice in islice(drawn(7, 1, QUICK), 60):
        dice.random()
        thrown.append(fault)
    assert thrown == faults(7)


def test_every_fault_that_is_drawn_is_in_the_catalogue():
    assert {fault for plan in (QUICK, PEOPLE, SERVICES, MAIL) for fault, *_ in plan} <= CATALOGUE.keys()
    assert list(CATALOGUE) == [f"F{number:02}" for number in range(1, 35)]


def test_only_some_are_drawn_where_only_some_are_asked_for():
    assert {fault for fault, *_ in chosen(QUICK, {"F12"})} == {"F12"}
    assert chosen(QUICK, set()) == QUICK
    assert list(drawn(7, 1, chosen(QUICK, {"F99"}))) == []


def test_what_is_found_is_charged_to_every_fault_of_the_round_and_to_no_other():
    journal = Journal()
    journal.count("F01")
    journal.begin_round()
    journal.count("F05", 3)
    journal.count("F12")
    journal.charge("lost", "round 2", ["a day"])
    journal.charge("doubled", "round 2", ["a mail"], "F12")
    journal.charge("wrong", "round 2", [])
    assert not journal.is_clean
    assert journal.lost == {"F05": 1, "F12": 1}
    assert journal.doubled == {"F12": 1}
    lines = {line[:4].strip(): line.split() for line in table(journal).splitlines()}
    assert lines["F05"][1:4] == ["3", "1", "0"]
    assert lines["F12"][1:4] == ["1", "1", "1"]
    assert lines["F01"][1:4] == ["1", "0", "0"]
    assert "not run" in table(journal)
