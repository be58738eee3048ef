"""The report of a runner's progress: one page, with the picture; facts in words, nothing looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Frame, KeepInFrame

from programs.charts.pain import PainGeometry
from programs.charts.weeks import WeeksGeometry
from programs.papers.report_parts import flowables_of

MARGIN = 13 * mm


@dataclass(frozen=True, slots=True)
class Chart:
    """``geometry`` is None where nothing was recorded; ``marks``: kind of decision -> what it says."""

    title: str
    geometry: PainGeometry | WeeksGeometry | None
    names: Mapping[str, str]
    marks: Mapping[str, str]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """A stay on a step: from when, for how many days, and what was done of what was planned."""

    title: str
    since: str
    days: str
    sessions: str


@dataclass(frozen=True, slots=True)
class Measured:
    """An outcome measure: the first and the last score, and whether that is a change."""

    title: str
    first: str
    last: str
    change: str


@dataclass(frozen=True, slots=True)
class Row:
    """A decision, or an act of a person: when, what, and why."""

    date: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the report says. ``cut``: what the page had no room for, in words."""

    facts: tuple[tuple[str, str], ...]
    written: str
    chart: Chart
    stages: tuple[Stage, ...]
    measures: tuple[Measured, ...]
    decisions: tuple[Row, ...]
    acts: tuple[Row, ...]
    plan: tuple[str, ...]
    cut: tuple[str, ...]
    language: str


def report_pdf(report: Report) -> bytes:
    """One page A4, however long the texts are: what does not fit is set smaller."""
    canvas = Canvas("", pagesize=A4, invariant=1, lang=report.language)
    # Neither names the runner: both show in lists of files and of print jobs.
    canvas.setTitle(gettext("Report of progress"))
    canvas.setAuthor("Rehab")
    width, height = A4[0] - 2 * MARGIN, A4[1] - 2 * MARGIN
    frame = Frame(MARGIN, MARGIN, width, height, 0, 0, 0, 0)
    frame.addFromList([KeepInFrame(width, height, flowables_of(report, width), mode="shrink")], canvas)
    canvas.showPage()
    return canvas.getpdfdata()
