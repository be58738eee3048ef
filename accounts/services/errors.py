"""What a service refuses, in words for the person who asked."""


class Refused(Exception):
    """An anticipated refusal; ``field`` is the form field that it belongs to, if any."""

    def __init__(self, message: str, field: str | None = None):
        super().__init__(message)
        self.message = message
        self.field = field
