"""A wire that can be cut: a TCP proxy whose connections a test resets."""

import contextlib
import socket
import struct
import threading

RESET = struct.pack("ii", 1, 0)


class CuttableWire:
    """Forwards a loopback port to another; ``cut`` resets every connection, ``closed`` refuses new ones."""

    def __init__(self, target_port: int) -> None:
        self._target = ("127.0.0.1", target_port)
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._lock = threading.Lock()
        self.closed = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]

    def __enter__(self) -> "CuttableWire":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *details) -> None:
        self._listener.close()
        self.cut()

    def cut(self) -> int:
        """Reset all connections, and return how many there were."""
        with self._lock:
            pairs = list(self._pairs)
            self._pairs.clear()
        for pair in pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                    # shutdown wakes the threads that read; close alone would wait for them.
                    end.close()
        return len(pairs)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            self._join(near)

    def _join(self, near: socket.socket) -> None:
        if self.closed:
            near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            near.close()
            return
        far = socket.create_connection(self._target)
        pair = (near, far)
        with self._lock:
            self._pairs.add(pair)
        for source, sink in (pair, pair[::-1]):
            source.settimeout(0.2)
            threading.Thread(target=self._forward, args=(source, sink, pair), daemon=True).start()

    def _forward(self, source: socket.socket, sink: socket.socket, pair) -> None:
        while pair in self._pairs:
            try:
                data = source.recv(65536)
            except TimeoutError:
                continue
            except OSError:
                break
            if not data:
                break
            with contextlib.suppress(OSError):
                sink.sendall(data)
        with self._lock:
            self._pairs.discard(pair)
        for end in pair:
            with contextlib.suppress(OSError):
                end.close()
