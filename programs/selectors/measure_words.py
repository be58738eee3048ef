"""Scores and their changes in plain words; nothing here says "you", because two people read it."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from programs.measures.change import Course, Limits
from programs.measures.due import Occasion
from programs.measures.items import NOT_APPLICABLE, TICKS, Answer, Item
from programs.presentation import Tag

COURSES: dict[Course, Tag] = {
    Course.IMPROVED: Tag(gettext_lazy("Better"), "advance", "check"),
    Course.NO_CLEAR_CHANGE: Tag(gettext_lazy("No clear change"), "neutral", "hold"),
    Course.WORSE: Tag(gettext_lazy("Worse"), "hold", "warning"),
    Course.CANNOT_BE_TOLD: Tag(gettext_lazy("Cannot be told yet"), "neutral", "question"),
}
#: Of a first week or a first answer, which nothing can be compared with yet.
TOO_EARLY = Tag(gettext_lazy("Too early to tell"), "neutral", "question")
OCCASIONS: dict[str, str] = {
    Occasion.INTAKE: gettext_lazy("At the start"),
    Occasion.FORTNIGHT: gettext_lazy("On the way"),
    Occasion.END: gettext_lazy("At the last step"),
}


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """What became of a score: ``tag`` in a word, ``text`` in sentences, ``basis`` says whose limit it is."""

    tag: Tag
    text: str
    basis: str = ""


def number_words(hundredths: int) -> str:
    """A score as people write it: 3, 3.5 or 3.33."""
    value = (Decimal(hundredths) / 100).normalize()
    return number_format(value, decimal_pos=max(-value.as_tuple().exponent, 0))


def score_words(hundredths: int | None) -> str:
    return _("too few answers") if hundredths is None else number_words(hundredths)


def course_words(course: Course, first: int | None, last: int | None, limits: Limits) -> str:
    """From what to what, by how much, and against which limit."""
    if first is None or last is None:
        return ""
    if limits.absolute is None and limits.percent is None:
        moved = _("From %(first)s to %(last)s.") % _pair(first, last)
        return f"{moved} {_('No limit is known for what counts as a real change.')}"
    moved = _("From %(first)s to %(last)s, a change of %(size)s.") % _pair(first, last)
    if first == last:
        return _("%(first)s both times.") % _pair(first, last)
    return f"{moved} {_verdict(course)} {limit_words(limits)}"


def limit_words(limits: Limits) -> str:
    """The limit as a sentence."""
    if limits.percent is None:
        return _("A real change is %(points)s or more.") % {"points": number_words(limits.absolute)}
    percent = {"percent": number_words(round(limits.percent * 100))}
    if limits.absolute is None:
        return _("A real change is %(percent)s %% of the first score or more.") % percent
    both = percent | {"points": number_words(limits.absolute), "least": number_words(limits.at_least)}
    if not limits.at_least:
        return _("A real change is %(points)s or more, or %(percent)s %% of the first score.") % both
    words = _(
        "A real change is %(points)s or more, or %(percent)s %% of the first score (at least %(least)s)."
    )
    return words % both


def items_words(shared: int, answered: int) -> str:
    """On how many items two scores were compared, where that is not all of them."""
    if shared == answered:
        return ""
    return ngettext(
        "Compared on the %(count)d item that was scored both times.",
        "Compared on the %(count)d items that were scored both times.",
        shared,
    ) % {"count": shared}


def answer_words(item: Item | None, answer: Answer) -> str:
    """One answer for a table; a missing one is never a zero."""
    if answer is None:
        return _("not answered")
    if answer == NOT_APPLICABLE:
        return _("does not apply")
    if isinstance(answer, list):
        return str(len(answer)) if item is None or item.kind == TICKS else ""
    return str(answer)


def _verdict(course: Course) -> str:
    if course in (Course.IMPROVED, Course.WORSE):
        return _("That is more than the usual ups and downs.")
    return _("That can be chance.")


def _pair(first: int, last: int) -> dict[str, str]:
    size = number_words(abs(last - first))
    return {"first": number_words(first), "last": number_words(last), "size": size}
