"""One id from a request to its tasks, its rows and its mails: made here, never taken from outside.

It is random and says nothing of anybody. Requests and jobs bind one; whatever
is written down meanwhile (log, rows of owed mails) names it.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

#: Hexadecimal digits.
LENGTH = 16
SHAPE = re.compile(rf"[0-9a-f]{{{LENGTH}}}")
HEADER = "X-Correlation-ID"

_current: ContextVar[str | None] = ContextVar("correlation", default=None)


def current() -> str | None:
    """What is bound; None outside of requests and jobs."""
    return _current.get()


def new_id() -> str:
    return secrets.token_hex(LENGTH // 2)


def is_id(text: object) -> bool:
    """Whether it is one of ours: what a message of the broker says is looked at before it is believed."""
    return isinstance(text, str) and SHAPE.fullmatch(text) is not None


@contextmanager
def bound(correlation: str | None = None) -> Iterator[str]:
    """Bind an id, a new one where none is given, until the end of the block."""
    correlation = correlation or new_id()
    token = _current.set(correlation)
    try:
        yield correlation
    finally:
        _current.reset(token)


def header(correlation: str | None) -> dict[str, str]:
    """What a mail carries of what made it."""
    return {HEADER: correlation} if correlation else {}
