"""Faults of a moment: drawn one after another all through a round.

Each takes the run and its dice, and returns how often the fault was really tried.
"""

import random

from scripts.faults.node import Program
from scripts.faults.run import Run, anybody
from scripts.faults.site import DATABASE
from scripts.faults.zones import ZONES

#: What a broker may hold that nobody can work on.
GARBAGE = (
    b"not even json",
    b'{"body": "e30=", "headers": {}, "properties": {}}',
    b'{"body": "W10=", "content-encoding": "utf-8", "content-type": "application/x-python-serialize",'
    b' "headers": {"task": "programs.tasks.tick", "id": "1"}, "properties": {"delivery_info": {},'
    b' "delivery_tag": "1", "body_encoding": "base64"}}',
    b'{"body": "W1tdLCB7fSwge31d", "content-encoding": "utf-8", "content-type": "application/json",'
    b' "headers": {"task": "nobody.knows", "id": "2", "lang": "py"}, "properties": {"delivery_info": {},'
    b' "delivery_tag": "2", "body_encoding": "base64"}}',
    b'{"body": "W1tdLCB7ImZpcnN0IjogIngifSwge31d", "content-encoding": "utf-8",'
    b' "content-type": "application/json", "headers": {"task": "programs.tasks.close_range", "id": "3",'
    b' "lang": "py"}, "properties": {"delivery_info": {}, "delivery_tag": "3", "body_encoding": "base64"}}',
)


def kill_child(run: Run, dice: random.Random) -> int:
    worker: Program = dice.choice(run.site.workers)
    if not worker.kill_child(dice.randrange(4)):
        return 0
    run.journal.crashes += 1
    return 1


def kill_whole(run: Run, dice: random.Random) -> int:
    program: Program = dice.choice([*run.site.workers, *run.site.beats])
    if not program.is_running:
        return 0
    program.kill()
    run.journal.crashes += 1
    return 1


def second_beat(run: Run, dice: random.Random) -> int:
    """It goes on until the end of the round."""
    if len(run.site.beats) > 1:
        run.site.keeper.go_on(run.site.beats[1])
    else:
        run.site.beats.append(run.site.second_beat())
    return 1


def flush(run: Run, dice: random.Random) -> int:
    return int(run.site.redis.client.flushall())


def cut_broker(run: Run, dice: random.Random) -> int:
    return int(run.site.broker_wire.cut() > 0)


def cut_database(run: Run, dice: random.Random) -> int:
    cut = run.site.database_wire.cut()
    run.journal.crashes += cut
    return int(cut > 0)


def terminate(run: Run, dice: random.Random) -> int:
    cut = run.site.postgres.cut_a_transaction(DATABASE)
    run.journal.crashes += cut
    return cut


def kill_mailing(run: Run, dice: random.Random) -> int:
    """A child of each worker, where somebody has mails in hand at this moment."""
    asked = (
        "SELECT count(*) FROM programs_messageowed WHERE status = 'owed' AND leased_until > clock_timestamp()"
    )
    if not run.site.postgres.ask(asked, name=DATABASE)[0][0]:
        return 0
    killed = sum(worker.kill_child(dice.randrange(4)) for worker in run.site.workers)
    run.journal.crashes += killed
    return int(killed > 0)


def again(run: Run, dice: random.Random) -> int:
    times = dice.choice((2, 5))
    if dice.random() < 0.5:
        run.ask("F21", "tick-again", hand=dice.randrange(2), times=times)
        return 1
    ranges = run.ask("F21", "ranges", count=6) or []
    run.ask("F21", "deliver-again", hand=dice.randrange(2), ranges=ranges, times=times)
    return 1


def node_ahead(run: Run, dice: random.Random) -> int:
    """The lane of the clock puts it back into step at the end of the round."""
    run.site.clock.put_apart(dice.choice(("node1", "node2", "beat")), days=3)
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
    kind = dice.randrange(4)
    if kind == 0:
        left = [pk for pk in run.to_poison if pk not in run.journal.poisoned]
        enrolment = dice.choice(left) if left else 0
        cure = run.ask("F29", "poison", enrolment=enrolment) if enrolment else None
        if cure:
            run.journal.poisoned[enrolment] = cure["stage"]
        return int(bool(cure))
    if kind == 1:
        run.ask("F29", "poison-mail", enrolment=anybody(run, dice))
        return 1
    queues = run.site.queues()
    run.site.redis.client.lpush(dice.choice(queues), dice.choice(GARBAGE))
    return 1


def late_log(run: Run, dice: random.Random) -> int:
    """A corrected day, with perfect scores: it may not move anybody on."""
    answer = run.ask("F34", "correct", enrolment=anybody(run, dice), days_ago=dice.randrange(6), score=0)
    return int(answer is not None)


def change_schema(run: Run, dice: random.Random) -> int:
    run.ask("F34", "change-schema")
    return 1


#: Fault -> how often it is drawn, and what does it.
QUICK = (
    ("F01", 8, kill_child),
    ("F02", 2, kill_whole),
    ("F04", 1, second_beat),
    ("F05", 3, flush),
    ("F09", 3, cut_broker),
    ("F12", 18, terminate),
    ("F13", 3, cut_database),
    ("F20", 6, kill_mailing),
    ("F21", 5, again),
    ("F22", 1, node_ahead),
    ("F23", 6, travel),
    ("F24", 12, press_twice),
    ("F25", 7, override),
    ("F26", 1, edition),
    ("F28", 3, erase),
    ("F29", 5, poison),
    ("F34", 5, late_log),
    ("F34", 1, change_schema),
)
