"""A wire that is cut by what goes over it."""

from scripts.faults.wire import Wire


class CuttableWire(Wire):
    """While ``poison`` is set, a connection on which the near end sends these bytes is reset first.

    The others live on.
    """

    def __init__(self, target_port: int) -> None:
        super().__init__(target_port)
        self.poison = b""
        self.resets = 0

    def _passes(self, data: bytes) -> bool:
        if not self.poison or self.poison not in data:
            return True
        self.resets += 1
        return False
