"""Links in mails: for one message and one purpose each, worked out and never stored.

A token is the row's number and a keyed digest. It is bound to its purpose, so
that a link to unsubscribe writes no score; it dies with the row, with
``SECRET_KEY``, and where its recipient has made the links of all mails until
then useless (``User.mail_links_since``): what is sent later has links that work.
It opens no session and shows no health data: it is no way to sign in.
"""

import base64
import re
from dataclasses import dataclass
from enum import StrEnum

from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.links import page
from programs.engine.values import HIGHEST_SCORE, LOWEST_SCORE
from programs.models import CHOSEN, CalendarFeed, DiaryEntry, MessageKind, MessageOwed

#: 128 bits.
_DIGEST_BYTES = 16
_TOKEN = re.compile(r"([1-9][0-9]{0,17})-([A-Za-z0-9_-]{22})")


#: Kind of mail -> the one field of the diary that its eleven links ask for.
ASKED_BY = {
    MessageKind.REMINDER: "rest",
    MessageKind.NUDGE: "rest",
    MessageKind.AGAIN: "rest",
    MessageKind.SILENT: "rest",
    MessageKind.MORNING_AFTER: "morning",
}
#: Mails of a date that can be put off until later on it, once.
PUT_OFF = (MessageKind.REMINDER, MessageKind.NUDGE)
#: Mails with a way out of them; all others are about safety.
WITH_WAY_OUT = (*CHOSEN, MessageKind.AGAIN)
SCORES = range(LOWEST_SCORE, HIGHEST_SCORE + 1)


class Purpose(StrEnum):
    """One fixed salt each."""

    SCORE = "score"
    AGAIN = "again"
    UNSUBSCRIBE = "unsubscribe"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class MailLinks:
    """Whole addresses for the texts of one mail; what its kind has not is empty."""

    scores: tuple[tuple[int, str], ...] = ()
    again: str | None = None
    unsubscribe: str | None = None


def links_of(message: MessageOwed) -> MailLinks:
    """The links of a message that is in the database: its number is part of each."""
    again, scores = None, ()
    if message.kind in ASKED_BY:
        token = token_of(message, Purpose.SCORE)
        scores = tuple((score, page("one_tap", token, score)) for score in SCORES)
    if message.kind in PUT_OFF:
        again = page("mail_again", token_of(message, Purpose.AGAIN))
    return MailLinks(scores=scores, again=again, unsubscribe=_way_out(message))


def unsubscribe_headers(message: MessageOwed) -> dict[str, str]:
    """What a mail program needs for a button of its own (RFC 8058); empty for a mail about safety."""
    address = _way_out(message)
    if address is None:
        return {}
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _way_out(message: MessageOwed) -> str | None:
    if message.kind not in WITH_WAY_OUT:
        return None
    return page("mail_unsubscribe", token_of(message, Purpose.UNSUBSCRIBE))


def token_of(message: MessageOwed, purpose: Purpose) -> str:
    return f"{message.pk}-{_digest(purpose, message.pk, message.message_id)}"


def message_of(token: str, purpose: Purpose) -> MessageOwed | None:
    """The message that a token was made of, with its recipient and enrolment; None for any other text.

    Whether it may still be used is not asked here (``services``).
    """
    found = _TOKEN.fullmatch(token)
    if found is None:
        return None
    rows = MessageOwed.objects.select_related("recipient", "enrolment__runner", "enrolment__version")
    message = rows.filter(pk=found[1]).first()
    if message is None or not constant_time_compare(token, token_of(message, purpose)):
        return None
    return None if _is_held(message) else message


def _is_held(message: MessageOwed) -> bool:
    """One that is owed was not read by anybody yet, whenever it was written down."""
    since, settled = message.recipient.mail_links_since, message.settled_at
    return since is not None and settled is not None and settled <= since


def is_answered(message: MessageOwed) -> bool:
    """Has the question of a mail its answer: in the diary, or by a link in any mail that asked the same?

    Where she took an answer back in her diary, a link does not give another.
    """
    field = ASKED_BY[message.kind]
    entry = DiaryEntry.objects.filter(enrolment=message.enrolment_id, date=message.local_date).first()
    if entry is not None and getattr(entry, field) is not None:
        return True
    same = [kind for kind, asked in ASKED_BY.items() if asked == field]
    of_the_date = MessageOwed.objects.filter(
        recipient=message.recipient_id, local_date=message.local_date, kind__in=same
    )
    return of_the_date.filter(answered_at__isnull=False).exists()


def feed_token(feed: CalendarFeed) -> str:
    return f"{feed.pk}-{_digest(Purpose.CALENDAR, feed.pk, str(feed.public_id))}"


def feed_of(token: str) -> CalendarFeed | None:
    """The open feed that a token was made of, with its runner."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        return None
    rows = CalendarFeed.objects.select_related("runner")
    feed = rows.filter(pk=found[1], ended_at__isnull=True, runner__is_active=True).first()
    return feed if feed and constant_time_compare(token, feed_token(feed)) else None


def _digest(purpose: Purpose, pk: int, nonce: str) -> str:
    whole = salted_hmac(f"rehab.mail_links.{purpose}", f"{pk}:{nonce}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(whole[:_DIGEST_BYTES]).rstrip(b"=").decode()
