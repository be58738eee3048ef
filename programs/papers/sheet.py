"""The programme sheet: this step on paper, for the wall beside the mat."""

from __future__ import annotations

from django.utils.translation import gettext
from reportlab.lib.colors import HexColor
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Spacer, Table, TableStyle

from programs.papers.ink import Drawn
from programs.papers.page import Bar, Sheet, SheetExercise, SheetPart
from programs.papers.paper import WIDTH, printed
from programs.papers.svg import read_picture
from programs.papers.words import HEAD, SOFT, line, point

PICTURE = 205.0
STRIP = 26.0
RULE = HexColor("#9aa8ae")


def sheet_pdf(sheet: Sheet) -> bytes:
    """The sheet as a PDF of A4 pages; it is readable in black and white."""

    def story() -> list[Flowable]:
        parts = [flowable for part in sheet.parts for flowable in _part(part)]
        last = [_list(gettext("To move on"), sheet.move_on)] if sheet.move_on else []
        return [*_head(sheet), *parts, *last]

    def foot(page: int, pages: int) -> str:
        notice = gettext("A help for your training. It is not a medical device.")
        count = gettext("Page %(page)d of %(pages)d") % {"page": page, "pages": pages}
        return f"{sheet.title} · {sheet.version} · {sheet.date} · {notice} · {count}"

    return printed(story, title=f"{sheet.title}: {sheet.step}", language=sheet.language, foot=foot)


def _head(sheet: Sheet) -> list[Flowable]:
    boxes = [
        [line(gettext("Stop if"), 10, bold=True), *(point(words) for words in sheet.stop_if)],
        [line(gettext("When something is badly wrong"), 10, bold=True), *map(point, sheet.emergency)],
    ]
    return [
        line(sheet.title, 16, bold=True, colour=HEAD),
        line(f"{sheet.version} · {sheet.date}", 8.5, colour=SOFT),
        Spacer(1, 4),
        line(sheet.step, 12.5, bold=True),
        line(sheet.summary),
        Spacer(1, 4),
        _boxes(boxes),
        Spacer(1, 8),
    ]


def _boxes(cells: list[list[Flowable]]) -> Table:
    """Two frames side by side, firm enough to be seen on a grey print."""
    frame = [
        ("BOX", (0, 0), (0, 0), 1.4, HexColor("#000000")),
        ("BOX", (2, 0), (2, 0), 1.4, HexColor("#000000")),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
    ]
    left, right = cells
    half = (WIDTH - 8) / 2
    return Table([[left, "", right]], colWidths=[half, 8, half], style=TableStyle(frame))


def _part(part: SheetPart) -> list[Flowable]:
    opening: list[Flowable] = [
        line(part.title, 12, bold=True, colour=HEAD),
        *([line(part.note, 8.5, colour=SOFT)] if part.note else []),
        *map(point, part.lines),
        *([_Strip(part.bars)] if part.bars else []),
        *([line(part.total, 8.5, colour=SOFT)] if part.total else []),
        *(line(words, 8.5, lead=gettext("Left out for you.")) for words in part.left_out),
        *(
            [line(part.evidence, 7.5, colour=SOFT, lead=gettext("Why this is here:"))]
            if part.evidence
            else []
        ),
        Spacer(1, 3),
    ]
    rows = [_exercise(one) for one in part.exercises]
    # A heading never stands alone at the foot of a page.
    first = [KeepTogether([*opening, *rows[:1]])]
    return [CondPageBreak(60), *first, *rows[1:], Spacer(1, 8)]


def _exercise(one: SheetExercise) -> Flowable:
    words = [
        line(one.title, 10.5, bold=True),
        line(one.dose, lead=gettext("How much:")),
        *([line(one.later_dose, lead=gettext("Later:"))] if one.later_dose else []),
        *([line(one.caution, lead=gettext("With care:"))] if one.caution else []),
        *([line(one.changed)] if one.changed else []),
        *([line(one.start, 8.5, lead=gettext("Start."))] if one.start else []),
        *(point(cue, 8.5, f"{number}.") for number, cue in enumerate(one.cues, 1)),
        *(line(reason, 8.5, lead=gettext("Stop if:")) for reason in one.stop_if[:1]),
        *([line(one.evidence, 7, colour=SOFT)] if one.evidence else []),
    ]
    picture = Drawn(read_picture(one.drawing), PICTURE) if one.drawing else ""
    widths = [PICTURE + 10, WIDTH - PICTURE - 10] if one.drawing else [0.1, WIDTH - 0.1]
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEABOVE", (0, 0), (-1, 0), 0.5, RULE),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 4),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
    ]
    return Table([[picture, words]], colWidths=widths, style=TableStyle(style))


def _list(title: str, lines: tuple[str, ...]) -> Flowable:
    return KeepTogether([line(title, 12, bold=True, colour=HEAD), *map(point, lines)])


class _Strip(Flowable):
    """An outing as a strip: running is high and dark, walking low and light."""

    def __init__(self, bars: tuple[Bar, ...]) -> None:
        super().__init__()
        self.bars, self.width, self.height = bars, WIDTH, STRIP + 4

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        self.canv.setLineWidth(0.6)
        self.canv.setStrokeColor(HexColor(HEAD))
        for bar in self.bars:
            self.canv.setFillColor(HexColor(HEAD if bar.is_run else "#ffffff"))
            height = STRIP if bar.is_run else STRIP * 0.38
            self.canv.rect(bar.x * self.width, 2, max(bar.width * self.width - 1, 0.6), height, fill=1)
