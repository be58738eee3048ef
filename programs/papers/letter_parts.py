"""The parts of the letter to a clinician, from top to bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from reportlab.platypus import Flowable, Spacer, Table

from programs.papers.lettering import shortened
from programs.papers.pieces import ALARM, LINE, SOFT, plain, table, text, title

if TYPE_CHECKING:
    from programs.papers.letter import Letter, Sender

#: Longer texts are cut: one page that is read beats two that are not.
MOST_NAME, MOST_REASON, MOST_DECISION, MOST_SIGNS, MOST_NOTES = 80, 420, 170, 10, 420
#: Beside a value that counts more than the check-in of that day.
NOTED = "*"


def flowables_of(letter: Letter, width: float) -> list[Flowable]:
    return [
        *_head(letter, width),
        *_signs(letter, width),
        *_why(letter),
        *_days(letter, width),
        *_decisions(letter, width),
        *_advice(letter),
        *_question(letter, width),
        *_answer(width),
        *_limits(letter),
    ]


def _day(date) -> str:
    return date_format(date, "j F Y")


def _head(letter: Letter, width: float) -> list[Flowable]:
    facts = (
        (gettext("Name"), shortened(letter.name, MOST_NAME)),
        (gettext("E-mail"), shortened(letter.email, MOST_NAME)),
        (gettext("Date of birth"), gettext("______________________ (not kept by this site)")),
        (gettext("Programme"), shortened(letter.programme, 90)),
        (
            gettext("Step"),
            gettext("%(stage)s, day %(day)d of the programme")
            % {"stage": shortened(letter.stage, 90), "day": letter.programme_day},
        ),
        (gettext("Paused"), _paused(letter)),
    )
    rows = [[text(name, color=SOFT), text(value, bold=name == facts[0][0])] for name, value in facts]
    return [
        text(gettext("To the clinician who sees this runner"), 14, bold=True),
        Spacer(0, 6),
        text(_written(letter), 8, color=SOFT),
        Spacer(0, 6),
        Table(rows, colWidths=[0.16 * width, 0.84 * width], style=plain(), hAlign="LEFT"),
    ]


def _written(letter: Letter) -> str:
    given = {"date": _day(letter.written_on)}
    if letter.sender is None:
        words = gettext(
            "Written on %(date)s by a programme for a graded return to running, at the runner's request."
        )
        return words % given
    words = gettext(
        "Written on %(date)s by %(name)s, from what a programme for a graded return to running has recorded."
    )
    return words % {**given, "name": _signature(letter.sender)}


def _signature(sender: Sender) -> str:
    parts = (
        shortened(sender.name, MOST_NAME),
        gettext("physiotherapist"),
        shortened(sender.clinic, MOST_NAME),
    )
    return ", ".join(part for part in parts if part)


def _paused(letter: Letter) -> str:
    if letter.since is None:
        return gettext("no")
    if letter.until is None:
        words = gettext("since %(since)s (%(level)s)")
        return words % {"since": _day(letter.since), "level": letter.level}
    words = gettext("from %(since)s to %(until)s (%(level)s)")
    return words % {"since": _day(letter.since), "until": _day(letter.until), "level": letter.level}


def _signs(letter: Letter, width: float) -> list[Flowable]:
    if not letter.signs:
        return [*title(gettext("Warning signs")), text(gettext("None was answered with yes."))]
    shown = letter.signs[:MOST_SIGNS]
    lines = [
        text(f"{_day(sign.date)}: {shortened(sign.words, 110)}", bold=True, color=ALARM) for sign in shown
    ]
    left = len(letter.signs) - len(shown)
    if left:
        more = ngettext("and %(count)d more", "and %(count)d more", left) % {"count": left}
        lines.append(text(more, color=ALARM))
    box = Table(
        [[line] for line in lines],
        colWidths=[width],
        hAlign="LEFT",
        style=[*plain(), ("BOX", (0, 0), (-1, -1), 1, ALARM)],
    )
    return [*title(gettext("Warning signs that the runner answered with yes")), box]


def _why(letter: Letter) -> list[Flowable]:
    if not letter.reason:
        return []
    return [
        *title(gettext("Why the programme paused, as the runner was told")),
        text(shortened(letter.reason, MOST_REASON)),
    ]


def _days(letter: Letter, width: float) -> list[Flowable]:
    head = (
        gettext("Day"),
        gettext("Pain on waking"),
        gettext("At rest"),
        gettext("Session"),
        gettext("During"),
        gettext("After"),
        gettext("Leg pain"),
    )
    rows = [
        (date_format(day.date, "j M"), day.morning, day.rest, day.session, day.during, day.after, day.leg)
        for day in letter.days
    ]
    shares = (0.09, 0.14, 0.13, 0.2, 0.13, 0.13, 0.18)
    return [
        *title(gettext("The last 14 days: pain from 0 (none) to 10 (worst), as the runner entered it")),
        table(head, rows, [share * width for share in shares]),
        *_notes(letter),
    ]


def _notes(letter: Letter) -> list[Flowable]:
    """What stands behind the marks: the table says what a day counts as, as the decisions read it."""
    noted = [f"{date_format(day.date, 'j M')}: {day.notes}" for day in reversed(letter.days) if day.notes]
    if not noted:
        return []
    words = gettext("%(mark)s counts extra pain notes of that day. The notes, newest first: %(notes)s")
    notes = shortened(". ".join(noted), MOST_NOTES)
    return [text(words % {"mark": NOTED, "notes": notes}, 7.5, color=SOFT)]


def _decisions(letter: Letter, width: float) -> list[Flowable]:
    if not letter.decisions:
        return []
    head = (gettext("Day"), gettext("Decision"), gettext("Rule"), gettext("Reason"))
    rows = [
        (date_format(row.date, "j M"), row.outcome, row.rule, shortened(row.reason, MOST_DECISION))
        for row in letter.decisions
    ]
    shares = (0.09, 0.17, 0.2, 0.54)
    return [
        *title(gettext("The last decisions, newest first")),
        table(head, rows, [share * width for share in shares]),
    ]


def _advice(letter: Letter) -> list[Flowable]:
    steps = [text(f"{number}. {shortened(step, 200)}") for number, step in enumerate(letter.advice, start=1)]
    return [*title(gettext("What the runner was told to do")), *steps] if steps else []


def _question(letter: Letter, width: float) -> list[Flowable]:
    """Room for what she asks, in her own hand; then who she is and where an answer reaches her."""
    if letter.sender is None:
        return []
    signed = gettext("%(name)s, %(email)s. Signature:")
    given = {"name": _signature(letter.sender), "email": shortened(letter.sender.email, MOST_NAME)}
    box = Table(
        [[Spacer(0, 46)], [text(signed % given, color=SOFT)]],
        colWidths=[width],
        hAlign="LEFT",
        style=[*plain(), ("BOX", (0, 0), (-1, -1), 0.7, LINE)],
    )
    return [*title(gettext("What I ask you to look at")), box]


def _answer(width: float) -> list[Flowable]:
    """Room for an answer: the runner needs who, when and what to come back."""
    asked = gettext(
        "May this runner go back to walking and then to running? What should be avoided, and until when?"
    )
    signed = gettext("Name, role, date:")
    box = Table(
        [[text(asked, color=SOFT)], [Spacer(0, 54)], [text(signed, color=SOFT)]],
        colWidths=[width],
        hAlign="LEFT",
        style=[*plain(), ("BOX", (0, 0), (-1, -1), 0.7, LINE)],
    )
    return [*title(gettext("Your answer")), box]


def _limits(letter: Letter) -> list[Flowable]:
    words = gettext(
        "This is no diagnosis and no medical record. The site is not a medical device, and no clinician has "
        "approved its rules. The scores are the runner's own. In an emergency: %(number)s. The same day: "
        "%(service)s."
    )
    numbers = {"number": letter.emergency_number, "service": letter.urgent_service}
    return [Spacer(0, 7), text(words % numbers, 7.5, color=SOFT)]
