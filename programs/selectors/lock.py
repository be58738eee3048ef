"""While a programme is paused, no page, player, sheet or mail may ask for a run or an exercise."""

import datetime
from dataclasses import dataclass

from programs.engine.calendar import local_date
from programs.engine.values import Refer
from programs.models import Enrolment
from programs.presentation import Advice, advice_for
from programs.snapshots import contacts_of


@dataclass(frozen=True, slots=True)
class Lock:
    """Why nothing may be started now: how pressing it is, since when, and what to do first."""

    refer: Refer
    since: datetime.date
    advice: Advice


def lock_of(enrolment: Enrolment | None) -> Lock | None:
    """The lock of a programme, or None where she may train; no query where the runner is loaded.

    For whoever shows a prescription (exercise, programme, player, week plan,
    sheet): where there is a lock, show ``parts/lock.html`` with it and neither
    doses nor a way to start. ``Reading.plan()`` says PAUSED in the same cases
    and, besides, on a day whose warning sign is not decided yet.
    """
    if enrolment is None or not enrolment.is_paused:
        return None
    since = local_date(enrolment.paused_at, enrolment.runner.zone)
    refer = Refer(enrolment.refer)
    return Lock(refer, since, advice_for(refer, contacts_of(enrolment)))
