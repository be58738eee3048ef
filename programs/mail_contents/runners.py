"""Runners of a batch with their diaries, as a page reads one: at most nine queries for all."""

import datetime
import logging
from collections.abc import Iterable

from accounts.among import Among
from programs.adjusting.in_force import adjusted_column
from programs.clinic_defaults import clinic_column
from programs.engine.calendar import local_date
from programs.engine.run_limit import LOOK_BACK_DAYS
from programs.models import Enrolment
from programs.selectors.case_rows import FAULTY
from programs.selectors.editions_lived import read_moves
from programs.selectors.reading import Reading
from programs.shelf import edition_column, editions
from programs.snapshots import histories_of, programme_of, snapshot_of

logger = logging.getLogger(__name__)


def enrolments_of(ids: Iterable[int]) -> dict[int, Enrolment]:
    """Enrolment id -> the row as it is now, with its runner, her clinic and her programme."""
    rows = (
        Enrolment.objects.filter(Among("pk", set(ids)))
        .select_related("runner")
        .annotate(
            library_edition=edition_column(), adjusted_rows=adjusted_column(), clinic_row=clinic_column()
        )
    )
    found = {row.pk: row for row in rows}
    versions = editions(row.version_id for row in found.values())
    for row in found.values():
        row.version = versions[row.version_id]
    return found


def readings_of(enrolments: list[Enrolment], now: datetime.datetime) -> dict[int, Reading]:
    """Enrolment id -> its reading; without those whose rows cannot be read."""
    if not enrolments:
        return {}
    try:
        return _read(enrolments, now)
    except FAULTY:
        logger.exception("The diaries of %s runners are read one by one", len(enrolments))
    found = {}
    for enrolment in enrolments:
        try:
            found |= _read([enrolment], now)
        except FAULTY:
            logger.exception("The diary of enrolment %s cannot be read for a mail", enrolment.pk)
    return found


def _read(enrolments: list[Enrolment], now: datetime.datetime) -> dict[int, Reading]:
    today = {row.pk: local_date(now, row.runner.zone) for row in enrolments}
    first = min(min(today[row.pk], row.open_date) for row in enrolments)
    histories = histories_of(enrolments, first=first, days_back=LOOK_BACK_DAYS)
    read_moves(enrolments, {pk: history.overrides for pk, history in histories.items()})
    return {row.pk: _reading(row, today[row.pk], histories[row.pk]) for row in enrolments}


def _reading(enrolment: Enrolment, today: datetime.date, history) -> Reading:
    snapshot = snapshot_of(enrolment, programme_of(enrolment.version), history, today)
    return Reading(enrolment, today, history, snapshot)
