"""One spelling for every e-mail address.

Letters that merely look the same, such as a long s or the sign of Kelvin,
pass Django's check of an address and are the same to some databases and not to
others: an account could be found under a spelling whose failed attempts are
counted apart.
"""

import unicodedata


def canonical(address: str) -> str:
    """Return the spelling under which an address is kept, looked up and counted."""
    return unicodedata.normalize("NFKC", address).strip().lower()


def is_plain(address: str) -> bool:
    """True where nothing before the @ is beyond ASCII: mail servers rarely take it, and it misleads."""
    return address.rpartition("@")[0].isascii()
