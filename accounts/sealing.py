"""Secrets that lie in the database sealed: what opens them is outside of it.

A stolen copy of the database then holds no authenticator app. The key is
REHAB_FIELD_KEY or, where none is set, derived from SECRET_KEY; ADR 12 says
how either is changed.
"""

import base64
import functools

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"rehab: secrets of second factors, 1"


class Unreadable(Exception):
    """A sealed text that none of the keys opens: the key was changed, or the row was."""

    hint = (
        "A second factor cannot be read: it was sealed with a key that this installation no longer has. "
        "Put the former REHAB_FIELD_KEY or SECRET_KEY behind the new one in REHAB_FIELD_KEY (new,former), "
        "then run manage.py reseal. Where the key is lost: manage.py reset_second_factor for everybody."
    )

    def __init__(self) -> None:
        super().__init__(self.hint)


def seal(text: str) -> str:
    """Return the text encrypted with the newest key."""
    return _keys().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Return the text again, whichever of the keys sealed it. Raises Unreadable."""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except (InvalidToken, ValueError) as error:
        raise Unreadable from error


def reseal(sealed: str) -> str:
    """Return the same secret sealed with the newest key. Raises Unreadable."""
    return seal(unseal(sealed))


def _keys() -> MultiFernet:
    """Newest first. SECRET_KEY stays last: who begins to use a key of its own locks nobody out."""
    words = (*settings.REHAB_FIELD_KEYS, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([_key(word) for word in words])


@functools.lru_cache(maxsize=16)
def _key(word: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(word.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
