"""What a seed of `make faults` means, and that nothing it finds is lost on the way to the table."""

from scripts.faults.journal import CATALOGUE, Journal, table
from scripts.faults.lanes import LANES, NEEDS_REDIS, Deck, chosen
from scripts.faults.quick import CONNECTIONS, PROCESSES


def drawn(deck: Deck, count: int = 60, without: frozenset[str] = frozenset()) -> list[str]:
    return [deck.draw(without)[0][0] for _ in range(count)]


def faults(seed: int, plan=CONNECTIONS) -> list[str]:
    return drawn(Deck(seed, plan))


def test_a_seed_draws_the_same_again():
    assert faults(7) == faults(7)
    assert faults(7) != faults(8)
    assert faults(7, PROCESSES) != faults(7, CONNECTIONS)


def test_every_kind_of_a_deck_comes_before_any_comes_again():
    for plan, _ in LANES:
        deck = Deck(7, plan)
        first = [deck.draw()[0] for _ in plan]
        assert sorted(map(id, first)) == sorted(map(id, plan))


def test_what_was_in_the_way_of_another_comes_again():
    deck = Deck(7, CONNECTIONS)
    entry, _ = deck.draw()
    deck.put_back(entry)
    deck.put_back(entry)
    others = drawn(deck, len(CONNECTIONS) - 1)
    assert entry[0] not in others
    assert drawn(deck, 1) == [entry[0]]


def test_while_redis_answers_nobody_only_what_needs_none_is_drawn():
    deck = Deck(7, CONNECTIONS)
    assert set(drawn(deck, without=NEEDS_REDIS)) == {"F12", "F13"}
    assert "F05" in drawn(deck, 3)
    assert Deck(7, chosen(CONNECTIONS, {"F05"})).draw(NEEDS_REDIS) is None


def test_how_often_a_fault_throws_its_dice_does_not_change_the_next():
    deck, thrown = Deck(7, CONNECTIONS), []
    for _ in range(60):
        entry, dice = deck.draw()
        dice.random()
        thrown.append(entry[0])
    assert thrown == faults(7)


def test_every_fault_that_is_drawn_is_in_the_catalogue():
    assert {fault for plan, _ in LANES for fault, *_ in plan} <= CATALOGUE.keys()
    assert list(CATALOGUE) == [f"F{number:02}" for number in range(1, 35)]


def test_only_some_are_drawn_where_only_some_are_asked_for():
    assert {fault for fault, *_ in chosen(CONNECTIONS, {"F12"})} == {"F12"}
    assert chosen(CONNECTIONS, set()) == CONNECTIONS
    assert Deck(7, chosen(CONNECTIONS, {"F99"})).draw() is None


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
    assert "did not come up: F02, F03, F04, F06," in table(journal)
