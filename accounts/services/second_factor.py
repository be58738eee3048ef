"""Second factors: made for the demonstration, spent code by code, taken away by an operator."""

import datetime
import logging

from allauth.account.models import EmailAddress
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.emails import words_of
from accounts.models import User
from accounts.sealing import reseal, seal, unseal
from accounts.second_factor import code_at, may_remove, steps_around
from accounts.services.errors import Refused
from accounts.services.mail import owe_mail

log = logging.getLogger(__name__)
#: What of a factor is sealed.
SEALED = ("secret", "seed")


def add_authenticator_app(*, user: User, secret: str, is_published: bool = False) -> Authenticator:
    """Give somebody an authenticator app with a known secret; a published one only to invented people."""
    data = {"secret": seal(secret)} | ({"is_published": True} if is_published else {})
    return Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)


@transaction.atomic
def spend_code(*, app: Authenticator, code: str, now: datetime.datetime) -> bool:
    """Take a code of the app once: never one of the step of the last code taken, or of an earlier one.

    allauth remembers codes in the cache for one step of 30 seconds; we take
    codes of the neighbouring steps too, and a cache may be emptied.
    """
    app = Authenticator.objects.select_for_update().get(pk=app.pk)
    secret, spent = unseal(app.data["secret"]), app.data.get("last_step", -1)
    for step in steps_around(now):
        if step > spent and compare_user_code(actual=code, expected=code_at(secret, step)):
            app.data["last_step"] = step
            app.save(update_fields=["data"])
            return True
    return False


@transaction.atomic
def check_removal(*, factor: Authenticator) -> None:
    """Refuse to take the last factor of somebody who needs one.

    Locks the account until the caller's transaction ends: of two removals at
    once, the second sees what the first left.
    """
    User.objects.select_for_update().get(pk=factor.user_id)
    if not may_remove(factor):
        raise Refused(_("Add another second factor first: your role needs one."))


def end_sessions(*, user: User) -> int:
    """Sign somebody out everywhere; returns from how many places."""
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    return len(sessions)


@transaction.atomic
def forget_sign_in(*, user: User) -> int:
    """Take away every factor and every session of somebody; returns the number of factors."""
    factors = Authenticator.objects.filter(user=user)
    count = len(factors)
    factors.delete()
    end_sessions(user=user)
    return count


@transaction.atomic
def reset_second_factor(*, user: User, reason: str, operator: str, now: datetime.datetime) -> int:
    """Take away every factor of somebody who lost hers; returns how many there were.

    She is signed out everywhere and told by mail. Her next sign-in proves the
    mailbox, by a code or by the link to a new password. From then on the mailbox
    alone is enough to get in: that link replaces the password. So the operator
    has to be sure who asks; nothing here checks it for him.
    """
    if not Authenticator.objects.filter(user=user).exists():
        raise Refused(f"{user.email} has no second factor.")
    count = forget_sign_in(user=user)
    EmailAddress.objects.filter(user=user).update(verified=False)
    owe_mail(
        email=user.email,
        kind="second_factor_reset",
        words=words_of("second_factor_reset", {"user": user, "at": now}),
        now=now,
        recipient=user,
    )
    log.warning("Second factor of account %s reset by %s: %s", user.pk, operator, " ".join(reason.split()))
    return count


@transaction.atomic
def reseal_all() -> int:
    """Seal every secret with the newest key; returns of how many factors. Raises Unreadable."""
    factors = Authenticator.objects.select_for_update().exclude(type=Authenticator.Type.WEBAUTHN)
    for factor in factors:
        factor.data |= {name: reseal(factor.data[name]) for name in SEALED if name in factor.data}
        factor.save(update_fields=["data"])
    return len(factors)
