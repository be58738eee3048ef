"""Faults of a moment in processes, connections and the broker, one after another all through a round.

Each takes the run and its dice, and returns how often the fault was really tried.
"""

import random
import time

from scripts.faults.node import Program, children_of
from scripts.faults.run import Run
from scripts.faults.site import DATABASE

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
    began = time.monotonic()
    if not worker.kill_child(dice.randrange(4)):
        return 0
    run.broke_off(began)
    return 1


def kill_whole(run: Run, dice: random.Random) -> int:
    program: Program = dice.choice([*run.site.workers, *run.site.beats])
    if not program.is_running:
        return 0
    began, processes = time.monotonic(), len(children_of(program.process.pid))
    program.kill()
    run.broke_off(began, processes)
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
    began = time.monotonic()
    cut = run.site.database_wire.cut()
    run.broke_off(began, cut)
    return int(cut > 0)


def terminate(run: Run, dice: random.Random) -> int:
    began = time.monotonic()
    cut = run.site.postgres.cut_a_transaction(DATABASE)
    run.broke_off(began, cut)
    return cut


def kill_mailing(run: Run, dice: random.Random) -> int:
    """A child of each worker, where somebody has mails in hand at this moment."""
    asked = (
        "SELECT count(*) FROM programs_messageowed WHERE status = 'owed' AND leased_until > clock_timestamp()"
    )
    if not run.site.postgres.ask(asked, name=DATABASE)[0][0]:
        return 0
    began = time.monotonic()
    killed = sum(worker.kill_child(dice.randrange(4)) for worker in run.site.workers)
    run.broke_off(began, killed)
    return int(killed > 0)


def poison_message(run: Run, dice: random.Random) -> int:
    queues = run.site.queues()
    if queues:
        run.site.redis.client.lpush(dice.choice(queues), dice.choice(GARBAGE))
    return int(bool(queues))


#: Fault -> how often it is drawn, and what does it. A whole worker takes seconds to be there again.
PROCESSES = (
    ("F01", 8, kill_child),
    ("F02", 1, kill_whole),
    ("F04", 1, second_beat),
    ("F20", 8, kill_mailing),
)
CONNECTIONS = (
    ("F05", 3, flush),
    ("F09", 3, cut_broker),
    ("F12", 10, terminate),
    ("F13", 3, cut_database),
    ("F29", 3, poison_message),
)
