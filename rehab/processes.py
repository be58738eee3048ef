"""What runs where a broker is configured: web, worker and beat as processes of their own."""

import sys

from django.conf import settings

from rehab.queues import MAILS, QUEUES, SLOW, WORKERS
from rehab.server import BELIEVE_NOBODY, GRACE_SECONDS
from rehab.supervisor import Program

#: Without it a long task would hold up the end of its worker.
BOUNDED = {"REMAP_SIGTERM": "SIGQUIT"}
CELERY = (sys.executable, "-m", "celery", "--app", "rehab.celery")
#: Celery runs Django's checks and heeds no finding; `up` and `process` have run them. They import every
#: page of the site: a second of computing and 40 MB. Only who writes mails needs that, for links, and
#: before it forks.
UNCHECKED = (*CELERY, "--skip-checks")


def web(bind: str, workers: int) -> Program:
    """gunicorn, gthread 2x4: threads keep database connections open (ten times as fast on PostgreSQL)."""
    options = {
        "--bind": bind,
        "--workers": workers,
        "--threads": 4,
        # A connection that is kept stays with the process that took it: four of them on one of two processes
        # got half of what the machine can do (docs/performance.md). The proxy in front keeps the readers'.
        "--keep-alive": 0,
        "--worker-class": "gthread",
        "--timeout": 60,
        "--graceful-timeout": GRACE_SECONDS,
        # Against leaks nobody knows of; seldom, because each new worker imports everything again.
        "--max-requests": 20_000,
        "--max-requests-jitter": 2_000,
        "--log-level": "warning",
        **{f"--{name.replace('_', '-')}": value for name, value in BELIEVE_NOBODY.items()},
    }
    flat = [str(part) for pair in options.items() for part in pair]
    argv = (sys.executable, "-m", "gunicorn", "rehab.wsgi:application", "--no-control-socket", *flat)
    return Program("web", argv)


def worker(concurrency: int, name: str = "worker", queues: tuple[str, ...] = QUEUES) -> Program:
    """A prefork worker whose SIGTERM is bounded: what runs longer goes back to the queue."""
    celery = CELERY if MAILS in queues else UNCHECKED
    argv = (*celery, "worker", "--concurrency", str(concurrency), "--loglevel", "INFO")
    heard = ("--queues", ",".join(queues), "--hostname", f"{name}@%h")
    return Program(name, (*argv, *heard, "--without-mingle", "--without-gossip"), BOUNDED)


def workers(concurrency: int) -> list[Program]:
    """One for each kind of work, so that none starves another.

    For what is slow one process is enough, and it waits for nobody.
    """
    processes = {SLOW: 1}
    return [
        worker(processes.get(name, concurrency), f"worker-{name}", queues) for name, queues in WORKERS.items()
    ]


def beat() -> Program:
    return Program("beat", (*UNCHECKED, "beat", "--loglevel", "INFO"))


def everything(bind: str, web_workers: int, concurrency: int) -> list[Program]:
    return [web(bind, web_workers), *workers(concurrency), beat()]


def by_name() -> dict[str, Program]:
    """Each of them as the settings want it."""
    programs = everything(settings.REHAB_BIND, settings.REHAB_WEB_WORKERS, settings.REHAB_WORKER_CONCURRENCY)
    return {program.name: program for program in programs}
