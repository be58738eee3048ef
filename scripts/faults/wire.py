"""A wire between one node and a service: it can be cut, and it can swallow everything."""

import contextlib
import socket
import struct
import threading

#: Close without a farewell: the peer sees a reset.
ABRUPTLY = struct.pack("ii", 1, 0)


class Wire:
    """Forwards a loopback port to another, whatever becomes of the target."""

    def __init__(self, target_port: int) -> None:
        self._target = ("127.0.0.1", target_port)
        self._open: set[socket.socket] = set()
        self._flows = threading.Event()
        self._flows.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]

    def __enter__(self) -> "Wire":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *details) -> None:
        self._flows.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def cut(self) -> int:
        """Reset all connections; returns how many there were."""
        ends = list(self._open)
        for end in ends:
            self._reset(end)
        return len(ends) // 2

    def swallow(self) -> None:
        """From now on it takes everything and passes nothing on."""
        self._flows.clear()

    def flow(self) -> None:
        """Pass on again. What hung meanwhile is cut: so ends a black hole in life."""
        self._flows.set()
        self.cut()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._connect, args=(near,), daemon=True).start()

    def _connect(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(self._target, timeout=5)
        except OSError:
            near.close()
            return
        far.settimeout(None)
        self._open |= {near, far}
        for source, sink, is_near in ((near, far, True), (far, near, False)):
            threading.Thread(target=self._forward, args=(source, sink, is_near), daemon=True).start()

    def _passes(self, data: bytes) -> bool:
        """May the near end say this? If not, it is reset before a byte of it arrives."""
        return True

    def _forward(self, source: socket.socket, sink: socket.socket, is_near: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self._flows.wait()
                if is_near and not self._passes(data):
                    self._reset(source)
                    break
                sink.sendall(data)
        self._close(source)
        self._close(sink)

    def _reset(self, end: socket.socket) -> None:
        with contextlib.suppress(OSError):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABRUPTLY)
        self._close(end)

    def _close(self, end: socket.socket) -> None:
        self._open.discard(end)
        with contextlib.suppress(OSError):
            # Wakes the thread that reads from it; close alone would leave it waiting.
            end.shutdown(socket.SHUT_RD)
        end.close()
