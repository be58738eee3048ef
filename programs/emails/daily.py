"""The question of the day: how are you, with one link for each answer."""

import datetime

from accounts.emails import Words
from accounts.links import page
from programs.emails.content import Content
from programs.emails.letters import worded_for_many
from programs.models import MessageOwed

ONE_DAY = datetime.timedelta(days=1)


def reminder(message: MessageOwed, content: Content) -> Words:
    """Today's question and today's plan."""
    return _question(message, content, "reminder")


def nudge(message: MessageOwed, content: Content) -> Words:
    """The same once more in the evening, for whoever wishes so."""
    return _question(message, content, "nudge")


def again(message: MessageOwed, content: Content) -> Words:
    """The same at the time that she asked for."""
    return _question(message, content, "again")


def morning_after(message: MessageOwed, content: Content) -> Words:
    """Pain on waking, after the session of the day before."""
    return worded_for_many(
        message,
        content,
        "morning_after",
        {"link": page("check_in"), "session_date": message.local_date - ONE_DAY},
    )


def _question(message: MessageOwed, content: Content, template: str) -> Words:
    return worded_for_many(message, content, template, {"link": page("check_in")})
