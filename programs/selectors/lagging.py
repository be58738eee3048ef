"""Days that are over and not decided, of whom a physiotherapist looks at: no query, the rows hold it."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from programs.models import Enrolment


@dataclass(frozen=True, slots=True)
class Lag:
    """``since``: the last decided date of whoever waits longest; ``runners``: how many wait."""

    since: datetime.date
    runners: int


def lag_of(enrolments: Iterable[Enrolment], now: datetime.datetime) -> Lag | None:
    """Whose day should have been closed for longer than the site may take; None where all is on time.

    The limit of the site's alarm: a runner is told after a day, who looks after her at once. Whom
    an error set aside is told of in her row, and who left waits for no decision.
    """
    latest = now - datetime.timedelta(minutes=settings.REHAB_ALARM_MINUTES)
    waiting = [
        e.decided_through for e in enrolments if e.closes_at < latest and not e.failures and e.is_active
    ]
    return Lag(min(waiting), len(waiting)) if waiting else None
