"""Accounts: made by somebody for herself, or for her."""

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import Role, User
from accounts.models.user import clean_name, validate_time_zone


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
