"""The ``event`` column: what a clinician did, such as ``physio_hold:2026-03-01;physio_clear``."""

from programs.replay import cells
from programs.replay.diary import DayActs
from programs.replay.faults import Faults
from programs.replay.sheet import Row

COLUMN = "event"
ACCEPTED = (
    "physio_hold:YYYY-MM-DD, physio_set_stage:KEY, physio_sign_off or physio_clear, joined by ;, "
    "each at most once"
)


def read_acts(row: Row, day: int | None, faults: Faults) -> DayActs | None:
    """Return the acts of a row, or None without any. Stage keys are checked with the programme."""
    text = row.cells.get(COLUMN, "")
    if not text:
        return None
    acts, seen = DayActs(row.line), set()
    for part in (part.strip() for part in text.split(";")):
        name, _, given = (piece.strip() for piece in part.partition(":"))
        if not part or name in seen:
            faults.cell(row.line, COLUMN, part, ACCEPTED)
            continue
        seen.add(name)
        _read_act(acts, name, given, part, day, faults)
    return acts


def _read_act(acts: DayActs, name: str, given: str, part: str, day: int | None, faults: Faults) -> None:
    if name == "physio_clear" and part == name:
        acts.clear = True
    elif name == "physio_sign_off" and part == name:
        acts.sign_off = True
    elif name == "physio_set_stage" and given:
        acts.set_stage = given
    elif name == "physio_hold":
        acts.hold_until = _until(acts.line, given, part, day, faults)
    else:
        faults.cell(acts.line, COLUMN, part, ACCEPTED)


def _until(line: int, given: str, part: str, day: int | None, faults: Faults) -> int | None:
    try:
        until = cells.day(given)
    except cells.NotAccepted:
        faults.cell(line, COLUMN, part, "physio_hold: and the last day of the hold as YYYY-MM-DD")
        return None
    if day is not None and until < day:
        faults.cell(line, COLUMN, part, "a hold until the row's own date or later")
    return until
