"""People at the product: a process with Django that does one act after another, as it is told.

    python -m scripts.faults.hands

A line of JSON in, ``[act, arguments]``; a line out: what it gave, or what was refused. Whoever
meets a service that is away tries again, as people do.
"""

import json
import os
import sys
import time
import traceback

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rehab.settings")
django.setup()

# Only now that Django is set up:
from django.db import InterfaceError, OperationalError, connection  # noqa: E402
from kombu.exceptions import OperationalError as BrokerError  # noqa: E402

from programs.services.errors import Refused  # noqa: E402
from scripts.faults import acts, checks, crowd  # noqa: E402

ACTS = acts.ACTS | checks.ACTS | crowd.ACTS
#: Longer than the longest round: in the midst of one, each try may be cut off.
PATIENCE_SECONDS, PAUSE_SECONDS = 100, 0.4


def done(act: str, arguments: dict) -> dict:
    """Do it; what was cut off in the middle is done again, and must not be done twice by that."""
    began, last = time.monotonic(), None
    while time.monotonic() - began < PATIENCE_SECONDS:
        try:
            return {"gave": ACTS[act](**arguments)}
        except (OperationalError, InterfaceError, BrokerError, ConnectionError, AttributeError) as error:
            # Kombu on a channel whose connection ends at that moment: nobody is there, in its own words.
            if isinstance(error, AttributeError) and error.name != "client":
                raise
            last = error
            connection.close()
            time.sleep(PAUSE_SECONDS)
        except Refused as error:
            return {"refused": str(error)}
    return {"failed": f"after {PATIENCE_SECONDS} s of tries: {last!r}"}


def main() -> None:
    for line in sys.stdin:
        act, arguments = json.loads(line)
        try:
            answer = done(act, arguments)
        except Exception as error:  # noqa: BLE001 - the run decides what it means
            traceback.print_exc()
            answer = {"failed": f"{act} {arguments}: {error!r}"[:500]}
            connection.close()
        print(json.dumps(answer, default=str), flush=True)


if __name__ == "__main__":
    main()
