"""A wire that can be cut: a TCP proxy that resets connections by what they carry."""

import contextlib
import socket
import struct
import threading

RESET = struct.pack("ii", 1, 0)


class CuttableWire:
    """Forwards a loopback port to another.

    While ``poison`` is set, a connection on which the near end sends these
    bytes is reset before they arrive; the others live on.
    """

    def __init__(self, target_port: int) -> None:
        self._target = ("127.0.0.1", target_port)
        self._open: set[socket.socket] = set()
        self.poison = b""
        self.resets = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]

    def __enter__(self) -> "CuttableWire":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *details) -> None:
        self._listener.close()
        for end in list(self._open):
            self._close(end)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(self._target)
                self._open |= {near, far}
                for source, sink, is_near in ((near, far, True), (far, near, False)):
                    threading.Thread(target=self._forward, args=(source, sink, is_near), daemon=True).start()

    def _forward(self, source: socket.socket, sink: socket.socket, is_near: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if is_near and self.poison and self.poison in data:
                    self.resets += 1
                    source.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                    break
                sink.sendall(data)
        self._close(source)
        self._close(sink)

    def _close(self, end: socket.socket) -> None:
        self._open.discard(end)
        with contextlib.suppress(OSError):
            # Wakes the thread that reads from it; close alone would leave it waiting.
            end.shutdown(socket.SHUT_RD)
        end.close()
