"""Measurements as JSON lines and as a table; which promises were held."""

import json
import sys
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Result:
    """``held`` is None where nothing was promised."""

    name: str
    size: int
    value: float
    unit: str
    ratio: float | None = None
    promise: str = ""
    held: bool | None = None


@dataclass
class Results:
    found: list[Result] = field(default_factory=list)

    def add(self, name: str, size: int, value: float, unit: str, **more) -> Result:
        result = Result(name, size, round(value, 3), unit, **more)
        self.found.append(result)
        print(json.dumps(asdict(result)), flush=True)
        return result

    def value(self, name: str, size: int) -> float:
        return next(one.value for one in self.found if (one.name, one.size) == (name, size))

    def table(self) -> None:
        """To the error stream, so that what is printed stays JSON lines."""
        for one in self.found:
            ratio = "" if one.ratio is None else f"{one.ratio:8.2f} x"
            held = {None: "", True: "held", False: "NOT HELD"}[one.held]
            what = f"{one.size:>9,} {one.name:34} {one.value:>12,.2f} {one.unit:8}"
            print(f"{what} {ratio:>10} {one.promise} {held}".rstrip(), file=sys.stderr)

    @property
    def broken(self) -> list[Result]:
        return [one for one in self.found if one.held is False]
