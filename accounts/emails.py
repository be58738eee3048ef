"""Account mails of our own as text and HTML: one function, one folder of templates.

Subjects never say more than that there is something to read.
"""

from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string


@dataclass(frozen=True)
class Words:
    """What a mail says; ``html`` may be empty."""

    subject: str
    text: str
    html: str = ""


def words_of(kind: str, context: dict) -> Words:
    """Render ``templates/emails/<kind>-{subject,body}``."""
    context = {"site_url": settings.SITE_URL, **context}
    subject = render_to_string(f"emails/{kind}-subject.txt", context)
    return Words(
        subject=" ".join(subject.split()),
        text=render_to_string(f"emails/{kind}-body.txt", context),
        html=render_to_string(f"emails/{kind}-body.html", context),
    )
