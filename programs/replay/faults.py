"""What is wrong with a diary or an option; everything is collected before anybody is told."""

from dataclasses import dataclass

SHOWN_VALUE = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """One message; ``line`` 0 is for what stands in no line of the diary."""

    line: int
    message: str


class Refused(Exception):
    """Nothing was decided; the faults say why."""

    def __init__(self, faults: list[Fault]):
        self.faults = sorted(faults, key=lambda fault: fault.line)
        super().__init__("\n".join(fault.message for fault in self.faults))


class Faults:
    """Collects faults, so that a person corrects a file once and not once per fault."""

    def __init__(self):
        self.found: list[Fault] = []

    def cell(self, line: int, column: str, value: str, accepted: str) -> None:
        self.found.append(
            Fault(
                line, f"line {line}, column {column}: {shown(value)} is not accepted; it must be {accepted}."
            )
        )

    def option(self, name: str, value: str | None, accepted: str) -> None:
        given = "is missing" if value is None else f"{shown(value)} is not accepted"
        self.found.append(Fault(0, f"{name}: {given}; it must be {accepted}."))

    def line(self, line: int, message: str) -> None:
        self.found.append(Fault(line, f"line {line}: {message}"))

    def whole(self, message: str) -> None:
        """A fault of the whole file."""
        self.found.append(Fault(0, message))

    def stop_if_any(self) -> None:
        if self.found:
            raise Refused(self.found)


def shown(value: str) -> str:
    """A value as text that cannot change a terminal, and no longer than a line."""
    text = repr(value)
    return text if len(text) <= SHOWN_VALUE else f"{text[:SHOWN_VALUE]}…"
