"""Giving somebody everything about her: a moment that stands still, and a record that it was done."""

import contextlib
import datetime
from collections.abc import Iterator

from django.db import transaction

from accounts.models import AccessRecord, Act, User
from programs.models import Enrolment

WHAT = "a copy of everything"
BY_OPERATOR = "a copy of everything, made by the operator of the site"


@contextlib.contextmanager
def at_rest(user: User) -> Iterator[None]:
    """Let nothing be decided, written or granted for this person while her rows are read."""
    with transaction.atomic():
        list(User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk"))
        list(Enrolment.objects.select_for_update().filter(runner=user).order_by("pk").values_list("pk"))
        yield


def record_export(*, user: User, now: datetime.datetime, by: User | None, origin: str = "") -> None:
    """Write down that the copy was made: after it was, so that no archive holds its own record.

    It is written also where she took it herself: a copy that she knows nothing
    of is how she learns that somebody else has her password.
    """
    what = WHAT if by else BY_OPERATOR
    AccessRecord.objects.create(runner=user, actor=by, act=Act.EXPORT, detail=what, at=now, origin=origin)
