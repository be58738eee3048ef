"""Worker and beat as threads of the one web process, for a bare clone and a small site."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
SHORT_LIFE_SECONDS = 10.0
STOP_SECONDS = 2.0


class EmbeddedJobs:
    """One worker thread, one beat thread, and a watch that ends the process without them."""

    def __init__(self, new_worker: Callable, new_beat: Callable, on_death: Callable[[], None]):
        self._worker = new_worker()
        self._beat = new_beat()
        self._on_death = on_death
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._worker.start, name="worker", daemon=True)

    def start(self) -> None:
        self._beat.daemon = True
        self._thread.start()
        self._beat.start()
        threading.Thread(target=self._watch, name="jobs-watch", daemon=True).start()

    def stop(self) -> None:
        """Stop both; a task that is still running dies with the process and is found again."""
        self._stopping.set()
        stopper = threading.Thread(target=self._stop_both, name="jobs-stop", daemon=True)
        stopper.start()
        stopper.join(STOP_SECONDS)

    def _stop_both(self) -> None:
        self._worker.stop()
        self._beat.stop()
        self._thread.join(STOP_SECONDS)

    def _watch(self) -> None:
        began = time.monotonic()
        while not self._stopping.wait(LOOK_SECONDS):
            dead = [thread.name for thread in (self._thread, self._beat) if not thread.is_alive()]
            if dead:
                logger.critical("the thread %s has died: starting this process again", ", ".join(dead))
                # Slowly, where it dies at once each time.
                self._stopping.wait(
                    SHORT_LIFE_SECONDS / 2 if time.monotonic() - began < SHORT_LIFE_SECONDS else 0
                )
                self._on_death()
                return


def end_this_process() -> None:
    """End the web process in an orderly way, so that the master starts another."""
    os.kill(os.getpid(), signal.SIGTERM)
