"""Diaries that other trackers export: several scores a day, of several symptoms, with decimals."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from programs.engine.entry import Entry
from programs.engine.values import HIGHEST_SCORE
from programs.replay.diary import Diary
from programs.replay.faults import Faults
from programs.replay.sheet import Row, Sheet

NEEDED = ("name", "startday", "startmonth", "startyear", "intensity")
WRITTEN = "date"
#: Scores without a start date belong to the dated one that was written just before.
ONE_SITTING = timedelta(hours=1)
_NUMBER = re.compile(r"[0-9]{1,2}(\.[0-9]{1,20})?")


@dataclass(frozen=True, slots=True)
class Score:
    day: int
    value: int
    rounded: bool
    undated: bool


def is_tracker(sheet: Sheet) -> bool:
    """Tell by the header whose diary it is."""
    return set(NEEDED) <= set(sheet.header) <= {*NEEDED, WRITTEN}


def read_tracker(sheet: Sheet, symptom: str | None, rest_as_morning: bool, faults: Faults) -> Diary | None:
    """The worst score of each day becomes ``rest`` and, where asked for, ``morning``."""
    wanted = (symptom or "").strip().casefold()
    names = Counter(row.cells["name"] for row in sheet.rows)
    if wanted not in {name.casefold() for name in names} or not wanted:
        listed = ", ".join(f"{name} ({count})" for name, count in names.most_common()) or "no row at all"
        faults.option("--symptom", symptom, f"one of the symptoms in the diary: {listed}")
        return None
    scores = _scores(sheet, wanted, faults)
    if not scores and not faults.found:
        faults.whole(f"The diary has no score for {symptom}.")
    if not scores:
        return None
    worst: dict[int, int] = {}
    for score in scores:
        worst[score.day] = max(score.value, worst.get(score.day, 0))
    return Diary(
        first=min(worst),
        last=max(worst),
        entries={day: _entry(value, rest_as_morning) for day, value in worst.items()},
        description=_description(symptom, rest_as_morning),
        notes=_notes(scores),
    )


def _entry(value: int, rest_as_morning: bool) -> Entry:
    return Entry(rest=value, morning=value if rest_as_morning else None, session=None)


def _description(symptom: str, rest_as_morning: bool) -> str:
    return (
        f"“{symptom.strip()}”: worst score of each day as rest{' and as morning' if rest_as_morning else ''}"
    )


def _notes(scores: list[Score]) -> tuple[str, ...]:
    rounded = sum(score.rounded for score in scores)
    undated = sum(score.undated for score in scores)
    notes = [f"{rounded} of {len(scores)} scores had decimals and were rounded half up."]
    if undated:
        notes.append(f"Scores without a start date, dated by when they were written: {undated}.")
    return tuple(notes)


def _scores(sheet: Sheet, wanted: str, faults: Faults) -> list[Score]:
    scores = []
    sitting = None
    for row in sheet.rows:
        day, written = _start_day(row), _written(row)
        if day is not None and written is not None:
            sitting = (written, day)
        if row.cells["name"].casefold() != wanted or not row.cells["intensity"]:
            continue
        undated = day is None and _has_no_start(row)
        if undated:
            day = _day_by_writing(written, sitting)
        if day is None:
            _date_fault(row, faults)
        number = _number(row, faults)
        if day is not None and number is not None:
            value = int(number.quantize(Decimal(1), ROUND_HALF_UP))
            scores.append(Score(day, value, rounded=value != number, undated=undated))
    return scores


def _number(row: Row, faults: Faults) -> Decimal | None:
    text = row.cells["intensity"]
    if _NUMBER.fullmatch(text) and Decimal(text) <= HIGHEST_SCORE:
        return Decimal(text)
    faults.cell(row.line, "intensity", text, "a number from 0 to 10, with or without decimals")
    return None


# --- dates -----------------------------------------------------------------------
def _has_no_start(row: Row) -> bool:
    """Some entries are exported as ``0,,0`` and hold only the instant of writing."""
    return all(row.cells[name] in ("", "0") for name in ("startday", "startmonth", "startyear"))


def _start_day(row: Row) -> int | None:
    parts = [row.cells[name] for name in ("startyear", "startmonth", "startday")]
    if not all(part.isascii() and part.isdigit() for part in parts):
        return None
    try:
        return date(*(int(part) for part in parts)).toordinal()
    except (ValueError, OverflowError):
        return None


def _written(row: Row) -> datetime | None:
    try:
        return datetime.strptime(row.cells.get(WRITTEN, ""), "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - as it was shown
    except ValueError:
        return None


def _day_by_writing(written: datetime | None, sitting: tuple[datetime, int] | None) -> int | None:
    """The day of the dated entry of the same sitting; otherwise the date of writing.

    Many write after midnight of the day before, so the date of writing alone
    would put a score on the wrong day.
    """
    if written is None:
        return None
    if sitting is not None and timedelta() <= written - sitting[0] <= ONE_SITTING:
        return sitting[1]
    return written.toordinal()


def _date_fault(row: Row, faults: Faults) -> None:
    if _has_no_start(row):
        faults.cell(
            row.line, WRITTEN, row.cells.get(WRITTEN, ""), "YYYY-MM-DD HH:MM:SS where no start day is given"
        )
        return
    text = "-".join(row.cells[name] for name in ("startyear", "startmonth", "startday"))
    faults.cell(row.line, "startday", text, "a day, month and year that exist")
