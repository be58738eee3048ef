"""What a mail server's refusal means: for the address, for the mail, for now, or nobody knows."""

import re
import smtplib

from django.core.mail import BadHeaderError

from accounts.services import providers
from accounts.services.providers import Failure
from accounts.services.smtp import Unconfirmed

#: Enhanced status codes (RFC 3463) that speak of the address or its mailbox: ``5.1.1``, ``5.2.1`` …
OF_THE_ADDRESS = re.compile(rb"^\s*5\.[12]\.\d")
#: … and of what the server allows at all: a fault of the site and of no address.
OF_THE_SITE = re.compile(rb"^\s*5\.7\.\d")
#: The server wants a sign-in, or another one.
SIGN_IN_WANTED = (530, 534, 535, 538)


def failure_of(error: Exception) -> Failure:
    """A refused sign-in, greeting or sender is a fault of the site and not of the mail.

    It is tried again, or one wrong password would end every message.
    """
    if isinstance(error, Unconfirmed):
        return Failure.UNCERTAIN
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((_of_recipient(*reply) for reply in error.recipients.values()), key=_CAREFUL.index)
    if isinstance(error, smtplib.SMTPDataError):
        return _of_mail(error.smtp_code, error.smtp_error)
    if isinstance(error, BadHeaderError):
        return Failure.MAIL
    return providers.kind_of_failure(error) or Failure.LATER


#: Of several the last one counts.
_CAREFUL = (Failure.ADDRESS, Failure.MAIL, Failure.LATER)


def _of_recipient(code: int, said: bytes) -> Failure:
    is_the_sites = code in SIGN_IN_WANTED or OF_THE_SITE.match(said)
    return Failure.ADDRESS if 500 <= code < 600 and not is_the_sites else Failure.LATER


def _of_mail(code: int, said: bytes | str) -> Failure:
    if not 500 <= code < 600 or code in SIGN_IN_WANTED:
        return Failure.LATER
    said = said if isinstance(said, bytes) else said.encode()
    return Failure.ADDRESS if OF_THE_ADDRESS.match(said) else Failure.MAIL


def code_of(error: Exception) -> str:
    """What the server said, as a number."""
    codes = [str(code) for code, _ in getattr(error, "recipients", {}).values()]
    codes += [str(error.smtp_code)] if hasattr(error, "smtp_code") else []
    return " ".join(codes) or providers.code_of(error)


def in_short(error: Exception) -> str:
    """What went wrong, without the address that servers repeat: logs outlive an account."""
    return " ".join(filter(None, (type(error).__name__, code_of(error))))
