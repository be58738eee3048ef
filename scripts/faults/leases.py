"""Mails on their way while the clock jumps: a mail takes moments, and a jump of hours is none of them.

Leases count by the clock of the database. Where that jumps with everything else, each mail in
hand would be somebody else's at once, and many would come twice for no reason that life knows.
So leases move along, but for those of processes that have died: these run out.
"""

import datetime
import time

import psycopg

from scripts.faults.clock import Clock
from scripts.faults.repeats import Interruption
from scripts.faults.servers import Postgres
from scripts.faults.site import DATABASE

#: As ``accounts/services/outbox.py`` has it; this process has no Django.
LEASE = datetime.timedelta(minutes=3)
#: Whoever has a mail in hand for longer, in real seconds, is dead.
LONGEST_IN_HAND = 20.0
#: Claims so shortly before or after the jump may have read the clock on its other side.
AROUND = datetime.timedelta(seconds=2)
PATIENCE_SECONDS, PAUSE_SECONDS = 15.0, 0.1

IN_HAND = "SELECT message_id FROM programs_messageowed WHERE status = 'owed' AND leased_until IS NOT NULL"
LIVE = """
SELECT message_id, leased_until FROM programs_messageowed
WHERE status = 'owed' AND leased_until > clock_timestamp()
"""
MOVE = """
UPDATE programs_messageowed SET leased_until = leased_until + %s
WHERE status = 'owed' AND leased_until > clock_timestamp() AND message_id = ANY(%s)
RETURNING message_id, leased_until
"""
LEFT_BEHIND = """
UPDATE programs_messageowed SET leased_until = leased_until + %s
WHERE status = 'owed' AND leased_until BETWEEN %s AND %s AND message_id <> ALL(%s)
RETURNING message_id
"""
JUST_CLAIMED = f"{IN_HAND} AND leased_until BETWEEN %s AND %s AND message_id <> ALL(%s)"


class Leases:
    """Those of the mails of a run, in its database."""

    def __init__(self, postgres: Postgres, clock: Clock) -> None:
        self._postgres, self._clock = postgres, clock
        #: Message-ID -> its lease as it was left at the last jump, and since when that is known.
        self._known: dict[str, tuple[datetime.datetime, float]] = {}

    def in_hand(self) -> frozenset[str]:
        """Mails that somebody has claimed and not settled, whether he lives or not."""
        return frozenset(mail for (mail,) in self._ask(IN_HAND))

    def jump(self, by: datetime.timedelta) -> Interruption:
        """Move the clock of all; returns the few mails that were claimed in that very moment."""
        began, before = time.monotonic(), self._clock.now()
        moved = self._move(by)
        self._clock.jump(seconds=by.total_seconds())
        after = self._clock.now()
        late = self._ask(LEFT_BEHIND, by, *_claimed_at(before), moved)
        new = self._ask(JUST_CLAIMED, *_claimed_at(after), moved)
        met = frozenset(mail for (mail,) in (*late, *new))
        return Interruption(began, time.monotonic(), met, most=len(met))

    def _move(self, by: datetime.timedelta) -> list[str]:
        now = time.monotonic()
        live = {}
        for mail, lease in self._ask(LIVE):
            known, since = self._known.get(mail, (None, now))
            live[mail] = since if known == lease else now
        # Back they all go: one that stayed would be held for an hour longer.
        is_back = by < datetime.timedelta(0)
        kept = [mail for mail, since in live.items() if is_back or now - since < LONGEST_IN_HAND]
        moved = self._ask(MOVE, by, kept) if kept else []
        self._known = {mail: (lease, live[mail]) for mail, lease in moved}
        return list(self._known)

    def _ask(self, sql: str, *arguments) -> list[tuple]:
        """Also while PostgreSQL is being started again."""
        began = time.monotonic()
        while True:
            try:
                return self._postgres.ask(sql, *arguments, name=DATABASE)
            except psycopg.Error:
                if time.monotonic() - began > PATIENCE_SECONDS:
                    raise
                time.sleep(PAUSE_SECONDS)


def _claimed_at(instant: datetime.datetime) -> tuple[datetime.datetime, datetime.datetime]:
    """Between which ends lie the leases of claims around that moment."""
    return instant + LEASE - AROUND, instant + LEASE + AROUND
