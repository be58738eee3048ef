"""Faults that last some seconds, one after another beside the quick ones: services, and the mail server."""

import random
import time

from scripts.faults.run import MAILERS, Run


def redis_killed(run: Run, dice: random.Random) -> int:
    run.site.redis.kill()
    time.sleep(dice.uniform(0.3, 2))
    run.site.redis.start()
    return 1


def redis_frozen(run: Run, dice: random.Random) -> int:
    freeze(run, dice.uniform(1, 4))
    return 1


def freeze(run: Run, seconds: float) -> None:
    run.site.redis.freeze()
    time.sleep(seconds)
    run.site.redis.thaw()


def redis_full(run: Run, dice: random.Random) -> int:
    fill(run, dice.uniform(1, 3))
    return 1


def fill(run: Run, seconds: float) -> None:
    run.site.redis.fill()
    time.sleep(seconds)
    run.site.redis.empty_again()


def broker_hole(run: Run, dice: random.Random) -> int:
    swallow(run, dice.uniform(1, 5))
    return 1


def swallow(run: Run, seconds: float) -> None:
    run.site.broker_wire.swallow()
    time.sleep(seconds)
    run.site.broker_wire.flow()


def postgres_crash(run: Run, dice: random.Random) -> int:
    began = time.monotonic()
    run.site.postgres.kill()
    time.sleep(dice.uniform(0, 1))
    run.site.postgres.start()
    run.broke_off(began, MAILERS)
    return 1


def database_hole(run: Run, dice: random.Random) -> int:
    began = time.monotonic()
    run.site.database_wire.swallow()
    time.sleep(dice.uniform(1, 5))
    run.site.database_wire.flow()
    run.broke_off(began, MAILERS)
    return 1


def node_ahead(run: Run, dice: random.Random) -> int:
    """One clock three days ahead, and corrected."""
    role = dice.choice(("node1", "node2", "beat"))
    run.site.clock.put_apart(role, days=3)
    time.sleep(dice.uniform(1, 3))
    run.site.clock.put_apart(role)
    return 1


#: Fault -> how often it is drawn, and what does it.
SERVICES = (
    ("F06", 3, redis_killed),
    ("F07", 2, redis_frozen),
    ("F08", 1, redis_full),
    ("F10", 2, broker_hole),
    ("F11", 3, postgres_crash),
    ("F13", 2, database_hole),
    ("F22", 2, node_ahead),
)


#: Owed with each mood: without any mail, a mail server may fail as it likes.
MAILS = 12


def no_mail_server(run: Run, seconds: float) -> None:
    """While mails are owed, and due again and again."""
    run.site.mail.mood = "down"
    run.site.postman.ask("owe-everybody", count=MAILS, number=run.journal.another())
    run.site.postman.ask("deliver")
    time.sleep(seconds)
    run.site.mail.mood = "ok"


def _mood(mood: str):
    def show(run: Run, dice: random.Random) -> int:
        """Mails are owed and sent by an operator beside the workers, so that somebody meets the mood."""
        mail, before = run.site.mail, run.site.mail.shown[mood]
        first = dice.randrange(len(run.to_act))
        mail.mood = mood
        run.site.postman.ask("owe-everybody", first=first, count=MAILS, number=run.journal.another())
        run.site.postman.ask("deliver")
        time.sleep(dice.uniform(0, 1))
        mail.mood = "ok"
        time.sleep(dice.uniform(0.1, 0.5))
        # One that nobody met was no fault.
        return int(mail.shown[mood] > before)

    return show


MAIL = (
    ("F14", 2, _mood("down")),
    ("F15", 2, _mood("busy")),
    ("F15", 2, _mood("grey")),
    ("F16", 1, _mood("refuses")),
    ("F17", 1, _mood("slow")),
    ("F18", 2, _mood("drops")),
    ("F19", 2, _mood("cut")),
)
