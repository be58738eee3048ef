"""Owing a mail must never undo what it tells of: an answer about a warning sign, a pause, a closed day."""

import contextlib
import logging
from collections.abc import Iterator

from django.db import InterfaceError, OperationalError

logger = logging.getLogger(__name__)

#: The transaction itself is over, or has to be: whoever began it repeats it.
TRANSIENT = (OperationalError, InterfaceError)


@contextlib.contextmanager
def undoing_nothing(what: str) -> Iterator[None]:
    """Whatever goes wrong inside is logged. What is written inside needs a savepoint of its own."""
    try:
        yield
    except TRANSIENT:
        raise
    except Exception:
        logger.exception("%s cannot be owed; what they tell of stands", what)
