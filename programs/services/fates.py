"""What became of a message: sent, skipped, to be tried again, perhaps sent, or given up."""

import datetime
import logging
from collections.abc import Iterable, Mapping

from django.db import transaction

from accounts.models import Act
from accounts.services import outbox
from accounts.services.audit import record_access
from accounts.services.bounces import mark_bouncing, mark_reached
from accounts.services.outbox import DeliveryReport
from accounts.services.providers import Failure
from accounts.services.refusals import code_of, failure_of, in_short, is_doubtful, is_of_this_mail
from programs.mailing import SAFETY, Until, rule_of
from programs.models import MessageOwed, MessageStatus

logger = logging.getLogger(__name__)

#: A relay that refuses everybody for a while answers like an address that is
#: wrong, so a mail about safety asks that often, for about two days. Only answers
#: about the mail count: a server that is not there ends none.
MOST_ATTEMPTS_FOR_SAFETY = 50
#: Ordinary mails end with their time; one that has no end is given up after that many answers.
MOST_ATTEMPTS = 8
#: Two more tries of a mail about safety after the first time that nobody knows.
MOST_UNCERTAIN_FOR_SAFETY = 3
#: The longest waits between tries: while no server is there that takes anything, and after an answer.
#: What is about a date, or about safety, goes out soon after the server is back.
NO_TIME = datetime.timedelta(0)
SOON = datetime.timedelta(minutes=5)
ON_ITS_DATE = datetime.timedelta(minutes=10)
#: Written down with a refusal that may mean anything; on another day again, it counts for the address.
IN_DOUBT = "in doubt"
A_DAY = datetime.timedelta(hours=18)
TWO_WEEKS = datetime.timedelta(days=14)


def sent(rows: list[MessageOwed], now: datetime.datetime) -> None:
    """Mark them in one statement; what tells somebody of others is written into their records with it."""
    telling = [row for row in rows if _told(row)]
    if plain := [row for row in rows if row not in telling]:
        outbox.insist(lambda: _settle(plain, MessageStatus.SENT, now))
    for row in telling:
        outbox.insist(lambda row=row: _settle_and_record(row, MessageStatus.SENT, now))
    for row in rows:
        if row.recipient.bounced_at:
            mark_reached(user=row.recipient)


def skip(rows: Iterable[MessageOwed], reasons: Mapping[int, str], now: datetime.datetime) -> int:
    """Settle what is wanted no more, with its reason; what was perhaps sent before stays that."""
    by_end: dict[tuple[str, str], list[MessageOwed]] = {}
    for row in rows:
        status = MessageStatus.UNCERTAIN if row.uncertain else MessageStatus.SKIPPED
        by_end.setdefault((status, reasons[row.pk]), []).append(row)
    for (status, reason), unwanted in by_end.items():
        _settle(unwanted, status, now, reason)
    return sum(map(len, by_end.values()))


def failed(row: MessageOwed, error: Exception, now: datetime.datetime, report: DeliveryReport) -> None:
    """A refusal for good ends the message; anything else waits, each time longer."""
    failure, is_in_doubt = failure_of(error), is_doubtful(error)
    why = f"{in_short(error)} {IN_DOUBT}" if is_in_doubt else in_short(error)
    logger.warning("Message %s [%s] was not sent: %s", row.pk, row.correlation_id, why)
    row.uncertain += failure == Failure.UNCERTAIN
    is_refused = failure == Failure.ADDRESS or is_in_doubt
    if failure == Failure.ADDRESS or (is_in_doubt and _was_refused_before(row, now)):
        mark_bouncing(user=row.recipient, code=code_of(error), now=now)
    is_said = is_of_this_mail(error)
    wait = _wait_after(row, now, is_said=is_said)
    if _is_given_up(row, failure, is_refused=is_refused):
        # Not its kind: that may tell of a pause.
        logger.error("Message %s [%s] is given up: %s", row.pk, row.correlation_id, why)
        _end(row, now, why, report)
    elif row.expires_at and now + wait >= row.expires_at:
        _end(row, now, f"its day ended before it could be sent: {why}", report)
    else:
        report.failed += 1
        # What was never said of it was no try.
        tries = {} if is_said else {"attempts": max(row.attempts - 1, 0)}
        owed = MessageOwed.objects.filter(pk=row.pk, message_id=row.message_id, status=MessageStatus.OWED)
        owed.update(due_at=now + wait, leased_until=None, uncertain=row.uncertain, **tries)


def _wait_after(row: MessageOwed, now: datetime.datetime, *, is_said: bool) -> datetime.timedelta:
    """1, 2, 4 … minutes: by the tries, or, without any, as long as it has waited already."""
    is_of_a_date = rule_of(row.kind).until == Until.END_OF_DATE
    if is_said:
        return outbox.wait_after(row.attempts, longest=ON_ITS_DATE if is_of_a_date else outbox.HOUR)
    longest = SOON if is_of_a_date or row.kind in SAFETY else outbox.HOUR
    return min(max(now - row.wanted_at, NO_TIME) + outbox.MINUTE, longest)


def _was_refused_before(row: MessageOwed, now: datetime.datetime) -> bool:
    """On an earlier day as well: this mail, or another one that ended, and none was taken since."""
    if row.attempts > 1 and now - row.created_at >= A_DAY:
        return True
    hers = MessageOwed.objects.filter(recipient=row.recipient_id, settled_at__gte=now - TWO_WEEKS)
    ended = hers.filter(
        status__in=(MessageStatus.DEAD, MessageStatus.SKIPPED), attempts__gt=1, settled_at__lte=now - A_DAY
    )
    newest = ended.order_by("-settled_at").values_list("settled_at", flat=True).first()
    return newest is not None and not hers.filter(status=MessageStatus.SENT, settled_at__gte=newest).exists()


def _is_given_up(row: MessageOwed, failure: Failure, *, is_refused: bool) -> bool:
    """A mail about safety only where its address goes on refusing, or copies of it may lie there already."""
    if row.kind in SAFETY:
        is_hopeless = is_refused and row.attempts >= MOST_ATTEMPTS_FOR_SAFETY
        return is_hopeless or row.uncertain >= MOST_UNCERTAIN_FOR_SAFETY
    if failure in (Failure.ADDRESS, Failure.MAIL) or row.uncertain >= outbox.MOST_UNCERTAIN:
        return True
    return row.expires_at is None and row.attempts >= MOST_ATTEMPTS


def _end(row: MessageOwed, now: datetime.datetime, why: str, report: DeliveryReport) -> None:
    """What was perhaps sent once is never told as not sent, and may have been read."""
    if row.uncertain:
        report.uncertain += 1
        outbox.insist(lambda: _settle_and_record(row, MessageStatus.UNCERTAIN, now, why))
    else:
        report.dead += 1
        outbox.insist(lambda: _settle([row], MessageStatus.DEAD, now, why))


def _told(row: MessageOwed) -> set[int]:
    """The runners of whom the mail tells somebody else."""
    content = getattr(row, "content", None)
    told = {*content.told} if content else set()
    if row.enrolment_id:
        told.add(row.enrolment.runner_id)
    return told - {row.recipient_id}


@transaction.atomic
def _settle_and_record(row: MessageOwed, status: str, now: datetime.datetime, outcome: str = "") -> int:
    """What somebody else was told of a runner is access to her data, and she can read that.

    Of a runner who was erased while the mail went out there is nothing left to write to.
    """
    settled = _settle([row], status, now, outcome, uncertain=row.uncertain)
    if settled:
        record_access(
            runner_ids=_told(row),
            actor=row.recipient,
            act=Act.MAIL,
            detail=row.get_kind_display(),
            now=now,
        )
    return settled


def _settle(rows: list[MessageOwed], status: str, now: datetime.datetime, outcome: str = "", **more) -> int:
    """Returns how many; those that are not owed any more stay as they are.

    One that was owed anew meanwhile has another Message-ID: what became of the old mail is not its fate.
    """
    owed = MessageOwed.objects.filter(
        pk__in=[row.pk for row in rows],
        message_id__in=[row.message_id for row in rows],
        status=MessageStatus.OWED,
    )
    return owed.update(status=status, settled_at=now, outcome=outcome[:200], leased_until=None, **more)
