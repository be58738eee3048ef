"""The one process of a bare clone: a web server that carries worker and beat with it."""

import fcntl
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from django.core.wsgi import get_wsgi_application
from gunicorn.app.base import BaseApplication

from rehab import patience
from rehab.alarm import watch_from_here
from rehab.celery import embedded_beat, embedded_worker, tick_now
from rehab.embedded import EmbeddedJobs, end_this_process
from rehab.room import with_room

#: For both ways of running: no control socket, because gunicorn would put one
#: into the home directory; a short grace, so that all stops within 5 seconds.
GRACE_SECONDS = 2
#: For both ways of running: gunicorn believes no header about where a request came from. By
#: default it takes SCRIPT_NAME and PATH_INFO from everybody on loopback, and so from everybody
#: behind a proxy there: whoever sends one would choose the beginning of every link.
#: Who asks, and whether by https, is settled in one place (rehab/edge.py).
BELIEVE_NOBODY = {"forwarded_allow_ips": "", "forwarder_headers": ""}


class EmbeddedServer(BaseApplication):
    """gunicorn with one worker process of eight threads; its hooks carry the jobs."""

    def __init__(self, bind: str, on_ready: Callable[[], None]):
        self._bind = bind
        self._on_ready = on_ready
        self._jobs: EmbeddedJobs | None = None
        super().__init__()

    def load_config(self) -> None:
        settings = {
            "bind": self._bind,
            # The broker is this process's memory: a second process would have
            # a queue of its own. Never more than one.
            "workers": 1,
            "threads": 8,
            "worker_class": "gthread",
            "timeout": 60,
            "graceful_timeout": GRACE_SECONDS,
            "control_socket_disable": True,
            "loglevel": "warning",
            "when_ready": lambda server: self._on_ready(),
            "post_worker_init": self._start_jobs,
            "worker_exit": self._stop_jobs,
            **BELIEVE_NOBODY,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self):
        patience.install()
        return with_room(get_wsgi_application())

    def _start_jobs(self, worker) -> None:
        # Ctrl-C reaches master and worker; only the master shall act on it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._jobs = EmbeddedJobs(embedded_worker, embedded_beat, end_this_process)
        self._jobs.start()
        tick_now()
        watch_from_here()

    def _stop_jobs(self, server, worker) -> None:
        if self._jobs:
            self._jobs.stop()
            sys.stdout.flush()
            # Python would wait for every thread that still serves a page.
            os._exit(0)


def claim_alone(lock_file: Path) -> int | None:
    """Return a held lock, or None where another server with embedded jobs holds it.

    The lock ends with the process and its children, however they end.
    """
    lock_file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(lock_file, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
