"""A sign of life to a monitor outside, after each tick: silence is what it alarms on.

Off unless REHAB_PING_URL names one. It never holds up or fails a tick: it goes
out from a thread of its own and says nothing but that a tick has run.
"""

import logging
import threading
import urllib.request

from django.conf import settings

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 5
THREAD = "ping"


def ping() -> threading.Thread | None:
    """Send one; none while the last one is still on its way."""
    if not settings.REHAB_PING_URL or any(thread.name == THREAD for thread in threading.enumerate()):
        return None
    thread = threading.Thread(target=_send, args=(settings.REHAB_PING_URL,), name=THREAD, daemon=True)
    thread.start()
    return thread


def _send(url: str) -> None:
    """The address is a secret: an error is told by its kind alone."""
    try:
        # Settings take no other scheme than http and https.
        with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
            answer.read(1)
    except (OSError, ValueError) as error:
        logger.warning("The monitor at REHAB_PING_URL did not take a ping: %s", type(error).__name__)
