"""What went wrong at a provider of mail: for good, later again, or perhaps sent.

An HTTP interface has no final dot. A request that the provider answered with a
refusal was not taken. One whose answer never came, or was not to be read, may
have been: that is the same uncertainty as a connection lost after the dot.
"""

from enum import StrEnum

import requests
from anymail.exceptions import (
    AnymailAPIError,
    AnymailError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
    AnymailSerializationError,
    AnymailUnsupportedFeature,
)

#: The provider is busy, or was too slow itself.
LATER = (408, 425, 429)
#: Its own gateway gave up waiting: what stood behind it may have gone on.
GATEWAY_GAVE_UP = (502, 504)
#: Nothing of the mail had gone out.
NEVER_CONNECTED = (
    requests.exceptions.ConnectTimeout,
    requests.exceptions.ProxyError,
    requests.exceptions.SSLError,
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
)
#: Words of the library below for a connection that was refused or a name that nobody knows.
NEVER_CONNECTED_BECAUSE = ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError")


class Failure(StrEnum):
    """``ADDRESS``: nobody can be reached there. ``MAIL``: this mail cannot be sent by anybody."""

    ADDRESS = "address"
    MAIL = "mail"
    LATER = "later"
    UNCERTAIN = "uncertain"


def kind_of_failure(error: Exception) -> Failure | None:
    """What an exception of anymail means; None where it is none of anymail's.

    A refused key, an unpaid account, a sender who is not allowed (401, 402, 403, 404)
    are faults of the site and not of the mail, and so is every 400 that does not
    name the address: they are tried again, or one wrong key would end every mail.
    """
    if not isinstance(error, AnymailError):
        return None
    if isinstance(error, (AnymailRecipientsRefused, AnymailInvalidAddress)):
        return Failure.ADDRESS
    if isinstance(error, (AnymailUnsupportedFeature, AnymailSerializationError)):
        return Failure.MAIL
    return _of_answer(error) if isinstance(error, AnymailAPIError) else Failure.LATER


def _of_answer(error: AnymailAPIError) -> Failure:
    status = error.status_code
    if status is None:
        return Failure.LATER if _never_connected(error) else Failure.UNCERTAIN
    # Taken, and answered with something that nobody can read.
    if 200 <= status < 300 or status in GATEWAY_GAVE_UP:
        return Failure.UNCERTAIN
    return Failure.LATER


def _never_connected(error: AnymailAPIError) -> bool:
    if isinstance(error, NEVER_CONNECTED):
        return True
    reason = getattr(error.__cause__, "args", ())
    inner = getattr(reason[0], "reason", None) if reason else None
    return type(inner).__name__ in NEVER_CONNECTED_BECAUSE


def code_of(error: Exception) -> str:
    """The HTTP status, where there is one: never the answer, for it repeats addresses."""
    status = getattr(error, "status_code", None)
    return f"HTTP {status}" if isinstance(error, AnymailError) and status else ""
