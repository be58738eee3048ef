"""Faults that people bring: pressing twice, travelling, correcting, acting beside the close, leaving.

And messages that come again. Each takes the run and its dice, and returns how often the fault
was really tried.
"""

import random

from scripts.faults.run import Run, anybody
from scripts.faults.zones import ZONES

#: Both levels, and one that nobody knows: that is urgent, and never ignored.
CODES = ("CE_BLADDER", "CE_SADDLE", "LEG_WEAK_ONE", "FEVER_UNWELL", "OF_TOMORROW")


def again(run: Run, dice: random.Random) -> int:
    times = dice.choice((2, 5))
    if dice.random() < 0.5:
        run.ask("F21", "tick-again", hand=dice.randrange(2), times=times)
        return 1
    ranges = run.ask("F21", "ranges", count=6) or []
    run.ask("F21", "deliver-again", hand=dice.randrange(2), ranges=ranges, times=times)
    return 1


def travel(run: Run, dice: random.Random) -> int:
    run.ask("F23", "travel", hand=dice.randrange(2), enrolment=anybody(run, dice), zone=dice.choice(ZONES))
    return 1


def press_twice(run: Run, dice: random.Random) -> int:
    run.ask_both("F24", "save", enrolment=anybody(run, dice), score=dice.randrange(4))
    return 1


def override(run: Run, dice: random.Random) -> int:
    """Mostly somebody whose day is being closed at this moment."""
    due = set(run.ask("F25", "due-now", count=2000) or []) & set(run.seen)
    enrolment = dice.choice(sorted(due) or run.seen)
    mark = f"act {len(run.journal.overrides)} of the run"
    stage = dice.random() < 0.3
    answer = run.ask("F25", "override", hand=dice.randrange(2), enrolment=enrolment, mark=mark, stage=stage)
    if answer:
        run.journal.overrides.append(mark)
    return 1


def edition(run: Run, dice: random.Random) -> int:
    mark = f"edition {run.journal.tried['F26']} of the run"
    run.ask("F26", "edition", version=run.own_version, mark=mark)
    return 1


def erase(run: Run, dice: random.Random) -> int:
    left = [pk for pk in run.to_erase if pk not in run.journal.erased]
    if not left:
        return 0
    enrolment = dice.choice(left)
    if run.ask("F28", "erase", hand=dice.randrange(2), enrolment=enrolment):
        run.journal.erased.append(enrolment)
    return 1


def poison(run: Run, dice: random.Random) -> int:
    if dice.random() < 0.4:
        left = [pk for pk in run.to_poison if pk not in run.journal.poisoned]
        enrolment = dice.choice(left) if left else 0
        cure = run.ask("F29", "poison", enrolment=enrolment) if enrolment else None
        if cure:
            run.journal.poisoned[enrolment] = cure["stage"]
        return int(bool(cure))
    run.ask("F29", "poison-mail", enrolment=anybody(run, dice))
    return 1


def late_log(run: Run, dice: random.Random) -> int:
    """A corrected day, with perfect scores: it may not move anybody on."""
    answer = run.ask("F34", "correct", enrolment=anybody(run, dice), days_ago=dice.randrange(6), score=0)
    return int(answer is not None)


def red_flag(run: Run, dice: random.Random) -> int:
    """In a check-in, pressed twice; or by "Something is wrong". Of half of them somebody is told."""
    one = {"enrolment": _who_flags(run, dice), "codes": dice.sample(CODES, dice.choice((1, 1, 2)))}
    if dice.random() < 0.3:
        run.ask("F24", "flag", hand=dice.randrange(2), **one)
    else:
        run.ask_both("F24", "flag", score=dice.randrange(4), **one)
    return 1


def late_red_flag(run: Run, dice: random.Random) -> int:
    """In the correction of a closed day, with perfect scores."""
    one = {"enrolment": _who_flags(run, dice), "codes": [dice.choice(CODES)]}
    run.ask("F34", "flag", hand=dice.randrange(2), score=0, days_ago=dice.randrange(6), **one)
    return 1


def _who_flags(run: Run, dice: random.Random) -> int:
    seen = sorted(set(run.to_flag) & set(run.seen))
    return dice.choice(seen if dice.random() < 0.5 else run.to_flag)


def end_pause(run: Run, dice: random.Random) -> int:
    """Of somebody who gave a red flag, on the same day or later."""
    flagged = sorted({flag["enrolment"] for flag in run.journal.flags} & set(run.seen))
    if not flagged:
        return 0
    mark = f"end {len(run.journal.overrides)} of the run"
    answer = run.ask("F25", "clear", hand=dice.randrange(2), enrolment=dice.choice(flagged), mark=mark)
    if answer:
        run.journal.overrides.append(mark)
    return int(answer is not None)


def change_schema(run: Run, dice: random.Random) -> int:
    run.ask("F34", "change-schema")
    return 1


#: Fault -> how often it is drawn, and what does it.
PEOPLE = (
    ("F23", 8, travel),
    ("F24", 10, press_twice),
    ("F24", 10, red_flag),
    ("F25", 8, override),
    ("F25", 3, end_pause),
    ("F28", 2, erase),
    ("F34", 8, late_log),
    ("F34", 3, late_red_flag),
)
#: Messages that come again, and what an editor or an operator does.
AGAIN = (
    ("F21", 10, again),
    ("F26", 2, edition),
    ("F29", 3, poison),
    ("F34", 1, change_schema),
)
