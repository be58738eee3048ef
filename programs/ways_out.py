"""Out of a kind of mail: which choice its link turns, and how that choice stands."""

from collections.abc import Iterable

from programs.mail_links import PUT_OFF
from programs.mailing import SILENCED, choices_behind, rule_of
from programs.models import ChosenVia, MailChoice, MessageKind, MessageOwed, MessageStatus

_WENT_OUT = (MessageStatus.SENT, MessageStatus.UNCERTAIN)


def asked_first(messages: Iterable[MessageOwed]) -> dict[int, str]:
    """Of mails that ask once more: message id -> kind of the mail that it repeats, the last before it.

    One query, or none.
    """
    again = [row for row in messages if row.kind == MessageKind.AGAIN]
    if not again:
        return {}
    first = MessageOwed.objects.filter(
        recipient__in={row.recipient_id for row in again},
        local_date__in={row.local_date for row in again},
        kind__in=PUT_OFF,
        status__in=_WENT_OUT,
    )
    columns = first.order_by("settled_at", "pk").values_list("recipient", "local_date", "kind", "settled_at")
    found: dict[int, str] = {}
    for recipient, date, kind, settled_at in columns:
        for row in again:
            if (row.recipient_id, row.local_date) == (recipient, date) and settled_at <= row.created_at:
                found[row.pk] = kind
    return found


def choice_behind(message: MessageOwed) -> str | None:
    """The kind that the link of a mail turns off; None for a mail about safety, which nothing turns off."""
    if message.kind == MessageKind.SILENT:
        return _silenced(message)
    asked = asked_first([message]).get(message.pk)
    return asked or next(iter(choices_behind(message.kind)), None)


def _silenced(message: MessageOwed) -> str:
    """In place of which mail it came: of hers that are on, or that a link has turned off, the first."""
    rows = {
        row.kind: row for row in MailChoice.objects.filter(person=message.recipient_id, kind__in=SILENCED)
    }
    for kind in SILENCED:
        row = rows.get(kind)
        if (row.is_on or row.changed_via == ChosenVia.MAIL) if row else rule_of(kind).is_on:
            return kind
    return MessageKind.REMINDER


def wants(message: MessageOwed) -> bool:
    """Is that kind on for its recipient?"""
    row, kind = _chosen(message), choice_behind(message)
    return row.is_on if row else kind is None or rule_of(kind).is_on


def may_come_back(message: MessageOwed) -> bool:
    """Did a link turn it off, and has nothing been chosen since?"""
    row = _chosen(message)
    return row is not None and not row.is_on and row.changed_via == ChosenVia.MAIL


def _chosen(message: MessageOwed) -> MailChoice | None:
    return MailChoice.objects.filter(person=message.recipient_id, kind=choice_behind(message) or "").first()
