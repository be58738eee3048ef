"""Rows that several tests begin with, made once: each test undoes only what it did itself."""

import contextlib
from collections.abc import Iterator

from django.db import transaction


@contextlib.contextmanager
def standing(blocker) -> Iterator[None]:
    """For a fixture of a class or module, which asks for ``django_db_setup`` and ``django_db_blocker``.

    Objects that it hands out are read again for each test: a test may change what it holds.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
