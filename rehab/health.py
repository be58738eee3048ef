"""/healthz: does the database answer, do the jobs show signs of life, do codes go out?

The jobs' heartbeat is a row that a task writes *through the queue*: a worker
that answers ping and consumes nothing leaves it to grow old.
"""

import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.selectors.mails import PATIENCE_SECONDS, MailBacklog, mail_backlog
from programs.models import JobHeartbeat
from programs.selectors.mail_metrics import MailMetrics, Waiting, mail_metrics
from programs.services.watch import WATCH
from rehab.readers import may_read

STALE_TICKS = 5
SHORTEST_PATIENCE_SECONDS = 120
MAIL_PATIENCE_SECONDS = PATIENCE_SECONDS
#: It looks every five minutes; an hour is a quarter of what a red flag may be unseen.
WATCH_PATIENCE_SECONDS = 3600
NOT_WATCHED = "not watched"
NOT_YET = "not yet"
#: A node whose clock differs by more is not ready; no day is closed from REHAB_MAX_SKEW_SECONDS on.
CLOCK_SECONDS = 60
_STARTED = time.monotonic()


def patience_seconds() -> int:
    """Return the age at which a heartbeat is too old."""
    return max(STALE_TICKS * settings.REHAB_TICK_SECONDS, SHORTEST_PATIENCE_SECONDS)


@dataclass(frozen=True)
class Pulse:
    """The newest sign of life of the jobs: its age in seconds, and what it complains of."""

    age: float
    note: str = ""

    @property
    def is_fresh(self) -> bool:
        return self.age <= patience_seconds()


def pulse(now: datetime) -> Pulse | None:
    """Return the newest tick that went through the queue, or None where there was none."""
    tick = JobHeartbeat.objects.filter(name="tick", beat_at__isnull=False).first()
    return Pulse((now - tick.beat_at).total_seconds(), tick.note) if tick else None


def _starting() -> bool:
    return time.monotonic() - _STARTED < patience_seconds()


def jobs_of(beat: Pulse | None) -> str:
    """What the newest sign of life says of the jobs."""
    if beat and beat.is_fresh:
        return beat.note or "ok"
    return "starting" if _starting() else "no sign of life"


def _mail(backlog: MailBacklog, waiting: Waiting) -> str:
    """Nobody sends: that is our fault. A server that takes nothing may be one recipient's."""
    is_stuck = backlog.unsent > MAIL_PATIENCE_SECONDS or (waiting.late and not waiting.is_refused_by_one)
    if is_stuck and not _starting():
        return "not sent"
    return "delayed" if backlog.refused > MAIL_PATIENCE_SECONDS or waiting.late else "ok"


def _numbers(mails: MailMetrics, now: datetime) -> dict:
    """The same as in the delivery log, for whoever draws curves of them."""
    oldest = {name: getattr(mails.waiting, name) for name in ("safety", "other", "account")}
    return {
        "oldest_seconds": {
            name: round((now - since).total_seconds()) if since else 0 for name, since in oldest.items()
        },
        "waiting": mails.waiting.mails,
        "late": mails.waiting.late,
        "last_24_hours": asdict(mails.day),
        "addresses_that_bounce": mails.bouncing,
    }


def watch(now: datetime) -> str:
    """What the watch over red flags says: ok, what an operator must know, or that nobody watches."""
    seen = JobHeartbeat.objects.filter(name=WATCH, beat_at__isnull=False).first()
    if seen and (now - seen.beat_at).total_seconds() > WATCH_PATIENCE_SECONDS and not _starting():
        return NOT_WATCHED
    return seen.note or "ok" if seen else NOT_YET


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 where all is well and 503 where not, in words; counts only for whoever may read figures."""
    now = datetime.now(UTC)
    try:
        beat, mails, flags = pulse(now), mail_metrics(now=now), watch(now)
        mail = _mail(mail_backlog(now=now), mails.waiting)
    except DatabaseError:
        return JsonResponse({"status": "failing", "database": "no answer", "jobs": "unknown"}, status=503)
    jobs = jobs_of(beat)
    well = jobs in ("ok", "starting") and mail != "not sent" and flags != NOT_WATCHED
    report = {
        "status": "ok" if well else "failing",
        "database": "ok",
        "jobs": jobs,
        "mail": mail,
        "red_flags": flags if flags in (NOT_WATCHED, NOT_YET) else "watched",
        "heartbeat_age_seconds": round(beat.age, 1) if beat else None,
    }
    if may_read(request):
        report |= {"mails": _numbers(mails, now), "red_flags": flags}
    return JsonResponse(report, status=200 if well else 503)
