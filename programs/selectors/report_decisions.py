"""Decisions of the engine that changed something, for a report."""

from programs.engine.values import Trigger
from programs.models import Decision
from programs.papers.report import Row
from programs.presentation import tag_of
from programs.said import said
from programs.selectors.chart_marks import news_of
from programs.selectors.editions_lived import Editions
from programs.selectors.progress_rows import Line, ProgressRows
from programs.selectors.report_stays import named, when

#: What persons did is told with their reasons, elsewhere on the page.
_BY_A_PERSON = (Trigger.CLINICIAN, Trigger.RUNNER)


def decision_rows(rows: ProgressRows, editions: Editions) -> tuple[Row, ...]:
    """Moves, pauses and advice of the time that is reported, newest first. One query."""
    told = [line for line, _kind in news_of(rows.lines) if _is_told(line, rows)]
    found = Decision.objects.defer("inputs", "criteria").in_bulk([line.pk for line in told])
    return tuple(_row(found[line.pk], line, rows, editions) for line in reversed(told) if line.pk in found)


def _is_told(line: Line, rows: ProgressRows) -> bool:
    is_inside = rows.first <= line.date <= rows.today
    return is_inside and line.trigger not in _BY_A_PERSON


def _row(row: Decision, line: Line, rows: ProgressRows, editions: Editions) -> Row:
    what = str(tag_of(row).label)
    if line.stage_after != line.stage_before:
        # An engine's step stays inside one edition.
        what = f"{what}: {named(editions, line, line.stage_after)[1]}"
    return Row(when(row.date, rows), what, said(row.reason))
