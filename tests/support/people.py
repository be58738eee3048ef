"""Named actors: a runner, her physiotherapist, somebody else's, a site manager, a stranger."""

from django.test import Client

from accounts.models import Role, User
from accounts.services import create_account

PASSWORD = "seven calm kilometres"


def a_runner(email: str = "rosa@example.org", name: str = "Rosa Runner", **fields) -> User:
    return create_account(email=email, name=name, password=PASSWORD, verified=True, **fields)


def a_clinician(email: str = "petra@example.org", name: str = "Petra Physio", **fields) -> User:
    return create_account(
        email=email, name=name, password=PASSWORD, role=Role.CLINICIAN, verified=True, **fields
    )


def a_manager(email: str = "mara@example.org", name: str = "Mara Manager") -> User:
    manager = create_account(email=email, name=name, password=PASSWORD, role=Role.MANAGER, verified=True)
    manager.is_staff = manager.is_superuser = True
    manager.save()
    return manager


def signed_in(user: User | None) -> Client:
    """A browser without a screen; nobody is a stranger."""
    client = Client()
    if user:
        client.force_login(user)
    return client
