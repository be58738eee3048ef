"""The watch against a worker that has gone deaf to its broker.

Seen and measured: after a connection reset a Celery worker stays alive, answers
ping and consumes nothing for ever. So it watches itself: work is waiting, none
is being done, none was begun for a while -> it ends, and is started again by
the supervisor. Work is never lost by that: the database holds what is due.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import redis
from django.conf import settings

logger = logging.getLogger(__name__)

INTERVAL_SECONDS = 3.0
PATIENCE_SECONDS = 15.0
EXIT_STATUS = 70


@dataclass
class DeafnessWatch:
    """Judges readings; knows nothing of Celery, Redis or clocks."""

    patience: float = PATIENCE_SECONDS
    _done: int = field(default=-1, init=False)
    _backlog: int = field(default=0, init=False)
    _since: float = field(default=0.0, init=False)

    def is_deaf(self, *, now: float, done: int, busy: bool, backlog: int | None) -> bool:
        """Return whether nothing was begun for ``patience`` seconds although work waits.

        ``backlog`` is None where the broker does not answer: then it is the
        broker that is away, and the worker's own reconnection has its turn.
        """
        alive = busy or not backlog or done != self._done or backlog < self._backlog
        if alive:
            self._since = now
        self._done, self._backlog = done, backlog or 0
        return now - self._since > self.patience


def queue_length(client: redis.Redis) -> int | None:
    """Return how many messages wait, or None where Redis does not answer."""
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("global_keyprefix", "")
    try:
        return client.llen(f"{prefix}celery")
    except redis.RedisError:
        return None


def connect(url: str) -> redis.Redis:
    """Return a client of its own, whose calls end soon."""
    return redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5)


def start(*, work_done: Callable[[], int], is_busy: Callable[[], bool]) -> threading.Thread:
    """Watch this worker from a daemon thread."""
    thread = threading.Thread(target=_watch, args=(work_done, is_busy), name="watchdog", daemon=True)
    thread.start()
    return thread


def _watch(work_done: Callable[[], int], is_busy: Callable[[], bool]) -> None:
    client = connect(settings.REDIS_URL)
    watch = DeafnessWatch()
    while True:
        time.sleep(INTERVAL_SECONDS)
        backlog = queue_length(client)
        if watch.is_deaf(now=time.monotonic(), done=work_done(), busy=is_busy(), backlog=backlog):
            logger.critical("%s messages wait and this worker hears none of them: ending it", backlog)
            # Not sys.exit: a deaf worker's own shutdown was seen to hang.
            os._exit(EXIT_STATUS)
