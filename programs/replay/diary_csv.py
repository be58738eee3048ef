"""Our own diary as CSV (``docs/replay.md``, The diary): one row a day, columns by name."""

from programs.engine.entry import Entry, InvalidEntry
from programs.engine.values import Leg, SessionKind, Warmup
from programs.replay import acts, cells
from programs.replay.diary import DayActs, Diary
from programs.replay.faults import Faults
from programs.replay.sheet import Row, Sheet

READERS = {
    "morning": cells.score,
    "rest": cells.score,
    "session": cells.word(SessionKind),
    "during": cells.score,
    "after": cells.score,
    "warmup": cells.word(Warmup),
    "limp": cells.yes_or_no,
    "leg": cells.word(Leg),
    "red_flags": cells.red_flags,
    "planned": cells.yes_or_no,
}
COLUMNS = ("date", *READERS, acts.COLUMN)
ONLY_WITH_SESSION = "given only with session done, partial or stopped_pain, and empty otherwise"


def read_diary(sheet: Sheet, faults: Faults) -> Diary | None:
    """Read every row, in whatever order of dates; None where the header or a date is not sound."""
    if not _check_header(sheet, faults):
        return None
    entries: dict[int, Entry] = {}
    done: dict[int, DayActs] = {}
    lines: dict[int, int] = {}
    known: dict[tuple[str, ...], Entry] = {}
    for row in sheet.rows:
        day = _day(row, lines, faults)
        entry = _entry_once(row, known, faults)
        acted = acts.read_acts(row, day, faults)
        if day is None:
            continue
        entries[day] = entry
        if acted is not None:
            done[day] = acted
    if not sheet.rows:
        faults.whole("The diary has column names but no rows.")
    return Diary(min(lines), max(lines), entries, done) if lines else None


def _check_header(sheet: Sheet, faults: Faults) -> bool:
    seen = set()
    for number, name in enumerate(sheet.header, start=1):
        if name in seen:
            faults.line(
                sheet.header_line, f"column {name} stands there twice; each column must be named once."
            )
        elif name not in COLUMNS:
            called = f"column {name!r}" if name else f"column {number} without a name"
            faults.line(sheet.header_line, f"{called} is not known; accepted are {', '.join(COLUMNS)}.")
        seen.add(name)
    if "date" not in seen:
        faults.line(sheet.header_line, "column date is missing; names are separated by commas.")
    return "date" in seen


def _day(row: Row, lines: dict[int, int], faults: Faults) -> int | None:
    text = row.cells["date"]
    try:
        day = cells.day(text)
    except cells.NotAccepted as error:
        faults.cell(row.line, "date", text, str(error))
        return None
    if day in lines:
        faults.cell(row.line, "date", text, f"on one row only, and line {lines[day]} has it already")
        return None
    lines[day] = row.line
    return day


def _entry_once(row: Row, known: dict[tuple[str, ...], Entry], faults: Faults) -> Entry:
    """Years of quiet days repeat themselves: the same sound answers are read once."""
    answers = tuple(row.cells.get(column, "") for column in READERS)
    if answers in known:
        return known[answers]
    faults_before = len(faults.found)
    entry = _entry(row, faults)
    if len(faults.found) == faults_before:
        known[answers] = entry
    return entry


def _entry(row: Row, faults: Faults) -> Entry:
    """The entry of a row; one without an answer is a missing day that may have been planned."""
    values = {}
    for column, read in READERS.items():
        text = row.cells.get(column)
        if text:
            try:
                values[column] = read(text)
            except cells.NotAccepted as error:
                faults.cell(row.line, column, text, str(error))
    # What cannot be read is an answer too; the row is refused, not missing.
    if not any(row.cells.get(column) for column in READERS if column != "planned"):
        return Entry(missing=True, session=None, planned=values.get("planned", False))
    # A plan matters where nothing was said of the session; elsewhere that says what became of it.
    if "session" in values:
        values.pop("planned", None)
    return _without_contradictions(row, {"session": None, **values}, faults)


def _without_contradictions(row: Row, values: dict, faults: Faults) -> Entry:
    """Build the entry; each contradiction that the engine finds is a fault of its own (INV-21)."""
    while True:
        try:
            return Entry(**values)
        except InvalidEntry as error:
            del values[error.field]
            if row.cells.get("session") and values["session"] is None:
                continue  # The session itself cannot be read: that fault is told already.
            faults.cell(row.line, error.field, row.cells[error.field], ONLY_WITH_SESSION)
