"""What a mail server's refusal means: for the address, for the mail, for now, or nobody knows."""

import re
import smtplib

from anymail.exceptions import AnymailError
from django.core.mail import BadHeaderError

from accounts.services import providers
from accounts.services.providers import Failure
from accounts.services.smtp import Unconfirmed

#: Enhanced status codes (RFC 3463) that speak of the address or its mailbox: ``5.1.1``, ``5.2.1`` …
#: ``5.1.7`` and ``5.1.8`` speak of the sender's.
OF_THE_ADDRESS = re.compile(rb"^\s*5\.(1\.(?![78]\b)|2\.)\d")
#: What servers without such codes say of an address that is none, in these replies.
UNKNOWN_THERE = (550, 551, 553)
OF_NOBODY = re.compile(
    rb"(no such|unknown|invalid|unrouteable|no) (local )?(user|recipient|mailbox|account|address|person)"
    rb"|(user|recipient|mailbox|account|address)( \S+)? "
    rb"(is )?(unknown|invalid|disabled|inactive|suspended|deleted|not found|not known|does(n.t| not) exist)"
    rb"|user not local",
    re.IGNORECASE,
)
#: Words about who asks, and not about whom for: a blocked address of ours would mark everybody.
OF_WHO_ASKS = re.compile(
    rb"\b(client|hosts?|ip|blocked|block ?list(ed)?|black ?list(ed)?|listed|dnsbl|rbl|polic(y|ies)"
    rb"|reputation|relay(ing)?|senders?|helo|ehlo)\b",
    re.IGNORECASE,
)
OF_A_BLOCKLIST = re.compile(
    rb"client host|blocked using|block ?list|black ?list|dnsbl|\brbl\b|reputation", re.IGNORECASE
)
#: Servers repeat addresses, and those may have any words in them.
AN_ADDRESS = re.compile(rb"\S*@\S*")
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


def _of_recipient(code: int, said: bytes | str) -> Failure:
    """Only what clearly says that nobody is there counts for good; see ``is_doubtful`` for the others."""
    said = _words(said)
    if not 500 <= code < 600 or _is_the_sites(code, said):
        return Failure.LATER
    is_nobody = OF_THE_ADDRESS.match(said) or (code in UNKNOWN_THERE and OF_NOBODY.search(said))
    return Failure.ADDRESS if is_nobody else Failure.LATER


def _of_mail(code: int, said: bytes | str) -> Failure:
    said = _words(said)
    if not 500 <= code < 600 or code in SIGN_IN_WANTED or OF_A_BLOCKLIST.search(said):
        return Failure.LATER
    return Failure.ADDRESS if OF_THE_ADDRESS.match(said) else Failure.MAIL


def _words(said: bytes | str) -> bytes:
    return AN_ADDRESS.sub(b"", said if isinstance(said, bytes) else said.encode())


def _is_the_sites(code: int, said: bytes) -> bool:
    if code in SIGN_IN_WANTED or OF_THE_SITE.match(said) or OF_A_BLOCKLIST.search(said):
        return True
    return not OF_THE_ADDRESS.match(said) and OF_WHO_ASKS.search(said) is not None


def is_doubtful(error: Exception) -> bool:
    """The recipient was refused for good, in words that may mean anything: it is wrong if that lasts."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused) or failure_of(error) != Failure.LATER:
        return False
    replies = error.recipients.values()
    return any(500 <= code < 600 and not _is_the_sites(code, _words(said)) for code, said in replies)


def is_of_this_mail(error: Exception) -> bool:
    """False where nothing of the mail was said yet: no server, no sign-in, no sender, a broken line."""
    if isinstance(error, (Unconfirmed, smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)):
        return True
    if isinstance(error, AnymailError):
        return providers.kind_of_failure(error) != Failure.LATER
    # All other failures of SMTP are among these.
    return not isinstance(error, OSError)


def code_of(error: Exception) -> str:
    """What the server said, as a number."""
    codes = [str(code) for code, _ in getattr(error, "recipients", {}).values()]
    codes += [str(error.smtp_code)] if hasattr(error, "smtp_code") else []
    return " ".join(codes) or providers.code_of(error)


def in_short(error: Exception) -> str:
    """What went wrong, without the address that servers repeat: logs outlive an account."""
    return " ".join(filter(None, (type(error).__name__, code_of(error))))
