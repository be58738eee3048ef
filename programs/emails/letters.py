"""What all mails share: the words of their templates, the numbers to call, links, headers."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import get_template

from accounts.emails import Words
from accounts.links import page
from accounts.models.user import clean_name
from programs.emails.content import Content
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
        headers={"Message-ID": message.message_id, **AUTOMATIC, **unsubscribe_headers(message)},
        connection=connection,
    )
    mail.attach_alternative(words.html, "text/html")
    return mail


def worded(message: MessageOwed, content: Content, template: str, context: dict[str, Any]) -> Words:
    """Render ``templates/emails/<template>-{subject,body}``; the content goes before ``context``."""
    context = {**_everywhere(message, content), **context, **content.context}
    return Words(
        subject=_rendered(f"{template}-subject.txt", context),
        text=_rendered(f"{template}-body.txt", context),
        html=_rendered(f"{template}-body.html", context),
    )


def _rendered(name: str, context: dict[str, Any]) -> str:
    return get_template(f"emails/{name}").render(context)


def _everywhere(message: MessageOwed, content: Content) -> dict[str, Any]:
    number = said(_numbers(message, content).emergency_number)
    links = MailLinks() if content.is_test else links_of(message)
    return {
        "recipient": message.recipient,
        # In a text part a name of two lines would be two lines.
        "name": clean_name(message.recipient.get_short_name()),
        "date": message.local_date,
        "settings_link": page("mail_settings"),
        "today_link": page("today"),
        "site_url": settings.SITE_URL,
        "emergency_number": number,
        "call": dialled(number),
        "urgent_service": said(_numbers(message, content).urgent_service),
        "scores": links.scores,
        "again_link": links.again,
        "way_out": links.unsubscribe,
        "is_test": content.is_test,
    }


def _numbers(message: MessageOwed, content: Content):
    if content.contacts is not None:
        return content.contacts
    return contacts_of(message.enrolment) if message.enrolment else contacts()
