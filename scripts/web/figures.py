"""What a page takes, measured in turns with the bare page: figures, a table, and what is not held."""

import json
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from scripts.web import wrk
from scripts.web.serving import BARE, PRODUCT, Server, free_port, served

#: Processor time with the long history may be that much of that with the short one.
GROWTH = 1.15
#: The database plans a statement anew for its first five askings on each of eight connections.
WARM_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """A page, for how many days or rows, by whom, and how many a second are promised (0: only printed)."""

    name: str
    size: int
    path: str
    cookies: list[str]
    least: float = 0
    bodies: list[str] | None = None

    @property
    def status(self) -> int:
        return 302 if self.bodies else 200


@dataclass(frozen=True, slots=True)
class Figure:
    """``ratio``: to the bare page of the same run. ``cpu_ms``: of gunicorn, for one request."""

    name: str
    size: int
    value: float
    unit: str
    ratio: float
    cpu_ms: float
    p50_ms: float
    p99_ms: float
    least: float

    @property
    def is_missed(self) -> bool:
        return self.value < self.least


@dataclass(frozen=True, slots=True)
class _Seen:
    rate: float
    cpu_ms: float
    p50: float
    p99: float


def measured(
    pages: Sequence[Asked], argv_for, *, seconds: float, rounds: int
) -> tuple[list[Figure], list[str]]:
    """Figures of all pages, the bare one first, and what went wrong.

    ``argv_for`` makes the command line of a port: the product's own.
    """
    ours, plain = free_port(), free_port()
    nobody = Asked("bare page", 0, "/", [])
    seen: dict[Asked, list[_Seen]] = {}
    faults = []
    with (
        served(argv_for(ours), PRODUCT, ours, "/healthz") as product,
        served(argv_for(plain), BARE, plain, "/") as bare,
    ):
        for page in pages:  # what a process keeps is there before anything counts
            _drive(product, page, WARM_SECONDS)
        for _ in range(rounds):
            for server, page in [(bare, nobody), *((product, page) for page in pages)]:
                found, fault = _drive(server, page, seconds)
                seen.setdefault(page.name and (page.name, page.size), []).append(found)
                if fault:
                    faults.append(f"{page.name}, {page.size}: {fault}")
    by_key = {(page.name, page.size): page for page in (nobody, *pages)}
    middle = {key: _middle(several) for key, several in seen.items()}
    base = middle[nobody.name, nobody.size].rate
    return [_figure(by_key[key], found, base) for key, found in middle.items()], faults


def _drive(server: Server, page: Asked, seconds: float) -> tuple[_Seen, str]:
    before = server.cpu_seconds()
    load = wrk.drive(
        server.address + page.path, seconds, page.cookies, status=page.status, bodies=page.bodies
    )
    cpu = 1000 * (server.cpu_seconds() - before) / max(load.requests, 1)
    return _Seen(load.a_second, cpu, load.p50, load.p99), load.fault


def _middle(several: list[_Seen]) -> _Seen:
    columns = ([getattr(one, name) for one in several] for name in _Seen.__slots__)
    return _Seen(*(statistics.median(column) for column in columns))


def _figure(page: Asked, found: _Seen, base: float) -> Figure:
    numbers = [round(found.rate, 1), "requests/s", round(found.rate / base, 4)]
    return Figure(
        page.name,
        page.size,
        *numbers,
        *(round(n, 2) for n in (found.cpu_ms, found.p50, found.p99)),
        page.least,
    )


def missed(figures: Sequence[Figure], long: int, short: int) -> list[str]:
    """Pages slower than promised, and those that a long history makes dearer."""
    slow = [f"{f.name}, {f.size}: {f.value} a second, promised {f.least:g}" for f in figures if f.is_missed]
    cost = {(f.name, f.size): f.cpu_ms for f in figures}
    for (name, size), took in cost.items():
        if size == long and (name, short) in cost and took > GROWTH * cost[name, short]:
            slow.append(f"{name}: {took} ms with {long} days, {cost[name, short]} ms with {short}")
    return slow


def table(figures: Sequence[Figure]) -> Iterator[str]:
    names = ("a second", "promised", "of bare", "CPU ms", "p50", "p99")
    yield f"{'page':14} {'size':>5}" + "".join(f"{name:>10}" for name in names)
    for f in figures:
        cells = (f"{f.value:.1f}", f"{f.least:g}" if f.least else "", f"{f.ratio:.3f}")
        times = (f"{took:.1f}" for took in (f.cpu_ms, f.p50_ms, f.p99_ms))
        row = "".join(f"{cell:>10}" for cell in (*cells, *times))
        yield f"{f.name:14} {f.size:>5}{row}{'  NOT HELD' if f.is_missed else ''}"


def told(figures: Sequence[Figure], into: Path | None = None) -> None:
    """One line of JSON for each, and the table."""
    lines = [json.dumps(asdict(figure)) for figure in figures]
    print("\n".join(lines))
    if into:
        with into.open("a") as file:
            file.writelines(f"{line}\n" for line in lines)
    print("\n".join(table(figures)))
