"""SMTP that knows how far a mail has come: until its last dot a failure is certain, after it nobody knows.

A connection that is lost before the whole mail has gone out has sent nothing.
One that is lost while the server's answer to the whole mail is awaited may have
sent it: that is ``Unconfirmed``, and only that.
"""

import contextlib
import smtplib
from functools import lru_cache

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend as DjangosBackend

from accounts.services.mime import address_of, bytes_of


class Unconfirmed(smtplib.SMTPServerDisconnected):
    """The whole mail has gone out, and no answer that can be read came back."""


#: How long the answer to the whole mail may take: some servers read it for viruses first, and
#: whoever hangs up meanwhile and tries again makes a copy each time. RFC 5321 allows ten minutes.
AFTER_THE_DOT_SECONDS = 60


class _Phases:
    """Mixed into smtplib's two connections."""

    def data(self, msg: bytes) -> tuple[int, bytes]:
        """Hand the mail over. Whatever is raised but ``Unconfirmed`` means that it was not taken."""
        self.putcmd("data")
        code, reply = self.getreply()
        # Also an answer that was cut in its middle: nothing of the mail has gone out.
        if code != 354:
            raise smtplib.SMTPDataError(code, reply)
        # In one piece, so that no half of it waits for the other on the wire. Where this
        # raises, its end, and with it the dot, was not handed over whole.
        self.send(smtplib._quote_periods(msg.removesuffix(b"\r\n") + b"\r\n") + b".\r\n")
        try:
            code, reply = self._patient_reply()
        except smtplib.SMTPException as error:
            self.close()
            raise Unconfirmed(f"no answer to the whole mail: {error}") from error
        if 200 <= code < 300:
            return 250, reply
        if not 400 <= code < 600:
            self.close()
            raise Unconfirmed(f"an answer to the whole mail that says nothing: {code}")
        return code, reply

    def _patient_reply(self) -> tuple[int, bytes]:
        usual = self.sock.gettimeout()
        if usual is None or usual >= AFTER_THE_DOT_SECONDS:
            return self.getreply()
        self.sock.settimeout(AFTER_THE_DOT_SECONDS)
        reply = self.getreply()
        self.sock.settimeout(usual)
        return reply


class PhaseSMTP(_Phases, smtplib.SMTP):
    pass


class PhaseSMTPOverTLS(_Phases, smtplib.SMTP_SSL):
    pass


class EmailBackend(DjangosBackend):
    """Django's, with the phases told apart. It is never silent: a failure is always raised.

    A backend that is silent about a STARTTLS that failed can go on in clear (CVE-2026-7666).
    """

    #: Several of these may be open at once, each in a thread of its own.
    may_be_many = True

    def __init__(self, *args, fail_silently: bool = False, **options) -> None:
        super().__init__(*args, **options)

    @property
    def connection_class(self) -> type:
        return PhaseSMTPOverTLS if self.use_ssl else PhaseSMTP

    def open(self) -> bool:
        """True where a new connection was made; one that did not come about wholly is closed."""
        try:
            return super().open()
        except BaseException:
            self.abandon()
            raise

    def _send(self, mail: EmailMessage) -> bool:
        """As Django's, which takes most of its time for the bytes and for reading addresses."""
        if not (to := [address_of(address) for address in mail.recipients()]):
            return False
        self.connection.sendmail(_sender(mail.from_email), to, bytes_of(mail))
        return True

    def abandon(self) -> None:
        """Close without a word: a server that hangs would let the farewell wait as well."""
        for connection in filter(None, (self.connection, self._partial_connection)):
            with contextlib.suppress(OSError):
                smtplib.SMTP.close(connection)
        self.connection = self._partial_connection = None

    def close(self) -> None:
        """Say goodbye; what becomes of that is of no matter to any mail."""
        try:
            super().close()
        except OSError:
            self.abandon()


@lru_cache(maxsize=8)
def _sender(address: str) -> str:
    return address_of(address)
