"""What a link out of a kind of mail shows: which mails stop, or why they cannot."""

from dataclasses import dataclass

from accounts.models import User
from programs.access import left_by_link
from programs.selectors.mail_words import title_of
from programs.ways_out import choice_behind, may_come_back, wants


@dataclass(frozen=True, slots=True)
class WayOut:
    """``title`` is the choice that the link turns: what asks once more ends with what asked first."""

    person: User
    title: str
    is_safety: bool
    is_on: bool
    may_undo: bool


def way_out(token: str) -> WayOut | None:
    message = left_by_link(token)
    if message is None:
        return None
    kind = choice_behind(message)
    return WayOut(
        person=message.recipient,
        title=title_of(kind or message.kind),
        is_safety=kind is None,
        is_on=wants(message),
        may_undo=may_come_back(message),
    )
