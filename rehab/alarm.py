"""The dead man's alarm, looked at by every process that lives: worker, web, `manage.py alarm`."""

import datetime
import logging
import random
import threading
import time

from django.conf import settings
from django.db import Error, connections
from django.utils import timezone

from accounts import correlation
from programs.selectors.standing_still import standing_still
from programs.services import alarms
from programs.services.health import ClockSkew, broker_now, check_clocks, database_now
from rehab import page_errors

logger = logging.getLogger(__name__)

LOOK_SECONDS = 60.0


def patience() -> datetime.timedelta:
    """For how long days may be due while none is closed."""
    return datetime.timedelta(minutes=settings.REHAB_ALARM_MINUTES)


def look(*, now: datetime.datetime) -> int:
    """Note what stands still and what moves again, tell site managers, and return how many were told."""
    now = settled(now)
    alarms.note(standing=standing_still(now=now, patience=patience()), now=now)
    return alarms.tell(now=now)


def settled(now: datetime.datetime) -> datetime.datetime:
    """This machine's clock; while clocks disagree, the middle one of its own, the database's, the broker's.

    Where it is the database's or the broker's that is wrong, no machine closes a day: who kept
    silent would leave site managers without a word for as long. A machine that is hours ahead
    alone would find every day overdue, and the two others know better. Without a broker there
    are two clocks and one process, whose days stand still whichever is wrong.
    """
    try:
        check_clocks(now=now)
    except ClockSkew as skew:
        logger.critical("%s", skew)
    else:
        return now
    database, broker = database_now() or now, broker_now()
    if not settings.REDIS_URL:
        return max(now, database)
    return sorted((now, database, broker))[1] if broker else database


def watch_from_here() -> threading.Thread:
    """Look once a minute from a daemon thread: a web process still lives where workers are dead."""
    thread = threading.Thread(target=_watch, name="alarm", daemon=True)
    thread.start()
    return thread


def _watch() -> None:
    while True:
        # Several processes that were started together do not look together.
        time.sleep(LOOK_SECONDS * random.uniform(0.8, 1.2))  # noqa: S311 - no secret
        look_once()
        # Of this thread: between two looks it holds none.
        connections.close_all()


def look_once() -> None:
    """One look that never ends its thread; a database that is away is said and looked at again."""
    with correlation.bound():
        try:
            page_errors.write_down(now=timezone.now())
            look(now=timezone.now())
        except Error as error:
            logger.error("The database does not answer: no look at alarms (%s)", type(error).__name__)
        except Exception:
            logger.exception("A look at alarms failed")
