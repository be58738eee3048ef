"""One spelling for every e-mail address.

Letters that merely look the same, such as a long s or the sign of Kelvin,
pass Django's check of an address and are the same to some databases and not to
others: an account could be found under a spelling whose failed attempts are
counted apart.
"""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

#: As the column that keeps it, and as RFC 5321 has it before the @.
LONGEST, LONGEST_NAME = 254, 64


def canonical(address: str) -> str:
    """Return the spelling under which an address is kept, looked up and counted."""
    return unicodedata.normalize("NFKC", address).strip().lower()


def is_plain(address: str) -> bool:
    """True where nothing before the @ is beyond ASCII: mail servers rarely take it, and it misleads."""
    return address.rpartition("@")[0].isascii()


def is_short(address: str) -> bool:
    """True where the address fits its column, measured in the spelling that is kept.

    Django's own check lets 320 characters through, and one letter may become
    eighteen in the one spelling.
    """
    return len(address) <= LONGEST and len(address.rpartition("@")[0]) <= LONGEST_NAME


def masked(address: str) -> str:
    """Enough for its owner, and nothing for whoever looks over her shoulder: ``r…@…``."""
    return f"{address[:1]}…@…"


def checked(address: str) -> str:
    """Return the one spelling of an address; refuse one that misleads or does not fit."""
    address = canonical(address)
    if not is_plain(address):
        raise ValidationError(_("Use only plain letters before the @."))
    if not is_short(address):
        raise ValidationError(_("This address is too long."))
    return address
