"""From bytes to rows with line numbers: what every kind of CSV diary has in common."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from programs.replay.faults import Faults

LONGEST_DIARY = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a diary: column name -> text without the spaces around it."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    header: tuple[str, ...]
    header_line: int
    rows: tuple[Row, ...]


def read_sheet(raw: bytes, faults: Faults) -> Sheet | None:
    """Return the rows that are not blank, or None where no header can be read."""
    text = _decoded(raw, faults)
    if text is None:
        return None
    lines = _lines(text, faults)
    header_line, names = next(lines, (0, []))
    if not names:
        faults.whole("The diary is empty; it must begin with a line of column names.")
        return None
    header = tuple(name.lower() for name in names)
    return Sheet(header, header_line, tuple(_rows(header, lines, faults)))


def _decoded(raw: bytes, faults: Faults) -> str | None:
    if len(raw) > LONGEST_DIARY:
        faults.whole(f"The diary is too long; it must be at most {LONGEST_DIARY // 1024**2} MB.")
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        faults.line(line, f"byte {error.start + 1} of the diary is not UTF-8; save the file as CSV in UTF-8.")
        return None


def _lines(text: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """Yield the first line number and the cells of every row that is not blank."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            faults.line(line, f"is not CSV ({error}); nothing after it was read.")
            return
        if any(cells):
            yield line, cells


def _rows(header: tuple[str, ...], lines: Iterator, faults: Faults) -> Iterator[Row]:
    width = len(header)
    for line, cells in lines:
        if any(cells[width:]):
            faults.line(line, f"has {len(cells)} cells; it must have at most {width}, one per column.")
            continue
        padded = cells[:width] + [""] * (width - len(cells))
        yield Row(line, dict(zip(header, padded, strict=True)))
