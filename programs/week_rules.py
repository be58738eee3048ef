"""The numbers of a stage's week, from its document: how many runs, how long."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from programs.engine.document_stages import running_seconds
from programs.engine.run_limit import RunRules, run_limit
from programs.engine.values import DONE_SOMETHING, SessionKind
from programs.models import DiaryEntry, ProgrammeVersion

#: The runner plans from tomorrow on: what today asks for was fixed when it began.
DAYS_AHEAD = 7


@dataclass(frozen=True, slots=True)
class WeekRules:
    """Of the stage on which she runs, or of the first one that she will run on."""

    stage: str
    fewest: int
    most: int


def week_rules(version: ProgrammeVersion, stage: str) -> WeekRules | None:
    """The rules for choosing days to run; None where the programme never runs from here on."""
    documents = list(version.stage_documents.values())
    position = [document["key"] for document in documents].index(stage)
    ahead = documents[position:] if position >= 0 else documents
    for document in ahead:
        if document["kind"] in ("alternate", "final"):
            week = document["sessions_per_week"]
            return WeekRules(document["key"], week["min"], week["max"])
    return None


def planned_minutes(version: ProgrammeVersion, stage: str) -> int | None:
    """Minutes of running in the stage's own session; None where it has none, or several that differ."""
    document = version.stage_documents.get(stage, {"sessions": ()})
    counted = [session for session in document["sessions"] if session["counts"]]
    runs = {running_seconds(session["run_walk"]) // 60 for session in counted if "run_walk" in session}
    return runs.pop() if len(runs) == 1 else None


def minutes_run(row: DiaryEntry, version: ProgrammeVersion) -> int | None:
    """Minutes that she recorded; of a session done as planned those of the stage; else nothing is known."""
    if row.run_minutes is not None:
        return row.run_minutes
    if row.session == SessionKind.DONE:
        return planned_minutes(version, row.stage_shown)
    return None


def runs_of(
    rows: Iterable[DiaryEntry], edition_on: Callable[[datetime.date, str], ProgrammeVersion]
) -> dict[int, int]:
    """Day ordinal -> minutes run, of the days on which they are known.

    ``edition_on``: under which edition a stage was shown on a date; she may have been moved since.
    A run that was done without minutes was no longer than that day's limit:
    what was not recorded must not let the next one grow.
    """
    found: dict[int, int] = {}
    for row in sorted(rows, key=lambda row: row.date):
        version = edition_on(row.date, row.stage_shown)
        minutes, day = minutes_run(row, version), row.date.toordinal()
        if row.session not in DONE_SOMETHING or not minutes:
            continue
        rules = run_rules(version, row.stage_shown) if row.run_minutes is None else None
        found[day] = min(minutes, run_limit(found, day, rules).minutes) if rules else minutes
    return {day: minutes for day, minutes in found.items() if minutes}


def run_rules(version: ProgrammeVersion, stage: str) -> RunRules | None:
    """How a run may grow on this stage; None where its document says nothing of that."""
    limits = version.stage_documents.get(stage, {}).get("limits", {})
    own = planned_minutes(version, stage)
    if "single_run_growth_percent" not in limits or own is None:
        return None
    growth = limits["single_run_growth_percent"]["value"]
    return RunRules(
        own_run=own,
        cap=limits["run_minutes_max"]["value"],
        run_growth=growth,
        week_growth=limits.get("week_growth_percent", {"value": growth})["value"],
        runs_a_week=version.stage_documents[stage]["sessions_per_week"]["min"],
    )


def dates_ahead(today: datetime.date) -> list[datetime.date]:
    """Dates for which she may choose."""
    return [today + datetime.timedelta(days=days) for days in range(1, DAYS_AHEAD + 1)]
