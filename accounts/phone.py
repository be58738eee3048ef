"""What a browser is told of who is signed in, so that a phone keeps one person's things from the next.

Both are made with the site's secret from the account's own random id: they say
nothing of her, cannot be guessed, and are the same at every sign-in. The key
seals what a phone keeps until it can be sent; a phone forgets it with the
person, and gets it again when she signs in (docs/adr/0018-what-a-phone-keeps.md).
"""

import base64

from django.utils.crypto import salted_hmac

from accounts.models import User


def phone_id(user: User) -> str:
    """A name for this person on this site that names nobody."""
    return salted_hmac("accounts.phone.id", user.public_id.hex, algorithm="sha256").hexdigest()[:32]


def phone_key(user: User) -> str:
    """256 bits for AES, in base64."""
    digest = salted_hmac("accounts.phone.key", user.public_id.hex, algorithm="sha256").digest()
    return base64.b64encode(digest).decode()
