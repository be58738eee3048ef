"""How far it is, for whoever waits longer than two seconds."""

import time

SECONDS = 2.0
MEGABYTE = 1024**2


class Watched:
    """Progress that writes a line every two seconds, and none where all is over before."""

    def __init__(self, what: str, stream) -> None:
        self._what, self._stream = what, stream
        self._said = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() - self._said < SECONDS:
            return
        self._said = time.monotonic()
        of = f" of about {total / MEGABYTE:.0f}" if total >= done else ""
        self._stream.write(f"  {done / MEGABYTE:.0f}{of} MB {self._what} ...")
