"""A runner's diary as the file that ``manage.py replay`` reads: docs/replay.md, The diary."""

import datetime
from collections.abc import Iterable

from programs.archive.cells import BYTE_ORDER_MARK, sheet
from programs.engine.entry import Entry, InvalidEntry
from programs.engine.values import Leg, Warmup
from programs.models import SETS_STAGE, DiaryEntry, Enrolment, Override, OverrideKind, PlannedSession
from programs.replay.diary_csv import COLUMNS
from programs.snapshots import CLEARS, check_in_of, entry_of

_DAY = datetime.timedelta(days=1)
#: A date of which nothing is known.
_NOTHING = Entry(missing=True, session=None)


def diary_csv(enrolment: Enrolment, today: datetime.date) -> str:
    """One row for each local date, also for those without an entry. Four queries."""
    entries = {row.date: row for row in enrolment.entries.prefetch_related("notes")}
    planned = set(PlannedSession.objects.filter(enrolment=enrolment).values_list("date", flat=True))
    events = _events(enrolment.overrides.order_by("made_at", "pk"))
    last = today if enrolment.is_active else max([enrolment.decided_through, *entries, *events])
    days = (last - enrolment.started_on).days + 1
    dates = [enrolment.started_on + n * _DAY for n in range(max(days, 1))]
    rows = ((date, _value(entries.get(date)), date in planned, events.get(date, "")) for date in dates)
    return BYTE_ORDER_MARK + sheet(COLUMNS, (_cells(*row) for row in rows))


def _value(row: DiaryEntry | None) -> Entry:
    """What the day counts as, as the decision read it; where that contradicts itself, the check-in."""
    if row is None:
        return _NOTHING
    try:
        return entry_of(row)
    except InvalidEntry:
        return check_in_of(row)


def _cells(date: datetime.date, entry: Entry, was_planned: bool, event: str) -> tuple:
    """In the order of ``COLUMNS``; what was not recorded is empty and never zero."""
    return (
        date.isoformat(),
        entry.morning,
        entry.rest,
        entry.session,
        entry.during,
        entry.after,
        "" if entry.warmup is Warmup.NONE else entry.warmup,
        "true" if entry.limp else "",
        "" if entry.leg is Leg.NONE else entry.leg,
        ";".join(entry.red_flags),
        "true" if was_planned and entry.session is None else "",
        event,
    )


def _events(overrides: Iterable[Override]) -> dict[datetime.date, str]:
    """Acts of persons by date; of several of one kind on a day the last one counts."""
    found: dict[datetime.date, dict[str, str]] = {}
    for act in overrides:
        words = found.setdefault(act.date, {})
        if act.kind in SETS_STAGE:
            words["physio_set_stage"] = f"physio_set_stage:{act.stage}"
        if act.kind in CLEARS:
            words["physio_clear"] = "physio_clear"
        if act.kind == OverrideKind.HOLD_UNTIL:
            words["physio_hold"] = f"physio_hold:{act.until.isoformat()}"
        if act.kind == OverrideKind.SIGN_OFF:
            words["physio_sign_off"] = "physio_sign_off"
    return {date: ";".join(words.values()) for date, words in found.items()}
