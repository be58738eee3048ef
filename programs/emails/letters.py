"""What all mails share: the words of their templates, the numbers to call, links, headers."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import get_template

from accounts import correlation
from accounts.emails import Words
from accounts.links import page
from accounts.models.user import clean_name
from programs.emails.content import Content
from programs.emails.skeletons import filled_in
from programs.engine.snapshot import Contacts
from programs.mail_links import MailLinks, links_of, unsubscribe_headers
from programs.models import MessageOwed
from programs.presentation import dialled
from programs.said import said
from programs.snapshots import contacts, contacts_of

#: Nobody answers for a mail of a job, and no robot shall.
AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def email_of(message: MessageOwed, words: Words, connection=None) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        subject=words.subject,
        body=words.text,
        to=[message.recipient.email],
        headers={
            "Message-ID": message.message_id,
            **AUTOMATIC,
            **correlation.header(message.correlation_id),
            **unsubscribe_headers(message),
        },
        connection=connection,
    )
    mail.attach_alternative(words.html, "text/html")
    return mail


def worded(message: MessageOwed, content: Content, template: str, context: dict[str, Any]) -> Words:
    """Render ``templates/emails/<template>-{subject,body}``; the content goes before ``context``."""
    context = {**_for_all(message, content), **context, **content.context}
    return _rendered(template, context | _for_one(message, content))


def worded_for_many(message: MessageOwed, content: Content, template: str, context: dict[str, Any]) -> Words:
    """The same of a mail that says nothing of one person but a name, and whose context can be compared."""
    context = {**_for_all(message, content), **context, **content.context}
    if content.is_test:
        return _rendered(template, context | _for_one(message, content))

    def render(name: str) -> Words:
        return _rendered(template, context | _for_one(message, content) | {"name": name})

    return filled_in(message, _name_of(message), context, render)


def _rendered(template: str, context: dict[str, Any]) -> Words:
    subject, text, html = (
        get_template(f"emails/{template}-{part}").render(context)
        for part in ("subject.txt", "body.txt", "body.html")
    )
    return Words(subject=subject, text=text, html=html)


def _for_all(message: MessageOwed, content: Content) -> dict[str, Any]:
    """What mails of one kind and date have in common, as far as they go to the same country."""
    numbers = _numbers(message, content)
    number = said(numbers.emergency_number)
    return {
        "date": message.local_date,
        "settings_link": page("mail_settings"),
        "today_link": page("today"),
        "site_url": settings.SITE_URL,
        "emergency_number": number,
        "call": dialled(number),
        "urgent_service": said(numbers.urgent_service),
        "is_test": content.is_test,
    }


def _for_one(message: MessageOwed, content: Content) -> dict[str, Any]:
    links = MailLinks() if content.is_test else links_of(message)
    return {
        "recipient": message.recipient,
        "name": _name_of(message),
        "scores": links.scores,
        "again_link": links.again,
        "way_out": links.unsubscribe,
    }


def _name_of(message: MessageOwed) -> str:
    """In a text part a name of two lines would be two lines."""
    return clean_name(message.recipient.get_short_name())


def _numbers(message: MessageOwed, content: Content) -> Contacts:
    if content.contacts is not None:
        return content.contacts
    return contacts_of(message.enrolment) if message.enrolment else contacts()
