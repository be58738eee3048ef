"""What every table of owed mails shares: claims, runs, waits, and how a fate is written down.

Rows are claimed by the batch, sent outside any transaction, and each is marked
right after the server's answer. A crash between the two is settled by the
lease: the mail is sent once more with the same Message-ID. That is the policy:
at most one repeat per such crash and connection, never a loss.
"""

import datetime
import logging
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from django.core.mail import EmailMessage
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Model, Q, QuerySet

from accounts.services.lanes import Lanes, Sent

logger = logging.getLogger(__name__)

LEASE = datetime.timedelta(minutes=3)
#: Leases are counted from the claim, so a slow server must not stretch a run
#: beyond them; the next run goes on.
LONGEST_RUN_SECONDS = 60
#: Rows that are claimed and read at once.
BATCH = 100
#: How old the answer to whether a mail is wanted may be when it goes out.
FRESH_SECONDS = 5
#: One more try after the first time that nobody knows whether a mail went out.
MOST_UNCERTAIN = 2
MINUTE = datetime.timedelta(minutes=1)
HOUR = datetime.timedelta(hours=1)
#: Pauses between tries to mark what has been sent; together well below the lease.
PAUSES = (0.5, 2, 5, 10)


@dataclass
class DeliveryReport:
    sent: int = 0
    skipped: int = 0
    failed: int = 0
    uncertain: int = 0
    dead: int = 0


class Queue(Protocol):
    """A table of owed mails, as a run needs it."""

    report: DeliveryReport

    def due(self, now: datetime.datetime) -> QuerySet:
        """Rows that are owed and due, the most pressing first, whoever has leased them."""

    def load(self, pks: list[int], now: datetime.datetime) -> list[Model]:
        """The rows that are still to be sent, in their order; what is wanted no more is settled."""

    def mail_of(self, row: Model, now: datetime.datetime) -> EmailMessage | None:
        """Built just before it goes out; None where it was settled instead."""

    def sent(self, rows: list[Model], now: datetime.datetime) -> None:
        """Mark what the server took."""

    def failed(self, row: Model, error: Exception, now: datetime.datetime) -> None:
        """Mark what it did not take, or perhaps did."""


class Stopwatch:
    """The time of a run: the ``now`` that it was given, and what has passed since."""

    def __init__(self, now: datetime.datetime, seconds: float) -> None:
        #: Waits for a next try count from here: how long this run takes makes none longer.
        self.start, self._seconds, self._began = now, seconds, time.monotonic()

    @property
    def now(self) -> datetime.datetime:
        """In whole seconds: who asks for a mail now gets what is written of it dated so."""
        return self.start + datetime.timedelta(seconds=int(self.passed))

    @property
    def is_over(self) -> bool:
        return self.passed > self._seconds

    @property
    def passed(self) -> float:
        return time.monotonic() - self._began


def run(
    queue: Queue,
    *,
    now: datetime.datetime,
    seconds: float,
    connect: Callable[[], object],
    connections: int = 1,
    batch: int = BATCH,
    between: Callable[[datetime.datetime], object] | None = None,
) -> DeliveryReport:
    """Send what is due until nothing is, the time is over, or no server answers.

    ``between`` is called before every batch: for what must not wait for a long run.
    """
    watch = Stopwatch(now, seconds)
    rows = _Claimed(queue, watch, batch, between)
    if not rows.more():
        return queue.report
    with Lanes(connect, connections) as lanes:
        try:
            _send_all(queue, rows, lanes, watch)
        finally:
            # Also where the next batch could not be read: what is out must be marked as that.
            while lanes.is_busy:
                _mark(queue, rows, lanes, watch)
            rows.give_back()
    return queue.report


def _send_all(queue: Queue, rows: "_Claimed", lanes: Lanes, watch: Stopwatch) -> None:
    for row in rows:
        try:
            mail = queue.mail_of(row, watch.now)
        except Exception as error:  # noqa: BLE001 - one mail that cannot be written must not stop the others
            queue.failed(row, error, watch.start)
            continue
        if mail is None:
            continue
        while not lanes.is_free:
            _mark(queue, rows, lanes, watch)
        if lanes.is_down:
            rows.put_back(row)
            return
        rows.on_the_way[row.pk] = row
        lanes.send(row.pk, mail)


def _mark(queue: Queue, rows: "_Claimed", lanes: Lanes, watch: Stopwatch) -> None:
    """Write down what has become of mails, before their connections get others."""
    fates = [(rows.on_the_way.pop(fate.key), fate) for fate in lanes.take()]
    if taken := [row for row, fate in fates if fate.error is None]:
        queue.sent(taken, watch.now)
    for row, fate in fates:
        if fate.error is None:
            continue
        if _is_for_another(fate, lanes):
            rows.put_back(row)
        else:
            queue.failed(row, fate.error, watch.start)


def _is_for_another(fate: Sent, lanes: Lanes) -> bool:
    """The server lets in no more connections than there are: nothing was tried for this mail."""
    return fate.is_unreachable and not lanes.is_down


class _Claimed:
    """The rows of a run, claimed by the batch when they are needed; what is left over is given back."""

    def __init__(self, queue: Queue, watch: Stopwatch, batch: int, between) -> None:
        self._queue, self._watch, self._batch, self._between = queue, watch, batch, between
        self._left: deque[Model] = deque()
        self._claimed_at = self._read_at = 0.0
        self.on_the_way: dict[int, Model] = {}

    def __iter__(self) -> Iterator[Model]:
        while not self._watch.is_over:
            # The rest of a batch goes back before its lease ends: others may then take it.
            if self._watch.passed - self._claimed_at > LONGEST_RUN_SECONDS:
                self.give_back()
            if not self._left and not self.more():
                return
            if self._watch.passed - self._read_at > FRESH_SECONDS:
                self._read_again()
                continue
            yield self._left.popleft()

    def _read_again(self) -> None:
        """Behind a slow server she may have logged her day meanwhile, or taken back a consent."""
        self._left = deque(self._load([row.pk for row in self._left]))

    def more(self) -> bool:
        """Claim until there is something to send; False where nothing is due any more."""
        while not self._left:
            if self._between:
                self._between(self._watch.now)
            clock = lease_clock(self._watch.now)
            self._lease = clock + LEASE
            pks = claim(self._queue.due(self._watch.now), self._batch, clock)
            if not pks:
                return False
            self._claimed_at = self._watch.passed
            self._left = deque(self._load(pks))
        return True

    def _load(self, pks: list[int]) -> list[Model]:
        """All at once; where that fails one by one, so that the one at fault holds back no other."""
        self._read_at = self._watch.passed
        try:
            return self._queue.load(pks, self._watch.now)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("%s mails are read one by one", len(pks))
        return [row for pk in pks for row in self._load_one(pk)]

    def _load_one(self, pk: int) -> list[Model]:
        try:
            return self._queue.load([pk], self._watch.now)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one must not stop the others
            if row := self._queue.due(self._watch.now).filter(pk=pk).first():
                self._queue.failed(row, error, self._watch.start)
            return []

    def put_back(self, row: Model) -> None:
        self._left.appendleft(row)

    def give_back(self) -> None:
        if self._left:
            release(type(self._left[0]), [row.pk for row in self._left], self._lease)
            self._left.clear()


def claim(due: QuerySet, most: int, clock: datetime.datetime) -> list[int]:
    """Take the leases of up to so many rows, by ``lease_clock``; each is given to exactly one caller."""
    free = due.filter(Q(leased_until__isnull=True) | Q(leased_until__lte=clock))
    with transaction.atomic():
        # Where there are several writers, each passes over what another is just taking.
        has_locks = connection.features.has_select_for_update_skip_locked
        rows = free.select_for_update(skip_locked=True, of=("self",)) if has_locks else free
        pks = list(rows.values_list("pk", flat=True)[:most])
        taken = due.model.objects.filter(pk__in=pks)
        if pks:
            taken.update(leased_until=clock + LEASE, attempts=F("attempts") + 1)
    return pks


def release(model: type[Model], pks: list[int], lease: datetime.datetime) -> int:
    """Give back what was claimed and not tried, as if it had not been.

    Only while the lease is one's own: whoever was held up beyond its end must not
    take the row from the next.
    """
    tried = model.objects.filter(pk__in=pks, status="owed", attempts__gt=0, leased_until=lease)
    return tried.update(leased_until=None, attempts=F("attempts") - 1)


def lease_clock(now: datetime.datetime) -> datetime.datetime:
    """Leases count by the clock that all workers share; with SQLite they share the machine's."""
    if connection.vendor != "postgresql":
        return now
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def wait_after(
    attempts: int, *, first: datetime.timedelta = MINUTE, longest: datetime.timedelta = HOUR
) -> datetime.timedelta:
    """How long to wait after so many tries: each time twice as long."""
    return min(first * 2 ** min(max(attempts, 1) - 1, 10), longest)


def insist(write: Callable[[], int]) -> int:
    """Repeat a write that the database cannot take at this moment.

    Between a mail that is out and the row that says so: every pause that is
    waited for here is a mail that is not sent twice.
    """
    for pause in PAUSES:
        try:
            return write()
        except (OperationalError, InterfaceError):
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()
            time.sleep(pause)
    return write()
