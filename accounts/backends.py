"""Signing in with address and password."""

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from django.http import HttpRequest

from accounts.models import User


class AccountBackend(AuthenticationBackend):
    """The only way in by password: one hash for each try, whoever the address belongs to.

    A runner who made an account and never proved its address is answered like
    somebody with a wrong password. Otherwise anybody could learn whether an
    address was known: create an account with it, which is answered alike either
    way, and see whether the new password lets him in. The owner of the mailbox
    gets on by "forgot your password?".
    """

    def authenticate(self, request: HttpRequest | None, **credentials) -> User | None:
        user = super().authenticate(request, **credentials)
        return user if user is None or _may_know_of_it(user) else None


def _may_know_of_it(user: User) -> bool:
    """True unless she made the account herself, at an address that nobody has proved."""
    return not user.is_runner or EmailAddress.objects.filter(user=user, verified=True).exists()
