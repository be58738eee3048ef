"""Account mails: owed as rows in the transaction of what they tell, sent later by a job."""

import datetime
from email.utils import make_msgid

from django.conf import settings

from accounts.emails import Words
from accounts.models import AccountMail, User

#: A mail that could not be sent for that long is not worth sending.
LIFE = datetime.timedelta(days=2)


def owe_mail(
    *,
    email: str,
    kind: str,
    words: Words,
    now: datetime.datetime,
    recipient: User | None = None,
    life: datetime.timedelta = LIFE,
) -> AccountMail:
    """Owe one mail to an address, whether anybody has an account there or not."""
    return AccountMail.objects.create(
        recipient=recipient,
        email=email,
        kind=kind,
        subject=words.subject,
        text=words.text,
        html=words.html,
        created_at=now,
        due_at=now,
        expires_at=now + life,
        message_id=make_msgid(domain=settings.SITE_DOMAIN),
    )
