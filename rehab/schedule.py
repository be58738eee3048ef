"""Beat's schedule, with an ear for a clock that is put back, and an eye for what nobody takes.

Seen and measured: beat keeps the instant of each last run. A clock that was three days
ahead and is put right leaves all of them in the future, and stock beat says nothing for
three days; even an hour would hold up every mail and every close for that hour.

A queue without a worker would grow by thousands of looks a day, until the broker is full
and the queues that have workers stand still as well.
"""

import datetime
import logging

from celery.beat import Scheduler

from programs.services.health import ENOUGH, waiting_in
from rehab.queues import QUEUE_OF

logger = logging.getLogger(__name__)
#: Less than that is how clocks are kept right all the time.
A_STEP = datetime.timedelta(seconds=1)


class SteadyScheduler(Scheduler):
    """Counts anew from the present where the clock has gone back since it last looked.

    A task that comes twice by that finds nothing to do: so it is with all of them.
    """

    _seen: datetime.datetime | None = None

    def tick(self, *args, **kwargs) -> float:
        now = self.app.now()
        if self._seen and now < self._seen - A_STEP:
            logger.warning("The clock went back by %s; the schedule counts from now", self._seen - now)
            self._count_from(now)
        self._seen = now
        return super().tick(*args, **kwargs)

    def apply_async(self, entry, producer=None, advance=True, **options):
        queue = QUEUE_OF[entry.task]
        if (waiting_in(queue) or 0) < ENOUGH:
            return super().apply_async(entry, producer=producer, advance=advance, **options)
        logger.error(
            "%s messages wait in %s and nobody takes them: %s is not sent", ENOUGH, queue, entry.name
        )
        if advance:
            self.reserve(entry)
        return None

    def _count_from(self, now: datetime.datetime) -> None:
        for entry in self.schedule.values():
            entry.last_run_at = min(entry.last_run_at, now)
        # Its order is by instants that have not come again.
        self._heap = None
