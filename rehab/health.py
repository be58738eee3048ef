"""/healthz: does the database answer, and do the jobs show signs of life?

The jobs' heartbeat is a row that a task writes *through the queue*: a worker
that answers ping and consumes nothing leaves it to grow old.
"""

import time
from datetime import UTC, datetime

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from programs.models import JobHeartbeat

STALE_TICKS = 5
SHORTEST_PATIENCE_SECONDS = 120
_STARTED = time.monotonic()


def patience_seconds() -> int:
    """Return the age at which a heartbeat is too old."""
    return max(STALE_TICKS * settings.REHAB_TICK_SECONDS, SHORTEST_PATIENCE_SECONDS)


def heartbeat_age(now: datetime) -> float | None:
    """Return the seconds since the jobs last showed life, or None where they never did."""
    newest = JobHeartbeat.objects.order_by("-beat_at").values_list("beat_at", flat=True).first()
    return (now - newest).total_seconds() if newest else None


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 where all is well and 503 where not; names no person and no secret."""
    try:
        age = heartbeat_age(datetime.now(UTC))
    except DatabaseError:
        return JsonResponse({"status": "failing", "database": "no answer", "jobs": "unknown"}, status=503)
    fresh = age is not None and age <= patience_seconds()
    starting = time.monotonic() - _STARTED < patience_seconds()
    jobs = "ok" if fresh else "starting" if starting else "no sign of life"
    report = {
        "status": "ok" if fresh or starting else "failing",
        "database": "ok",
        "jobs": jobs,
        "heartbeat_age_seconds": None if age is None else round(age, 1),
    }
    return JsonResponse(report, status=200 if report["status"] == "ok" else 503)
