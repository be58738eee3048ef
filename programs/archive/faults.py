"""What is wrong with an archive: every fault with its place, and nothing is taken of it."""


class ArchiveRefused(Exception):
    """The archive is not imported. ``faults`` say where and why, one line each."""

    def __init__(self, *faults: str):
        super().__init__("\n".join(faults))
        self.faults = faults
