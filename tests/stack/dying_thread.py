"""Starts the server with a worker or a beat that dies once, a second after its start."""

import os
import sys
import threading
import time
from pathlib import Path

import django
from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rehab.settings")
django.setup()

# Only now that Django is set up:
from rehab import server  # noqa: E402


def once(make, which: str):
    """Return a maker of services whose first one, in the first process, dies."""
    mark = Path(os.environ["REHAB_VAR_DIR"]) / "died"

    def making():
        service = make()
        if not mark.exists():
            mark.touch()
            if which == "worker":
                service.start = lambda: time.sleep(1)
            else:
                service.run = lambda: time.sleep(1)
                service.stop = threading.Event().set
        return service

    return making


if __name__ == "__main__":
    if sys.argv[1] == "worker":
        server.embedded_worker = once(server.embedded_worker, "worker")
    else:
        server.embedded_beat = once(server.embedded_beat, "beat")
    execute_from_command_line(["manage.py", "up"])
