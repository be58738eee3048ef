"""Account mails: owed as rows in the transaction of what they tell, sent later by a job."""

import datetime
from email.utils import make_msgid

from allauth.account import app_settings
from django.conf import settings

from accounts.emails import Words
from accounts.models import AccountMail, User

#: A mail that could not be sent for that long is not worth sending.
LIFE = datetime.timedelta(days=2)
#: Two kinds of which it is settled only when they are sent what is in them (``late``).
RESET = "password_reset_link"
SIGN_UP = "email_confirmation_signup"
#: Kind -> the setting that ends the code in it: a dead code is not sent.
CODES = {
    "email_confirmation": "EMAIL_VERIFICATION_BY_CODE_TIMEOUT",
    SIGN_UP: "EMAIL_VERIFICATION_BY_CODE_TIMEOUT",
    "login_code": "LOGIN_BY_CODE_TIMEOUT",
    "password_reset_code": "PASSWORD_RESET_BY_CODE_TIMEOUT",
}


def owe_mail(
    *,
    email: str,
    kind: str,
    words: Words,
    now: datetime.datetime,
    recipient: User | None = None,
    life: datetime.timedelta | None = None,
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
        expires_at=now + (life or life_of(kind)),
        message_id=make_msgid(domain=settings.SITE_DOMAIN),
    )


def life_of(kind: str) -> datetime.timedelta:
    """For how long a mail is worth sending: as long as what is in it would be good."""
    if kind == RESET:
        return datetime.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    if kind in CODES:
        return datetime.timedelta(seconds=getattr(app_settings, CODES[kind]))
    return LIFE
