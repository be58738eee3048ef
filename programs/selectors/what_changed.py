"""What changed and why, newest first: the ledger as its runner reads it."""

import datetime
from dataclasses import dataclass

from programs.engine.values import BY_A_PERSON, STILL_PAUSED, Outcome, Trigger
from programs.models import Decision, Enrolment
from programs.presentation import REFERS, Tag, tag_of

_HOW = {
    Trigger.DAY_CLOSE: "",
    Trigger.RED_FLAG: "at once, on a warning sign",
    Trigger.CORRECTION: "again, after you corrected your diary",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the ledger in words. ``move`` names both steps where the step changed.

    ``how`` is empty for the ordinary decision at the end of a day.
    """

    date: datetime.date
    tag: Tag
    reason: str
    move: str
    how: str
    refer: Tag | None
    is_superseded: bool


def changes_of(enrolment: Enrolment, first: datetime.date, *, every_day: bool) -> tuple[Change, ...]:
    """Rows from ``first`` on, without the days on which all stayed as it was unless asked. One query."""
    rows = (
        Decision.objects.filter(enrolment=enrolment, date__gte=first)
        .select_related("decided_by")
        .defer("inputs", "criteria")
        .newest_first()
    )
    rows = list(rows)
    replaced = {row.supersedes_id for row in rows}
    told = [row for row in rows if every_day or _is_news(row, replaced)]
    return tuple(_change(row, enrolment, is_superseded=row.pk in replaced) for row in told)


def _is_news(row: Decision, replaced: set[int | None]) -> bool:
    """A plain hold, or one more day of a pause, changes nothing; whatever a correction touched does."""
    if row.trigger != Trigger.DAY_CLOSE or row.pk in replaced:
        return True
    return row.decision != Outcome.HOLD and row.rule != STILL_PAUSED


def _change(row: Decision, enrolment: Enrolment, *, is_superseded: bool) -> Change:
    is_act = row.trigger in BY_A_PERSON
    return Change(
        date=row.date,
        tag=tag_of(row),
        reason=row.reason,
        move=_move(row, enrolment),
        how=f"by {row.decided_by}" if is_act else _HOW[row.trigger],
        refer=REFERS[row.refer] if row.decision == Outcome.PAUSE_AND_REFER else None,
        is_superseded=is_superseded,
    )


def _move(row: Decision, enrolment: Enrolment) -> str:
    if row.stage_before == row.stage_after:
        return ""
    before, after = (enrolment.version.stage_title(key) for key in (row.stage_before, row.stage_after))
    return f"From “{before}” to “{after}”"
