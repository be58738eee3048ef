"""The rules of the second factor: who needs one, who has one, and whether it was used.

A session counts as signed with a second factor where allauth's record of it
names a factor that the account still has. A session from before the factor, or
with a factor that was taken away since, does not.
"""

import datetime
import enum
from collections.abc import Iterable

from allauth.account.authentication import get_authentication_records
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.http import HttpRequest

from accounts.models import Role, User
from accounts.sealing import unseal

#: They see other people's health data, or run the site.
ROLES = frozenset({Role.CLINICIAN, Role.MANAGER})
#: Recovery codes only stand in for a factor; alone they are none.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class Standing(enum.Enum):
    """What a signed-in person with a mandatory second factor has done about it."""

    SIGNED = "the factor was used in this session"
    UNSIGNED = "there is a factor, and this session has not used it"
    MISSING = "there is no factor yet"


def is_mandatory(user: User) -> bool:
    """True for whoever sees other people's data or may open the administration."""
    return user.role in ROLES or user.is_staff or user.is_superuser


def has_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def standing_of(request: HttpRequest) -> Standing:
    """Say how far this session has come (one query)."""
    theirs = dict(Authenticator.objects.filter(user=request.user).values_list("pk", "type"))
    if not set(theirs.values()) & set(FACTORS):
        return Standing.MISSING
    used = {record.get("id") for record in records_of(request) if record["method"] == "mfa"}
    return Standing.SIGNED if used & theirs.keys() else Standing.UNSIGNED


def records_of(request: HttpRequest) -> list[dict]:
    """How this session's own user proved who she is, oldest first."""
    return get_authentication_records(request, request.user)


def confirmed_recently(request: HttpRequest, *, now: datetime.datetime, within: int) -> bool:
    """True where she signed in, or confirmed that it is her, within so many seconds.

    Where there is a second factor only that counts: a password alone must not
    be enough to put another factor beside it.
    """
    wanted = "mfa" if has_factor(request.user) else "password"
    times = [record["at"] for record in records_of(request) if record["method"] == wanted]
    return bool(times) and now.timestamp() - max(times) < within


def may_remove(authenticator: Authenticator) -> bool:
    """False for the last factor of somebody who needs one."""
    if not is_mandatory(authenticator.user):
        return True
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS)
    return others.exclude(pk=authenticator.pk).exists()


def steps_around(now: datetime.datetime) -> Iterable[int]:
    """The time steps whose codes are taken now: the present one and its neighbours."""
    present = int(now.timestamp()) // mfa_settings.TOTP_PERIOD
    tolerance = mfa_settings.TOTP_TOLERANCE
    return range(present - tolerance, present + tolerance + 1)


def code_at(secret: str, step: int) -> str:
    return format_hotp_value(hotp_value(secret, step))


def next_code(authenticator: Authenticator, *, now: datetime.datetime) -> str:
    """Return the code that an app shows now; once it is spent, the one after it if that counts already."""
    present = int(now.timestamp()) // mfa_settings.TOTP_PERIOD
    spent = authenticator.data.get("last_step", -1)
    unspent = [step for step in steps_around(now) if step >= present and step > spent]
    return code_at(unseal(authenticator.data["secret"]), unspent[0]) if unspent else ""


def code_of_the_demonstration(user: User, *, now: datetime.datetime) -> str | None:
    """Return the code to show to somebody who tries the demonstration; None wherever it is not.

    Only for accounts whose secret the demonstration published itself. "" where
    the codes of this moment are spent.
    """
    if not settings.DEMO:
        return None
    app = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if app is None or not app.data.get("is_published"):
        return None
    return next_code(app, now=now)
