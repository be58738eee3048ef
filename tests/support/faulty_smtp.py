"""A mail server that speaks SMTP over a socket and fails where a test says.

At each step (``greeting``, ``ehlo``, ``mail``, ``rcpt``, ``data``, ``body``) ``act``
is asked with the step and the recipient. It gives nothing, and the server goes on;
a reply to give instead; ``DROP`` to hang up; ``Cut(b"35")`` to hang up after so much
of a reply; or ``Slow(seconds)``. What a whole body came with is kept in ``kept``,
also where the answer to it is never given: so is it in life.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

REPLIES = {
    "greeting": b"220 ready",
    "ehlo": b"250 faulty",
    "mail": b"250 ok",
    "rcpt": b"250 ok",
    "data": b"354 go on",
    "body": b"250 kept",
    "rset": b"250 ok",
    "noop": b"250 ok",
}
DROP = object()


@dataclass(frozen=True)
class Cut:
    reply: bytes


@dataclass(frozen=True)
class Slow:
    seconds: float


@dataclass(frozen=True)
class Kept:
    """A body that was not kept, because its answer refused it, is not among these."""

    to: str
    mail: EmailMessage
    #: Whether its sender was told so, as far as this server is concerned.
    is_answered: bool = True
    #: When it was here as a whole, on the monotonic clock.
    at: float = field(default_factory=time.monotonic)

    @property
    def message_id(self) -> str:
        return self.mail["Message-ID"]


class FaultySmtp:
    def __init__(self) -> None:
        self.act: Callable[[str, str], object] = lambda step, to: None
        self.kept: list[Kept] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]

    @contextlib.contextmanager
    def running(self) -> Iterator["FaultySmtp"]:
        threading.Thread(target=self._accept, daemon=True).start()
        try:
            yield self
        finally:
            # Wakes the thread that waits there.
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._talk, args=(peer,), daemon=True).start()

    def _talk(self, peer: socket.socket) -> None:
        with contextlib.suppress(OSError, _HungUpError), peer, peer.makefile("rb") as lines:
            self._answer(peer, "greeting", "")
            to = ""
            for line in lines:
                verb, _, rest = line.decode().strip().partition(" ")
                verb = verb.lower().replace("helo", "ehlo")
                if verb == "quit":
                    peer.sendall(b"221 bye\r\n")
                    return
                to = rest.partition("<")[2].partition(">")[0] if verb == "rcpt" else to
                if self._answer(peer, verb, to) and verb == "data":
                    self._body(peer, lines, to)

    def _body(self, peer: socket.socket, lines, to: str) -> None:
        body = b""
        for line in lines:
            if line == b".\r\n":
                break
            body += line.removeprefix(b".") if line.startswith(b"..") else line
        else:
            return
        mail = message_from_bytes(body, policy=policy.default)
        act = self.act("body", to)
        if not isinstance(act, bytes) or act.startswith(b"2"):
            self.kept.append(Kept(to, mail, is_answered=act is not DROP and not isinstance(act, Cut)))
        self._say(peer, "body", act)

    def _answer(self, peer: socket.socket, step: str, to: str) -> bool:
        return self._say(peer, step, self.act(step, to))

    def _say(self, peer: socket.socket, step: str, act: object) -> bool:
        """True where the step went as it should."""
        if act is DROP:
            raise _HungUpError
        if isinstance(act, Cut):
            peer.sendall(act.reply)
            raise _HungUpError
        if isinstance(act, Slow):
            time.sleep(act.seconds)
            act = None
        peer.sendall((act or REPLIES.get(step, b"500 what?")) + b"\r\n")
        return act is None


class _HungUpError(Exception):
    pass
