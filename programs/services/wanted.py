"""Whether a mail that is owed is still wanted, asked in the moment before it goes out.

What is unwanted is recorded as skipped with the reason; the reasons are read by
operators and shown in the list of what was sent.
"""

import datetime
from collections.abc import Sequence

from programs.mailing import SAFETY, Until, rule_of
from programs.mailing.clockwork import Standing
from programs.mailing.reasons import (
    ANSWERED,
    BEFORE_RESTORE,
    BOUNCES,
    CLEARED,
    CLOSED,
    ENDED,
    LOGGED,
    LOGGED_AGAIN,
    NO_CLINICIAN,
    NO_CONSENT,
    NO_RUNNERS,
    OTHER_STEP,
    PAUSED,
    READ,
    REPLACED,
    TOLD_WORSE,
    TURNED_OFF,
)
from programs.models import OF_A_LIST, MessageKind, MessageOwed
from programs.services.overtaken import OF_STEPS, is_of_an_earlier_pause
from programs.services.quiet_hours import goes_at
from programs.services.wanted_facts import ASKING, Meanwhile, meanwhile

#: Tells that something can be read, and that can be read whatever became of the programme.
_WHATEVER_HAPPENS = (MessageKind.WRITTEN,)


def why_unwanted(message: MessageOwed, now: datetime.datetime) -> str:
    """The reason for which a message must not go out any more, or nothing."""
    return why_unwanted_of([message], now).get(message.pk, "")


def why_unwanted_of(messages: Sequence[MessageOwed], now: datetime.datetime) -> dict[int, str]:
    """Message id -> the reason, for those alone that are unwanted.

    Recipient, enrolment, its runner and the decision should come with the rows;
    what else it takes is at most fifteen queries, however many messages.
    """
    if not messages:
        return {}
    facts = meanwhile(messages, now)
    found = {}
    for row, at in zip(messages, goes_at(messages, now), strict=True):
        why = _why_late(row, at, now) or _why_nobody(row, facts) or _why_settled(row, facts)
        if why:
            found[row.pk] = why
    return found


def _why_late(row: MessageOwed, goes: datetime.datetime, now: datetime.datetime) -> str:
    if row.kind in SAFETY:
        # Never too late, so nobody asks in which zone she is.
        return ""
    is_of_a_date = rule_of(row.kind).until == Until.END_OF_DATE
    standing = Standing(row.expires_at, row.local_date if is_of_a_date else None)
    return standing.why_late(row.recipient.zone, goes, now)


def _why_nobody(row: MessageOwed, facts: Meanwhile) -> str:
    """There is nobody who wants it, or may read it, at that address."""
    person = row.recipient
    if not person.is_active:
        return CLOSED
    if not facts.chose_all(row):
        return TURNED_OFF
    if person.bounced_at and row.kind not in SAFETY:
        return BOUNCES
    return ""


def _why_settled(row: MessageOwed, facts: Meanwhile) -> str:
    """What it asks for, or tells of, is done or gone."""
    if row.kind in OF_A_LIST:
        return _why_list_unwanted(row, facts)
    if row.kind == MessageKind.FLAG_UNSEEN:
        return facts.notices.get(row.pk, "")
    if row.kind in SAFETY:
        return _why_pause_unwanted(row, facts)
    if row.kind in _WHATEVER_HAPPENS:
        return READ if row.pk in facts.read else ""
    if not row.enrolment.is_active:
        return ENDED
    # Whatever it was about, it would name what to do next, and while she is paused that is nothing.
    if row.enrolment.is_paused:
        return PAUSED
    if row.kind in OF_STEPS:
        return _why_step_untold(row, facts)
    return _why_answered(row, facts) if row.kind in ASKING else ""


def _why_step_untold(row: MessageOwed, facts: Meanwhile) -> str:
    """Only the step that she is on now, and the last word about it, may be told."""
    if row.decision_id in facts.replaced:
        return REPLACED
    if row.pk in facts.told_before:
        return BEFORE_RESTORE
    return OTHER_STEP if row.pk in facts.on_another_step else ""


def _why_answered(row: MessageOwed, facts: Meanwhile) -> str:
    entries = facts.entries.get(row.enrolment_id, [])
    if row.kind == MessageKind.SILENT:
        return LOGGED_AGAIN if any(entry.recorded_at >= row.created_at for entry in entries) else ""
    of_the_date = [entry for entry in entries if entry.date == row.local_date]
    if row.kind == MessageKind.MORNING_AFTER:
        return ANSWERED if any(entry.has_morning for entry in of_the_date) else ""
    return LOGGED if any(entry.has_score for entry in of_the_date) else ""


def _why_pause_unwanted(row: MessageOwed, facts: Meanwhile) -> str:
    """A pause that a clinician has cleared must not send anybody to hospital hours later."""
    if not row.enrolment.is_paused or is_of_an_earlier_pause(row):
        return CLEARED
    if row.pk in facts.told_worse:
        return TOLD_WORSE
    if row.kind == MessageKind.PAUSE:
        return ""
    if not row.recipient.is_clinician:
        return NO_CLINICIAN
    return "" if (row.enrolment.runner_id, row.recipient_id) in facts.lets_in else NO_CONSENT


def _why_list_unwanted(row: MessageOwed, facts: Meanwhile) -> str:
    if not row.recipient.is_clinician:
        return NO_CLINICIAN
    return "" if row.recipient_id in facts.let_in else NO_RUNNERS
