"""Accounts: made by somebody for herself, or for her."""

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Language, Role, User
from accounts.models.user import clean_name, validate_time_zone
from accounts.services.errors import Refused


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


@transaction.atomic
def choose_language(*, user: User, language: str) -> None:
    """Keep in which language somebody reads pages and mails. Raises Refused for one that we do not have."""
    if language not in Language.values:
        raise Refused(_("Choose a language."), "language")
    User.objects.filter(pk=user.pk, erased_at__isnull=True).update(language=language)


def sign_up(*, email: str, name: str, password: str, time_zone: str, language: str = "") -> User:
    """Make the account of somebody who has just proved her address: never more than a runner.

    ``password`` is hashed already. Raises Refused where somebody was faster.
    """
    validate_time_zone(time_zone)
    user = User(
        email=email,
        name=clean_name(name),
        time_zone=time_zone,
        language=language,
        password=password,
        role=Role.RUNNER,
    )
    try:
        with transaction.atomic():
            user.save()
            # Proved in the next step by allauth, which says so on the page.
            EmailAddress.objects.create(user=user, email=email, primary=True, verified=False)
    except IntegrityError:
        raise Refused(_("There is an account with this address meanwhile. Sign in with it.")) from None
    return user


@transaction.atomic
def change_name(*, user: User, name: str) -> None:
    """Set how somebody is called on pages and in mails. Raises Refused for one that nobody can read."""
    name = clean_name(name)[:80]
    if not name:
        raise Refused(_("Enter a name."), "name")
    User.objects.filter(pk=user.pk, erased_at__isnull=True).update(name=name)
