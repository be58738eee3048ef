"""Mails about longer than a day: last week in counts, and a week without a word."""

from accounts.emails import Words
from accounts.links import page
from programs.emails.content import Content
from programs.emails.letters import worded, worded_for_many
from programs.models import MessageOwed


def weekly(message: MessageOwed, content: Content) -> Words:
    """Last week as it was; its numbers come with the content."""
    return worded(message, content, "weekly", {"link": page("progress")})


def silent(message: MessageOwed, content: Content) -> Words:
    """Asked once, and then nothing by the clock until she is back."""
    links = {"link": page("check_in"), "leave_link": page("leave_programme")}
    return worded_for_many(message, content, "silent", links)
