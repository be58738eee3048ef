"""What a link with a score shows: one question of one date, and after it whom to call."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from accounts.models import User
from programs.access import asked_by_link
from programs.engine.calendar import local_date
from programs.engine.redflags import RED_FLAGS
from programs.engine.values import Refer
from programs.mail_links import ASKED_BY, is_answered
from programs.models import MessageOwed
from programs.presentation import dialled
from programs.said import said
from programs.snapshots import contacts_of, programme_of

#: Field of the diary -> its question, as the check-in asks it.
QUESTIONS = {
    "rest": (gettext_lazy("Pain at rest"), gettext_lazy("Your average of the day, not exercising.")),
    "morning": (
        gettext_lazy("Pain on waking"),
        gettext_lazy("When you woke up. It tells how your back took the day before."),
    ),
}


@dataclass(frozen=True, slots=True)
class WhenStrong:
    """Whom to call, and for which signs; what the score means is not said."""

    emergency_number: str
    call: str
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TapPage:
    """``runner`` decides in which language it is and who may not see it; nothing of her is shown."""

    runner: User
    question: str
    help_text: str
    date: datetime.date
    is_today: bool
    is_answered: bool


def tap_page(*, token: str, now: datetime.datetime) -> TapPage | None:
    """None where the link is none, or not good any more."""
    message = asked_by_link(token, now)
    if message is None:
        return None
    question, help_text = QUESTIONS[ASKED_BY[message.kind]]
    return TapPage(
        runner=message.recipient,
        question=question,
        help_text=help_text,
        date=message.local_date,
        is_today=message.local_date == local_date(now, message.recipient.zone),
        is_answered=is_answered(message),
    )


def when_strong(*, token: str, score: int, now: datetime.datetime) -> WhenStrong | None:
    """The words about warning signs, from the score on that her programme calls severe."""
    message = asked_by_link(token, now)
    if message is None or score < _severe_at(message):
        return None
    numbers = contacts_of(message.enrolment)
    return WhenStrong(
        emergency_number=said(numbers.emergency_number),
        call=dialled(numbers.emergency_number),
        signs=tuple(said(flag.label) for flag in RED_FLAGS.values() if flag.level is Refer.EMERGENCY),
    )


def _severe_at(message: MessageOwed) -> int:
    return programme_of(message.enrolment.version).constants.severe_at
