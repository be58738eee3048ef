"""Somebody of every role, signed in as if in person."""

from django.conf import settings

from accounts.models import User
from accounts.second_factor import has_factor, is_mandatory
from accounts.services.second_factor import add_authenticator_app
from scripts.hostile.site import Actor
from tests.support.people import TOTP_SECRET, signed_in


def actor(name: str, user: User) -> Actor:
    """Return an actor with a fresh session, second factor and all."""
    if is_mandatory(user) and not has_factor(user):
        add_authenticator_app(user=user, secret=TOTP_SECRET)
    return Actor(name, signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value)


def actors(users: dict[str, User]) -> list[Actor]:
    """Return a stranger, and an actor for each name -> account."""
    return [Actor("stranger"), *(actor(name, user) for name, user in users.items())]
