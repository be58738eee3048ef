"""Which mails may come twice in `make faults`: those that something met on their way, and no more."""

from scripts.faults.repeats import MOST_COPIES, Copy, Interruption, Verdict, judge

ONE, OTHER = "<1@rehab>", "<2@rehab>"


def came(*times: float, is_answered: bool = True) -> list[Copy]:
    return [Copy(at, is_answered) for at in times]


def crash(at: float, *met: str, most: int = 4) -> Interruption:
    return Interruption(at, at, frozenset(met), most)


def judged(copies, tries: int = 9, met: tuple[Interruption, ...] = ()) -> Verdict:
    return judge(copies, dict.fromkeys(copies, ("sent", tries)), met)


def test_a_mail_that_came_once_is_fine():
    assert judged({ONE: came(10)}, tries=1) == Verdict(repeats=0, greatest=1)


def test_a_mail_that_is_marked_as_sent_and_never_came_is_lost():
    rows = {ONE: ("sent", 1), OTHER: ("skipped", 0)}
    assert judge({}, rows, ()).lost == [f"mail {ONE} is marked as sent and never came"]


def test_a_repeat_that_nothing_met_is_found():
    twice = judged({ONE: came(10, 20)})
    assert twice.doubled == [f"mail {ONE} came again, and nothing had met it"]
    assert (twice.repeats, twice.greatest) == (1, 2)


def test_a_crash_that_met_it_in_between_explains_one():
    assert judged({ONE: came(10, 20)}, met=(crash(12, ONE),)).doubled == []
    # Its sender was killed before the server had read to the end.
    assert judged({ONE: came(10, 20)}, met=(crash(9.5, ONE),)).doubled == []


def test_a_crash_of_another_time_or_with_other_mails_in_hand_explains_nothing():
    for other in (crash(7, ONE), crash(21, ONE), crash(12, OTHER), crash(12)):
        assert len(judged({ONE: came(10, 20)}, met=(other,)).doubled) == 1


def test_more_copies_than_tries_are_found_whatever_met_it():
    found = judged({ONE: came(10, 20)}, tries=1, met=(crash(12, ONE),)).doubled
    assert found == [f"mail {ONE} came 2 times in 1 tries"]


def test_however_much_met_it_no_mail_comes_too_often():
    times = range(0, 10 * (MOST_COPIES + 1), 10)
    met = tuple(crash(at + 1, ONE) for at in times)
    assert judged({ONE: came(*times)}, tries=99, met=met).doubled
    assert judged({ONE: came(*times[:-1])}, tries=99, met=met).doubled == []


def test_a_crash_explains_one_mail_for_each_connection_and_no_more():
    mails = {f"<{number}@rehab>": came(10, 20) for number in range(5)}
    assert len(judged(mails, met=(crash(12, *mails, most=4),)).doubled) == 1
    assert judged(mails, met=(crash(12, *mails, most=4), crash(13, *mails, most=4))).doubled == []


def test_each_repeat_goes_to_a_crash_that_has_room_for_it():
    mails = {ONE: came(10, 20), OTHER: came(10, 20)}
    # The first crash met both, the second one of them alone.
    assert judged(mails, met=(crash(11, ONE, OTHER, most=1), crash(12, ONE, most=1))).doubled == []
    assert len(judged(mails, met=(crash(11, ONE, OTHER, most=1), crash(30, ONE, most=1))).doubled) == 1


def test_a_mail_whose_sender_was_never_answered_may_come_again():
    assert judged({ONE: [*came(10, is_answered=False), *came(20)]}).doubled == []
    assert len(judged({ONE: [*came(10, is_answered=False), *came(20, 30)]}).doubled) == 1


def test_mails_of_somebody_who_was_erased_have_no_row_and_are_judged_all_the_same():
    assert judge({ONE: came(10, 20)}, {}, (crash(12, ONE),)).doubled == []
    assert len(judge({ONE: came(10, 20)}, {}, ()).doubled) == 1
