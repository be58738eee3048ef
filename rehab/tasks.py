"""Tasks of the site itself, and what is counted around every task."""

import contextlib
import logging
import time

from celery import shared_task, signals
from django.db import Error, InterfaceError, OperationalError
from django.utils import timezone

from accounts import correlation
from programs.services.counting import count_decisions as count
from programs.services.health import count_run
from rehab import alarm
from rehab.celery import CORRELATION

#: One record for each run; only where the log is for machines, see rehab.logs.
jobs = logging.getLogger("rehab.jobs")
logger = logging.getLogger(__name__)
RETRY = {"autoretry_for": (OperationalError, InterfaceError), "max_retries": 3, "retry_backoff": 2}
_began: dict[str, float] = {}
_bound: dict[str, contextlib.AbstractContextManager] = {}


@shared_task
def watch_site(**_) -> None:
    """Raise or end alarms; a run that is lost is made good by the next, here or in another process."""
    alarm.look(now=timezone.now())


@shared_task(**RETRY)
def count_decisions(**_) -> None:
    """Count the decisions that have come; what is counted is not counted again by a repeat."""
    count()


# Receivers are called in the order in which they stand here.
@signals.task_prerun.connect
def bind(task_id, task, **kwargs) -> None:
    """Before everything else that a run does; run at once in its caller it is part of that."""
    passed = getattr(task.request, CORRELATION, None)
    binding = correlation.bound(passed if correlation.is_id(passed) else correlation.current())
    binding.__enter__()
    _bound[task_id] = binding


@signals.task_prerun.connect
def note_begin(task_id, **kwargs) -> None:
    _began[task_id] = time.monotonic()


@signals.task_postrun.connect
def count_end(task_id, task, retval=None, state=None, **kwargs) -> None:
    """Count the run, however it ended; a database that is away shall not make a run fail that did not."""
    seconds = time.monotonic() - _began.pop(task_id, time.monotonic())
    name, error = task.name.rpartition(".")[2], "" if state == "SUCCESS" else _kind(retval)
    jobs.info(
        "%s ended: %s",
        task.name,
        error or "well",
        extra={"job": task.name, "status": error or "ok", "duration_ms": round(seconds * 1000, 1)},
    )
    with contextlib.suppress(Error):
        count_run(name=name, seconds=seconds, error=error, now=timezone.now())


@signals.task_postrun.connect
def unbind(task_id, **kwargs) -> None:
    if binding := _bound.pop(task_id, None):
        binding.__exit__(None, None, None)


def _kind(retval: object) -> str:
    """Of what ended a run; a retry names what made it necessary. Never its words: they may quote a row."""
    error = getattr(retval, "exc", None) or retval
    return type(error).__name__ if isinstance(error, BaseException) else "unknown"
