"""Every write about people and consent."""

import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import Consent, Role, User
from accounts.models.user import clean_name, validate_time_zone


class ConsentError(Exception):
    """The grant cannot be made; the text says why, for the person who tried."""


@transaction.atomic
def grant_consent(*, runner: User, clinician: User, now: datetime.datetime) -> Consent:
    """Let the clinician see and act for the runner; twice is the same as once."""
    if not runner.is_runner or not clinician.is_clinician:
        raise ConsentError("Consent goes from a runner to a physiotherapist.")
    consent, _ = Consent.objects.in_force().get_or_create(
        runner=runner, clinician=clinician, revoked_at=None, defaults={"granted_at": now}
    )
    return consent


def grant_consent_by_email(*, runner: User, email: str, now: datetime.datetime) -> None:
    """Grant to the physiotherapist with that address, if there is one.

    Tells nobody whether there is: the page must not answer who is registered.
    """
    clinician = User.objects.filter(email__iexact=email.strip(), role=Role.CLINICIAN, is_active=True).first()
    if clinician:
        grant_consent(runner=runner, clinician=clinician, now=now)


@transaction.atomic
def revoke_consent(*, runner: User, clinician: User, now: datetime.datetime) -> int:
    """End the grant at once. Returns how many grants were ended (0 or 1)."""
    return Consent.objects.in_force().filter(runner=runner, clinician=clinician).update(revoked_at=now)


@transaction.atomic
def create_account(
    *,
    email: str,
    name: str,
    password: str | None,
    role: str = Role.RUNNER,
    time_zone: str = "UTC",
    verified: bool = False,
) -> User:
    """Create an account with a checked time zone. Raises ValidationError.

    ``verified`` says that the address is known to be hers; otherwise the first
    sign-in asks for a code that is sent there.
    """
    validate_time_zone(time_zone)
    user = User.objects.create_user(email, password, name=clean_name(name), role=role, time_zone=time_zone)
    if verified:
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def complete_sign_up(*, user: User, name: str, time_zone: str) -> None:
    """Save the account that somebody made for herself: never more than a runner."""
    validate_time_zone(time_zone)
    user.name = clean_name(name)
    user.time_zone = time_zone
    user.role = Role.RUNNER
    user.is_staff = user.is_superuser = False
    user.save()
