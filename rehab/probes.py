"""Addresses for machines: /livez (does the process answer), /readyz (does the site do its work), /metrics.

None writes, none names anybody, and each is a handful of small queries.
"""

import functools
from datetime import UTC, datetime

from django.db import DatabaseError
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from programs.selectors.standing_still import standing_still
from programs.services.health import database_now
from rehab import alarm, health, metrics_of_site
from rehab.exposition import CONTENT_TYPE, written
from rehab.readers import may_read

TEXT = "text/plain; charset=utf-8"


@never_cache
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """This process answers. It asks nobody: a process must not be killed because a database is away."""
    return HttpResponse("ok\n", content_type=TEXT)


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 where the site does its work, 503 with what is wrong where it does not."""
    now = datetime.now(UTC)
    try:
        wrong = faults(now)
    except DatabaseError:
        wrong = {"database": "no answer"}
    report = {"status": "failing" if wrong else "ok", "wrong": wrong}
    return JsonResponse(report, status=503 if wrong else 200)


def faults(now: datetime) -> dict[str, str]:
    """What keeps the site from its work: eleven small queries at most."""
    wrong = {}
    # First: other tables may not be there yet.
    if missing := missing_migrations():
        return {"migrations": f"{missing} not applied"}
    beat = health.pulse(now)
    if (jobs := health.jobs_of(beat)) not in ("ok", "starting"):
        wrong["jobs"] = jobs
    if (apart := clock_apart(now)) > health.CLOCK_SECONDS:
        wrong["clocks"] = f"this machine's and the database's differ by {apart:.0f} s"
    # Also in the first minutes of a process: what is due for so long was due before it began.
    for name, since in standing_still(now=now, patience=alarm.patience()).items():
        wrong[str(name)] = f"stand still for {(now - since).total_seconds() / 60:.0f} minutes"
    return wrong


def clock_apart(now: datetime) -> float:
    """Seconds between this machine's clock and the database's (one query).

    A node that is ahead by hours skips mails whose day is not over, and hands over before a notice is.
    """
    other = database_now()
    return abs((other - now).total_seconds()) if other else 0


@functools.cache
def _all_migrations() -> frozenset[tuple[str, str]]:
    """Those of the code, read from disk once for a process."""
    return frozenset(MigrationLoader(None).graph.nodes)


def missing_migrations() -> int:
    """How many of the code's migrations the database has not seen (one query)."""
    applied = MigrationRecorder.Migration.objects.values_list("app", "name")
    return len(_all_migrations() - set(applied))


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus; for others the address does not exist."""
    if not may_read(request):
        raise Http404
    now = datetime.now(UTC)
    try:
        text = written(metrics_of_site.METRICS, metrics_of_site.figures(now))
    except DatabaseError:
        return HttpResponse("# the database does not answer\n", status=503, content_type=TEXT)
    return HttpResponse(text, content_type=CONTENT_TYPE)
