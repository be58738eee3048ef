"""Named actors: a runner, her physiotherapist, somebody else's, a site manager, a stranger."""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from accounts import presence
from accounts.models import Role, User
from accounts.second_factor import FACTORS, next_code
from accounts.services import create_account
from accounts.services.second_factor import add_authenticator_app

PASSWORD = "seven calm kilometres"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def a_runner(email: str = "rosa@example.org", name: str = "Rosa Runner", **fields) -> User:
    return create_account(email=email, name=name, password=PASSWORD, verified=True, **fields)


def a_clinician(email: str = "petra@example.org", name: str = "Petra Physio", **fields) -> User:
    """With an authenticator app, as everybody of that role must have one."""
    clinician = create_account(
        email=email, name=name, password=PASSWORD, role=Role.CLINICIAN, verified=True, **fields
    )
    add_authenticator_app(user=clinician, secret=TOTP_SECRET)
    return clinician


def a_manager(email: str = "mara@example.org", name: str = "Mara Manager") -> User:
    manager = create_account(email=email, name=name, password=PASSWORD, role=Role.MANAGER, verified=True)
    manager.is_staff = manager.is_superuser = True
    manager.save()
    add_authenticator_app(user=manager, secret=TOTP_SECRET)
    return manager


def without_second_factor(user: User) -> User:
    """As on the first day, or on the day after the role was changed."""
    Authenticator.objects.filter(user=user).delete()
    return user


def the_app_of(user: User) -> Authenticator:
    return Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)


def totp_code(user: User) -> str:
    """What the app shows now; once that is spent, the next code, which counts already."""
    return next_code(the_app_of(user), now=timezone.now())


def signed_in(user: User | None, *, second_factor: bool = True) -> Client:
    """A browser without a screen; nobody is a stranger.

    Whoever has a second factor has used it, as the sign-in would have asked.
    """
    client = Client()
    if user:
        client.force_login(user)
        request = HttpRequest()
        request.session = client.session
        record_authentication(request, user, "password", email=user.email)
        factor = Authenticator.objects.filter(user=user, type__in=FACTORS).first() if second_factor else None
        if factor:
            record_authentication(request, user, "mfa", type=factor.type, id=factor.pk)
        presence.note(request, now=timezone.now())
        request.session.save()
    return client
