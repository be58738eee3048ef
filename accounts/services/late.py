"""Mails whose words depend on who has an account: settled when they are sent, not when they are asked for.

The request stores an address, the same row whoever it belongs to. So how long
the request takes and what it leaves behind cannot tell. The link of a reset is
made at the moment of sending and is never stored: it cannot be read from the
database or from a backup of it.
"""

import datetime

from allauth.account.forms import default_token_generator
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.models import EmailAddress
from django.db import transaction
from django.urls import reverse

from accounts.emails import Words, allauths_words
from accounts.links import absolute, page
from accounts.models import AccountMail, User
from accounts.services.mail import RESET, SIGN_UP, owe_mail


def ask_reset(*, email: str, now: datetime.datetime) -> None:
    """Owe the mail for whoever has that address, or the one that says nobody has."""
    owe_mail(email=email, kind=RESET, words=Words(subject="", text=""), now=now)


def words_now(row: AccountMail) -> Words:
    """What the mail says if it is sent now."""
    if row.kind == RESET:
        return _reset_words(row.email)
    # With a recipient it is the first sign-in of an account that somebody else made: it needs its code.
    owners = filter_users_by_email(row.email) if row.kind == SIGN_UP and row.recipient_id is None else []
    if owners:
        context = {"user": owners[0], "password_reset_url": page("account_reset_password")}
        return allauths_words("account/email/account_already_exists", row.email, context)
    return Words(subject=row.subject, text=row.text, html=row.html)


def _reset_words(email: str) -> Words:
    """The link for the account of that address; else that there is none."""
    users = filter_users_by_email(email, is_active=True, prefer_verified=True, for_login=True)
    if not users:
        context = {"signup_url": page("account_signup")}
        return allauths_words("account/email/unknown_account", email, context)
    context = {"user": users[0], "password_reset_url": _reset_link(users[0])}
    return allauths_words("account/email/password_reset_key", email, context)


def _reset_link(user: User) -> str:
    """The account by its public name: a number would tell how many there are."""
    names = {"uidb36": user.public_id.hex, "key": default_token_generator.make_token(user)}
    return absolute(reverse("account_reset_password_from_key", kwargs=names))


@transaction.atomic
def prove_address(*, user: User) -> None:
    """Whoever came by the link of a reset reads the mail of that address."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email.lower(), defaults={"verified": True, "primary": True}
    )
