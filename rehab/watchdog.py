"""The watch against a worker that has gone deaf to its broker.

Seen and measured: after a connection reset a Celery worker stays alive, answers
ping and consumes nothing for ever. So it watches itself: work is waiting, none
is being done, none was begun for a while -> it ends, and is started again by
the supervisor. Work is never lost by that: the database holds what is due.

A colleague that hears takes the work of one that does not: then nothing waits when it is
looked, and half of the site's strength is gone unnoticed. So it is also watched whether the
broker's answers still reach this very worker; one that is idle gets one every second.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import redis
from django.conf import settings

from rehab.queues import QUEUES

logger = logging.getLogger(__name__)

INTERVAL_SECONDS = 3.0
PATIENCE_SECONDS = 15.0
#: Where nothing waits there is no hurry: kombu mends a connection that hangs by itself, within 51 seconds.
LONG_PATIENCE_SECONDS = 60.0
EXIT_STATUS = 70


@dataclass
class DeafnessWatch:
    """Judges readings; knows nothing of Celery, Redis or clocks."""

    patience: float = PATIENCE_SECONDS
    long_patience: float = LONG_PATIENCE_SECONDS
    _signs: int = field(default=-1, init=False)
    _heard_at: float = field(default=0.0, init=False)
    _waits_since: float = field(default=0.0, init=False)

    def is_deaf(self, *, now: float, signs: int, busy: bool, backlog: int | None) -> bool:
        """Return whether nothing came from the broker for too long: sooner where work waits all the while.

        ``signs``: how many answers and tasks came to this worker so far. ``backlog``
        is None where the broker does not answer: then it is the broker that is
        away, and the worker's own reconnection has its turn.
        """
        if busy or backlog is None or signs != self._signs:
            self._heard_at = self._waits_since = now
        if not backlog:
            self._waits_since = now
        self._signs = signs
        return now - self._waits_since > self.patience or now - self._heard_at > self.long_patience


def queue_lengths(client: redis.Redis, queues: Sequence[str] = QUEUES) -> dict[str, int] | None:
    """Return how many messages wait in each, or None where Redis does not answer."""
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("global_keyprefix", "")
    asked = client.pipeline(transaction=False)
    for name in queues:
        asked.llen(f"{prefix}{name}")
    try:
        return dict(zip(queues, asked.execute(), strict=True))
    except redis.RedisError:
        return None


def queue_length(client: redis.Redis, queues: Sequence[str] = QUEUES) -> int | None:
    """Return how many messages wait in all of them, or None where Redis does not answer."""
    lengths = queue_lengths(client, queues)
    return None if lengths is None else sum(lengths.values())


def connect(url: str) -> redis.Redis:
    """Return a client of its own, whose calls end soon."""
    return redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5)


def start(
    *, signs: Callable[[], int], is_busy: Callable[[], bool], queues: Sequence[str] = QUEUES
) -> threading.Thread:
    """Watch this worker, which listens to those queues, from a daemon thread."""
    args = (signs, is_busy, queues)
    thread = threading.Thread(target=_watch, args=args, name="watchdog", daemon=True)
    thread.start()
    return thread


def _watch(signs: Callable[[], int], is_busy: Callable[[], bool], queues: Sequence[str]) -> None:
    client = connect(settings.REDIS_URL)
    watch = DeafnessWatch()
    while True:
        time.sleep(INTERVAL_SECONDS)
        backlog = queue_length(client, queues)
        if watch.is_deaf(now=time.monotonic(), signs=signs(), busy=is_busy(), backlog=backlog):
            logger.critical(
                "%s messages wait and this worker hears nothing of the broker: ending it", backlog
            )
            # Not sys.exit: a deaf worker's own shutdown was seen to hang.
            os._exit(EXIT_STATUS)
