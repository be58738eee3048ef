"""Accounts that are nobody's: stand-ins for people of another site, and what is left of erased ones."""

import uuid

from accounts.models import User

#: No mail reaches an address there, and nobody can own one (RFC 2606).
NOBODYS_DOMAIN = "nobody.invalid"


def nobodys_address() -> str:
    """An address for an account that belongs to nobody; never the same twice."""
    return f"{uuid.uuid4()}@{NOBODYS_DOMAIN}"


def is_nobody(email: str) -> bool:
    return email.lower().endswith(f"@{NOBODYS_DOMAIN}")


def stand_in(*, name: str, role: str) -> User:
    """An inactive account with a name, for somebody who stands in a record and is not here."""
    return User.objects.create_user(nobodys_address(), None, name=name, role=role, is_active=False)
