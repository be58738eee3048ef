"""The transaction of an erasure: the one in which append-only rows may change and go."""

import contextlib
from collections.abc import Callable, Iterator
from typing import TypeVar

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from accounts.models import OpenErasure, User
from accounts.services.errors import Refused
from programs.models import Enrolment

Result = TypeVar("Result")
MOST_TRIES = 5


def insisted(act: Callable[[], Result]) -> Result:
    """Do it in one transaction, again where it met another that wrote a row about the same person.

    Such a row is found by the next try. Nothing of a failed one is left.
    """
    for left in reversed(range(MOST_TRIES)):
        try:
            with transaction.atomic():
                return act()
        except (IntegrityError, OperationalError):
            if not left:
                raise
    raise AssertionError("not reached")


def locked(user: User) -> User:
    """The account and then her programmes, held: nothing is decided, granted or begun for her meanwhile.

    The weak lock of the account lets rows be written that only refer to her:
    whoever holds one of her programmes is about to write one, and we wait for
    that programme next. Raises Refused where somebody else was faster.
    """
    row = User.objects.select_for_update(no_key=True).filter(pk=user.pk, erased_at__isnull=True).first()
    if row is None:
        raise Refused(_("This account has been erased."))
    list(Enrolment.objects.select_for_update().filter(runner=row).order_by("pk").values_list("pk"))
    return row


@contextlib.contextmanager
def open_erasure() -> Iterator[None]:
    """Have the append-only triggers stand aside, in this transaction and until the end of the block."""
    door = OpenErasure.objects.create()
    yield
    door.delete()
