"""What a service refuses; the same exception in both apps."""

from accounts.services.errors import Refused

__all__ = ["Refused"]
