"""What a service refuses; the same exception in both apps."""

from accounts.services.errors import Refused

__all__ = ["NotLetIn", "Refused"]


class NotLetIn(Refused):
    """Somebody to whom the runner is a stranger; a page must not say more than that there is none."""
