"""The tests' own task, in a worker whose watchdog waits a third as long: a deaf worker takes a whole core."""

from functools import partial

from rehab import watchdog
from tests.stack.tasks import take_time

__all__ = ["take_time"]

watchdog.DeafnessWatch = partial(watchdog.DeafnessWatch, patience=watchdog.PATIENCE_SECONDS / 3)
