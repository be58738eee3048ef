"""The letter that a paused runner takes to whoever sees her: one page, from facts, nothing looked up."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Frame, KeepInFrame

from programs.papers.letter_parts import flowables_of

MARGIN = 15 * mm


@dataclass(frozen=True, slots=True)
class Sign:
    """A warning sign that she answered with yes, in words."""

    date: datetime.date
    words: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the diary; cells are words, also where nothing was recorded."""

    date: datetime.date
    morning: str
    rest: str
    session: str
    during: str
    after: str
    leg: str
    #: The extra pain notes of that day, in words; cells that count them are marked.
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    date: datetime.date
    outcome: str
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sender:
    """The physiotherapist who refers the runner on; ``clinic`` is empty where she is in none."""

    name: str
    email: str
    clinic: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that the letter says. ``until`` is the day on which the pause ended, if it did.

    Without a pause ``since`` is None; only a physiotherapist's letter is written
    then. Without a ``sender`` it is the runner's own.
    """

    name: str
    #: Also tells whose it is where a reader has no font for the name.
    email: str
    written_on: datetime.date
    programme: str
    programme_day: int
    stage: str
    since: datetime.date | None
    until: datetime.date | None
    level: str
    reason: str
    signs: tuple[Sign, ...]
    days: tuple[Day, ...]
    decisions: tuple[Decided, ...]
    advice: tuple[str, ...]
    emergency_number: str
    urgent_service: str
    sender: Sender | None = None
    language: str = "en-gb"


def letter_pdf(letter: Letter) -> bytes:
    """One page A4, however long the texts are: what does not fit is set smaller."""
    canvas = Canvas("", pagesize=A4, lang=letter.language)
    # Neither names the runner: both show in lists of files and of print jobs.
    canvas.setTitle(gettext("Letter to a clinician"))
    canvas.setAuthor("Rehab")
    width, height = A4[0] - 2 * MARGIN, A4[1] - 2 * MARGIN
    frame = Frame(MARGIN, MARGIN, width, height, 0, 0, 0, 0)
    whole = KeepInFrame(width, height, flowables_of(letter, width), mode="shrink")
    frame.addFromList([whole], canvas)
    canvas.showPage()
    return canvas.getpdfdata()
