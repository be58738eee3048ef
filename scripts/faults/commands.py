"""What an operator does beside the work, as processes of their own: a deploy, a node whose clock is wrong."""

import random

from scripts.faults.run import Run

AHEAD_MINUTES = 5
REFUSED = 2
STRANGER = "stranger"
#: What a command says of a database that is away.
AWAY = ("OperationalError", "The database does not serve")


def node_five_minutes_ahead(run: Run, dice: random.Random) -> int:
    """It must see that its clock is not that of the database, and decide nothing."""
    environment = run.site.near(STRANGER)
    run.site.clock.put_apart(STRANGER, minutes=AHEAD_MINUTES)
    done = run.site.manage("close_days", **environment)
    if done.returncode != REFUSED:
        said = [f"a clock five minutes ahead: {done.returncode} {done.stderr[-300:]}"]
        # The database may be away at this moment: then nothing was decided either.
        if not any(words in done.stderr for words in AWAY):
            run.journal.charge("wrong", "node ahead", said, "F34")
        return 0
    return 1


def migrate(run: Run, dice: random.Random) -> int:
    """A deploy in the middle of the work: migrate, and load the library anew."""
    done = [run.site.manage(*step) for step in (("migrate", "--verbosity", "0"), ("load_library",))]
    return int(not any(one.returncode for one in done))


COMMANDS = (("F34", 2, node_five_minutes_ahead), ("F34", 1, migrate))
