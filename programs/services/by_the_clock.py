"""What the clock sends: due instants as data, one message of a kind per local date.

What is decided is pure (``programs.mailing``); here are rows. A sweep may run
twice, late, or beside another one: whoever has the choice's row decides, and the
message is unique per person, kind and date.
"""

import datetime
import logging
import time
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from programs.models import Enrolment, MailChoice
from programs.services.clinicians_mails import ensure_choices_of_clinicians
from programs.services.days import POISON, REFUSED
from programs.services.guarded import undoing_nothing
from programs.services.owed_by_choice import ASIDE, owe

logger = logging.getLogger(__name__)

BATCH = 500
#: Mails that are owed are not sent meanwhile; the next sweep goes on.
LONGEST_RUN_SECONDS = 20


def owe_by_the_clock(*, now: datetime.datetime, most: int = 20_000) -> int:
    """Turn due choices into messages owed and set their next due instant.

    Late is sent late, but never on another local date: what was missed by more
    than its day is recorded as skipped. Returns how many are to be sent.
    """
    with undoing_nothing("The morning's mails of new physiotherapists"):
        ensure_choices_of_clinicians(now=now)
    owed = handled = 0
    began = time.monotonic()
    while handled < most and time.monotonic() - began < LONGEST_RUN_SECONDS:
        size = min(BATCH, most - handled)
        found, sent = _sweep(now, size)
        owed, handled = owed + sent, handled + found
        if found < size:
            break
    return owed


def owe_what_can_be_owed(*, now: datetime.datetime) -> tuple[int, str]:
    """The same for jobs that deliver next: how many, and what went wrong. That holds back no mail."""
    try:
        return owe_by_the_clock(now=now), ""
    except Exception as error:
        logger.exception("The mails of the clock cannot be owed; what is owed already goes out")
        return 0, f"mails of the clock are not owed: {type(error).__name__}"


def owe_due_of(*, person: User, now: datetime.datetime) -> int:
    """What the clock has struck for one person already, before her zone or a choice of hers changes.

    Inside the caller's transaction, with the person locked.
    """
    due = MailChoice.objects.due(now).filter(person=person)
    if not due.exists():
        return 0
    enrolments = list(Enrolment.objects.active().filter(runner=person).select_for_update(no_key=True))
    choices = list(due.select_for_update(of=("self",)).select_related("person"))
    return owe(choices, _newest(enrolments), now)


def _sweep(now: datetime.datetime, size: int) -> tuple[int, int]:
    """How many choices were due, and how many mails are to be sent for them."""
    try:
        with transaction.atomic():
            return _owe_first(MailChoice.objects.due(now), size, now)
    except (*REFUSED, *POISON):
        logger.exception("A batch of mails cannot be owed; owing them one by one")
    ids = list(MailChoice.objects.due(now).order_by("next_at", "pk").values_list("pk", flat=True)[:size])
    return len(ids), sum(_owe_alone(pk, now) for pk in ids)


def _owe_alone(pk: int, now: datetime.datetime) -> int:
    one = MailChoice.objects.due(now).filter(pk=pk)
    try:
        with transaction.atomic():
            _, sent = _owe_first(one, 1, now)
            return sent
    except (*REFUSED, *POISON):
        logger.exception("The mail of choice %s cannot be owed; it is tried again later", pk)
        one.update(next_at=now + ASIDE)
        return 0


def _owe_first(due: QuerySet[MailChoice], size: int, now: datetime.datetime) -> tuple[int, int]:
    """Of those that nobody else has in hand; it waits for nobody, so it is in nobody's way."""
    rows = due.select_for_update(skip_locked=True, of=("self",)).select_related("person")
    choices = list(rows.order_by("next_at", "pk")[:size])
    runners = {row.person_id for row in choices if row.person.is_runner}
    there = Enrolment.objects.active().filter(runner__in=runners) if runners else Enrolment.objects.none()
    newest = _newest(there.only("pk", "runner", "created_at"))
    ids = [enrolment.pk for enrolment in newest.values()]
    free = Enrolment.objects.select_for_update(skip_locked=True, no_key=True).filter(pk__in=ids)
    enrolments = {enrolment.runner_id: enrolment for enrolment in (free if ids else ())}
    mine = [row for row in choices if row.person_id in enrolments or row.person_id not in newest]
    return len(choices), owe(mine, enrolments, now)


def _newest(enrolments: Iterable[Enrolment]) -> dict[int, Enrolment]:
    """Of whoever follows several programmes, the one that her pages show."""
    return {row.runner_id: row for row in sorted(enrolments, key=lambda row: (row.created_at, row.pk))}
