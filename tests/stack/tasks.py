"""A task for faults that need work of a known length; loaded only by a test's worker."""

import os
import time

from celery import shared_task


@shared_task
def take_time(seconds: float, mark: str) -> None:
    """Work for a while, then leave one line in a file."""
    time.sleep(seconds)
    descriptor = os.open(mark, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(descriptor, b"done\n")
    os.close(descriptor)
