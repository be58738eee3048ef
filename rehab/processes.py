"""What runs where a broker is configured: web, worker and beat as processes of their own."""

import sys

from rehab.server import BELIEVE_NOBODY, GRACE_SECONDS
from rehab.supervisor import Program

CELERY = (sys.executable, "-m", "celery", "--app", "rehab.celery")


def web(bind: str, workers: int) -> Program:
    """gunicorn, gthread 2x4: threads keep database connections open (ten times as fast on PostgreSQL)."""
    options = {
        "--bind": bind,
        "--workers": workers,
        "--threads": 4,
        "--worker-class": "gthread",
        "--timeout": 60,
        "--graceful-timeout": GRACE_SECONDS,
        "--max-requests": 2000,
        "--max-requests-jitter": 200,
        "--log-level": "warning",
        **{f"--{name.replace('_', '-')}": value for name, value in BELIEVE_NOBODY.items()},
    }
    flat = [str(part) for pair in options.items() for part in pair]
    argv = (sys.executable, "-m", "gunicorn", "rehab.wsgi:application", "--no-control-socket", *flat)
    return Program("web", argv)


def worker(concurrency: int) -> Program:
    """A prefork worker whose SIGTERM is bounded: what runs longer goes back to the queue."""
    argv = (*CELERY, "worker", "--concurrency", str(concurrency), "--loglevel", "INFO")
    return Program("worker", (*argv, "--without-mingle", "--without-gossip"), {"REMAP_SIGTERM": "SIGQUIT"})


def beat() -> Program:
    return Program("beat", (*CELERY, "beat", "--loglevel", "INFO"))


def everything(bind: str, web_workers: int, concurrency: int) -> list[Program]:
    return [web(bind, web_workers), worker(concurrency), beat()]
