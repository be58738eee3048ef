"""Connections to the mail server, each sending one mail at a time; several in threads of their own.

The threads speak SMTP and nothing else: no query, no clock, no translation.
A connection gets its next mail only when the fate of the former has been taken
off it, and whoever takes it writes it down first. So a crash can repeat no more
mails than there are connections.
"""

import contextlib
import smtplib
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from django.core.mail import EmailMessage

from accounts.services.smtp import Unconfirmed

#: Answers after which the connection is as good as before.
SOUND = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)

#: Seconds.
MOMENT = 0.005


class Unreachable(Exception):
    """No connection came about: whatever the mail, it would be the same for the next. Its cause says why."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one mail; without an error the server took it."""

    key: Hashable
    error: Exception | None = None
    is_unreachable: bool = False


def send(mail: EmailMessage, server) -> None:
    """Send over a connection that stays open for the next one.

    A server ends a connection that it finds old or long: one that was used
    before is made anew, once, where it broke before the mail was out.
    """
    is_new = _opened(server)
    mail.connection = server
    try:
        mail.send()
    except Unconfirmed:
        _drop(server)
        raise
    except smtplib.SMTPServerDisconnected:
        _drop(server)
        if is_new is not False:
            raise
        _opened(server)
        _send_or_drop(mail, server)
    except Exception as error:
        if not isinstance(error, SOUND):
            _drop(server)
        raise


def _opened(server) -> bool | None:
    try:
        return server.open()
    except Exception as error:
        _drop(server)
        raise Unreachable from error


def _send_or_drop(mail: EmailMessage, server) -> None:
    try:
        mail.send()
    except Exception:
        _drop(server)
        raise


def _drop(server) -> None:
    with contextlib.suppress(OSError):
        getattr(server, "abandon", server.close)()


class Lanes:
    """At most ``most`` mails on their way at once; how many the server lets in shows by itself."""

    def __init__(self, connect: Callable[[], object], most: int) -> None:
        self._connect, self._server = connect, connect()
        #: A connection that is not made for threads is used here, at once.
        self._is_threaded = getattr(self._server, "may_be_many", False)
        self._most = most if self._is_threaded else 1
        self._todo: SimpleQueue = SimpleQueue()
        self._done: SimpleQueue = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._working = self._on_the_way = 0
        #: No connection is left, and none came about.
        self.is_down = False

    def __enter__(self) -> "Lanes":
        return self

    def __exit__(self, *details) -> None:
        for _ in self._threads:
            self._todo.put(None)
        for thread in self._threads:
            thread.join()
        if not self._is_threaded:
            _said_goodbye(self._server)

    @property
    def is_free(self) -> bool:
        return self._on_the_way < self._most

    @property
    def is_busy(self) -> bool:
        return self._on_the_way > 0

    def send(self, key: Hashable, mail: EmailMessage) -> None:
        """Hand a mail over; only while ``is_free``."""
        self._on_the_way += 1
        if not self._is_threaded:
            self._done.put(_outcome(key, mail, self._server))
            return
        self._todo.put((key, mail))
        # Only as many connections as there are mails for them.
        if self._working < min(self._most, self._on_the_way):
            self._begin_thread()

    def take(self) -> list[Sent]:
        """What has become of mails since; waits for one. Their connections are free after that.

        For a moment also for more: what comes together is written down in one statement.
        """
        taken = [self._done.get()]
        worth = min(self._on_the_way, self._most * 3 // 4)
        with contextlib.suppress(Empty):
            while len(taken) < worth:
                taken.append(self._done.get(timeout=MOMENT))
            while True:
                taken.append(self._done.get_nowait())
        self._on_the_way -= len(taken)
        for sent in taken:
            if sent.is_unreachable:
                self._lost_one()
        return taken

    def _lost_one(self) -> None:
        """Some servers let in only so many: the others go on."""
        self._working -= 1
        self._most = max(1, self._most - 1)
        self.is_down = self._working <= 0

    def _begin_thread(self) -> None:
        server = self._connect() if self._threads else self._server
        thread = threading.Thread(target=self._work, args=(server,), name="mail", daemon=True)
        self._threads.append(thread)
        self._working += 1
        thread.start()

    def _work(self, server) -> None:
        while job := self._todo.get():
            outcome = _outcome(*job, server)
            self._done.put(outcome)
            if outcome.is_unreachable:
                return
        _said_goodbye(server)


def _outcome(key: Hashable, mail: EmailMessage, server) -> Sent:
    try:
        send(mail, server)
    except Unreachable as error:
        return Sent(key, error.__cause__, is_unreachable=True)
    except Exception as error:  # noqa: BLE001 - whatever one mail raises must not stop the others
        return Sent(key, error)
    return Sent(key)


def _said_goodbye(server) -> None:
    with contextlib.suppress(OSError):
        server.close()
