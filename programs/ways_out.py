"""Out of a kind of mail: which choice its link turns, and how that choice stands."""

from programs.mailing import choices_behind, rule_of
from programs.models import ChosenVia, MailChoice, MessageOwed


def choice_behind(message: MessageOwed) -> str | None:
    """The kind that the link of a mail turns off; None for a mail about safety, which nothing turns off."""
    return next(iter(choices_behind(message.kind)), None)


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
