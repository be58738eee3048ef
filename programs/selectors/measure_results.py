"""What came of one questionnaire so far: the line, the table that equals it, and the change."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from programs.charts.scores import ScoreLine, score_line
from programs.measures.change import course_of, item_limits_of, limits_of
from programs.measures.items import Item, items_of
from programs.measures.scoring import band_of, score, shared, span
from programs.models import MeasureResponse
from programs.selectors.evidence import Source, evidence_of
from programs.selectors.measure_words import (
    COURSES,
    OCCASIONS,
    TOO_EARLY,
    ChangeWords,
    answer_words,
    course_words,
    items_words,
    score_words,
)


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """One day's answers; ``cells`` are those to the activities, in their order."""

    date: datetime.date
    occasion: str
    score: str
    band: str
    answered: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemChange:
    """An activity of the runner's own, and how it moved."""

    number: int
    words: str
    change: ChangeWords | None


@dataclass(frozen=True, slots=True)
class Result:
    """``rows`` newest first. ``licence`` is shown wherever the questionnaire is."""

    key: str
    title: str
    full_name: str
    scale: str
    licence: str
    activities: tuple[ItemChange, ...]
    rows: tuple[ResponseRow, ...]
    line: ScoreLine | None
    summary: str
    change: ChangeWords | None
    is_asked: bool
    needs_activities: bool


def result_of(
    document: dict,
    responses: Sequence[MeasureResponse],
    activities: Sequence[tuple[str, str]],
    sources: dict[str, Source],
) -> Result:
    """``responses`` of this questionnaire, oldest first."""
    items = items_of(document, activities)
    lowest, highest = span(document, items)
    scores = [(row.date, row.score_hundredths) for row in responses if row.score_hundredths is not None]
    own = items if "own_activities" in document else ()
    return Result(
        key=document["key"],
        title=document["title"],
        full_name=document.get("full_name", ""),
        scale=_scale(document, lowest, highest),
        licence=document["licence"]["text"],
        activities=tuple(
            ItemChange(number, item.words, _item_change(document, item, responses))
            for number, item in enumerate(own, start=1)
        ),
        rows=tuple(_row(document, row, own) for row in reversed(responses)),
        line=score_line(scores, (lowest, highest)),
        summary=_summary(scores),
        change=_change(document, items, responses, sources) if responses else None,
        is_asked=document.get("is_asked", True),
        needs_activities="own_activities" in document and not activities,
    )


def answers_of(response: MeasureResponse, items: Sequence[Item]) -> dict:
    """The answers to items that are the same now as they were shown then."""
    known = {item.key: item.words for item in items}
    return {
        given["item"]: given["answer"]
        for given in response.answers
        if known.get(given["item"]) == given["words"]
    }


def _scale(document: dict, lowest: int, highest: int) -> str:
    better = document["scoring"]["higher_is"] == "better"
    ends = {"low": lowest, "high": highest}
    if better:
        return _("From %(low)d to %(high)d; more is better.") % ends
    return _("From %(low)d to %(high)d; less is better.") % ends


def _row(document: dict, row: MeasureResponse, own: Sequence[Item]) -> ResponseRow:
    given = {answer["item"]: answer["answer"] for answer in row.answers}
    known = sum(answer is not None for answer in given.values())
    return ResponseRow(
        date=row.date,
        occasion=OCCASIONS[row.occasion],
        score=score_words(row.score_hundredths),
        band=band_of(document, row.score_hundredths) if row.score_hundredths is not None else "",
        answered=_("%(known)d of %(all)d") % {"known": known, "all": len(given)},
        cells=tuple(answer_words(item, given.get(item.key)) for item in own),
    )


def _summary(scores: Sequence[tuple[datetime.date, int]]) -> str:
    """The picture in a sentence, for those who do not see it."""
    if not scores:
        return ""
    return _("%(count)d scores, the first %(first)s, the newest %(last)s. The table holds every number.") % {
        "count": len(scores),
        "first": score_words(scores[0][1]),
        "last": score_words(scores[-1][1]),
    }


def _change(
    document: dict, items: Sequence[Item], responses: Sequence[MeasureResponse], sources: dict[str, Source]
) -> ChangeWords:
    """The newest response against the first one, on what was answered both times."""
    if len(responses) < 2:
        return ChangeWords(TOO_EARLY, _("The next answers are compared with these."))
    given = [answers_of(row, items) for row in (responses[0], responses[-1])]
    both = shared(items, *given)
    scores = [score(document, both, answers) for answers in given]
    first, last = (found.hundredths if found else None for found in scores)
    important = document.get("important_change")
    limits = limits_of(important)
    is_up = document["scoring"]["higher_is"] == "better"
    course = course_of(first, last, limits, higher_is_better=is_up)
    if first is None or last is None:
        return ChangeWords(COURSES[course], _("Too few answers are there both times to compare them."))
    words = course_words(course, first, last, limits)
    beside = items_words(len(both), len(items))
    return ChangeWords(COURSES[course], f"{words} {beside}".strip(), _basis(important, sources))


def _item_change(document: dict, item: Item, responses: Sequence[MeasureResponse]) -> ChangeWords | None:
    """One activity, from its first score to its newest; None with fewer than two."""
    scores = [answers_of(row, [item]).get(item.key) for row in responses]
    known = [given * 100 for given in scores if given is not None and item.takes(given)]
    if len(known) < 2:
        return None
    limits = item_limits_of(document.get("important_change"))
    is_up = document["scoring"]["higher_is"] == "better"
    course = course_of(known[0], known[-1], limits, higher_is_better=is_up)
    return ChangeWords(COURSES[course], course_words(course, known[0], known[-1], limits))


def _basis(important: dict | None, sources: dict[str, Source]) -> str:
    """Whose limit it is and how sure that is, each work once."""
    amounts = [important[name] for name in ("absolute", "percent") if name in (important or {})]
    return " ".join(dict.fromkeys(evidence_of(amount, sources).words for amount in amounts))
