"""Account mails as text and HTML: our own by name, allauth's by its templates, and rows as messages.

Subjects never say more than that there is something to read: they show on
locked screens.
"""

from contextlib import nullcontext
from dataclasses import dataclass
from types import SimpleNamespace

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from accounts import correlation
from accounts.models import AccountMail, User
from accounts.models.user import clean_name

SITE_NAME = "Rehab"
LONGEST_SUBJECT = AccountMail._meta.get_field("subject").max_length


def one_line(text: str) -> str:
    """A header of one line: what is written in it may hold a name that somebody chose."""
    return clean_name(text)[:LONGEST_SUBJECT]


@dataclass(frozen=True)
class Words:
    """What a mail says; ``html`` may be empty. A subject of two lines cannot exist."""

    subject: str
    text: str
    html: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "subject", one_line(self.subject))


def in_language_of(user: User | None):
    """To stand behind ``with``: what is worded inside is in the language that somebody has chosen.

    Whoever has chosen none is written to in the site's language: a job that
    words a mail knows no browser. An address without an account is written to
    in the language of the page on which somebody entered it.
    """
    if user is None:
        return nullcontext()
    return translation.override(user.language or settings.LANGUAGE_CODE)


def words_of(kind: str, context: dict) -> Words:
    """Render ``templates/emails/<kind>-{subject,body}`` in the language of its recipient."""
    context = {"site_url": settings.SITE_URL, **context}
    with in_language_of(context.get("recipient") or context.get("user")):
        return Words(
            subject=render_to_string(f"emails/{kind}-subject.txt", context),
            text=render_to_string(f"emails/{kind}-body.txt", context),
            html=render_to_string(f"emails/{kind}-body.html", context),
        )


def allauths_words(template_prefix: str, email: str, context: dict) -> Words:
    """Render a mail of allauth; the links in ``context`` are whole and our own."""
    site = SimpleNamespace(name=SITE_NAME, domain=settings.SITE_DOMAIN)
    ours = {"site_name": SITE_NAME, "site_url": settings.SITE_URL, "current_site": site, "email": email}
    with in_language_of(context.get("user")):
        mail = get_adapter().render_mail(template_prefix, email, ours | context)
    html = [part.content for part in getattr(mail, "alternatives", ()) if part.mimetype == "text/html"]
    return Words(subject=mail.subject, text=mail.body, html="".join(html))


def message_of(row: AccountMail, words: Words, server=None) -> EmailMultiAlternatives:
    """The e-mail that a row owes, ready to be sent."""
    mail = EmailMultiAlternatives(
        subject=words.subject,
        body=words.text,
        to=[row.email],
        headers={
            "Message-ID": row.message_id,
            "Auto-Submitted": "auto-generated",
            **correlation.header(row.correlation_id),
        },
        connection=server,
    )
    if words.html:
        mail.attach_alternative(words.html, "text/html")
    return mail
