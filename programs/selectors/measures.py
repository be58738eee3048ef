"""Outcome measures: what is due today, one questionnaire to answer, and what came of all of them."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import BigIntegerField, Exists, Max, OuterRef, Q, QuerySet

from accounts.statements import Given, Statement
from programs.library.loader import QUESTIONNAIRE
from programs.measures.due import INVITED_DAYS, Answered, Occasion, due, final_since
from programs.measures.items import Item, items_of
from programs.models import Enrolment, LibraryItem, MeasureResponse, NamedActivity
from programs.models.measures import MOST_ACTIVITIES
from programs.said import said_document
from programs.selectors.evidence import sources_by_key
from programs.selectors.measure_results import Result, result_of
from programs.selectors.pain_means import PainMeans, pain_means
from programs.shelf import shelf


@dataclass(frozen=True, slots=True)
class Standing:
    """A questionnaire that is asked, and when it was answered."""

    key: str
    document: dict
    answered: Answered

    @property
    def is_own(self) -> bool:
        return "own_activities" in self.document

    @property
    def is_asked(self) -> bool:
        return self.document.get("is_asked", True)


@dataclass(frozen=True, slots=True)
class Asked:
    """A questionnaire that waits for answers."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class MeasureDue:
    """What the card on the home page says; ``invites``: no activity is named yet."""

    asked: tuple[Asked, ...]
    invites: bool


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """One questionnaire today. ``needs_activities``: there is nothing to score yet."""

    key: str
    edition: int
    title: str
    intro: str
    recall: str
    licence: str
    items: tuple[Item, ...]
    is_answered_today: bool
    needs_activities: bool


@dataclass(frozen=True, slots=True)
class ActivitiesPage:
    """Activities that are named, and whether one of them can be scored next."""

    named: tuple[str, ...]
    can_add: int


@dataclass(frozen=True, slots=True)
class MeasuresPage:
    """For the runner and her physiotherapist alike; ``due`` is for the runner."""

    due: MeasureDue | None
    results: tuple[Result, ...]
    pain: PainMeans
    activities: tuple[str, ...]
    can_add: int


def measures_due(enrolment: Enrolment, today: datetime.date) -> MeasureDue | None:
    """What is due, None where nothing is; it never stands in the way.

    One query beside the library's, none in a pause.
    """
    if enrolment.is_paused or not enrolment.is_active:
        return None
    rows = _answers_so_far.rows(enrolment=enrolment.pk)
    answered = {key: Answered(last, last_at_end) for key, last, last_at_end, _ in rows if key}
    return _due(
        enrolment,
        today,
        _standings(enrolment, answered),
        has_activities=any(is_named for *_, is_named in rows),
        may_invite=(today - enrolment.started_on).days < INVITED_DAYS,
    )


@Statement
def _answers_so_far() -> QuerySet:
    """Questionnaire, last answered, last answered at the end; and whether an activity is named."""
    activities = NamedActivity.objects.filter(enrolment=OuterRef("pk"))
    # One row where nothing was answered yet: what it says of the activities counts all the same.
    mine = Enrolment.objects.filter(pk=Given("enrolment", BigIntegerField()))
    at_end = Q(measure_responses__occasion=Occasion.END)
    rows = mine.values("measure_responses__questionnaire").annotate(
        last=Max("measure_responses__date"),
        last_at_end=Max("measure_responses__date", filter=at_end),
        is_named=Exists(activities),
    )
    return rows.values_list("measure_responses__questionnaire", "last", "last_at_end", "is_named")


def _standings(enrolment: Enrolment, answered: Mapping[str, Answered]) -> list[Standing]:
    """Every questionnaire of the library, in the order of their keys."""
    rows = shelf(_edition(enrolment)).of(QUESTIONNAIRE)
    return [Standing(row.key, shown(row.document), answered.get(row.key, Answered())) for row in rows]


def _edition(enrolment: Enrolment) -> int | None:
    """Of the library; known where the door of the page read it with the enrolment."""
    return getattr(enrolment, "library_edition", None)


def _due(
    enrolment: Enrolment,
    today: datetime.date,
    standings: Sequence[Standing],
    *,
    has_activities: bool,
    may_invite: bool,
) -> MeasureDue | None:
    if enrolment.is_paused or not enrolment.is_active:
        return None
    stages = enrolment.version.document["stages"]
    final = final_since(stages, enrolment.stage, enrolment.stage_entered_on)
    offered = [standing for standing in standings if standing.is_asked]
    asked = tuple(
        Asked(standing.key, standing.document["title"])
        for standing in offered
        if (has_activities or not standing.is_own) and due(standing.answered, final=final, today=today)
    )
    invites = may_invite and not has_activities and any(standing.is_own for standing in offered)
    return MeasureDue(asked, invites) if asked or invites else None


def activities_page(enrolment: Enrolment) -> ActivitiesPage:
    """The activities so far (one query)."""
    named = tuple(words for _, words in _activities(enrolment))
    return ActivitiesPage(named, can_add=MOST_ACTIVITIES - len(named))


def answer_page(
    enrolment: Enrolment, key: str, today: datetime.date, edition: int | None = None
) -> AnswerPage | None:
    """A questionnaire to answer, the newest edition unless told; None where it is not asked."""
    rows = LibraryItem.objects.of_kind(QUESTIONNAIRE).filter(key=key).order_by("-number")
    row = (rows if edition is None else rows.filter(number=edition)).first()
    if row is None or not row.document.get("is_asked", True):
        return None
    document = shown(row.document)
    is_own = "own_activities" in document
    items = items_of(document, _activities(enrolment) if is_own else ())
    answered = MeasureResponse.objects.filter(enrolment=enrolment, questionnaire=key)
    return AnswerPage(
        key=key,
        edition=row.number,
        title=document["title"],
        intro=document["intro"],
        recall=document["recall"],
        licence=document["licence"]["text"],
        items=items,
        is_answered_today=answered.filter(date=today).exists(),
        needs_activities=is_own and not items,
    )


def measures_page(enrolment: Enrolment, today: datetime.date) -> MeasuresPage:
    """Everything that was answered, with its change and its source: three queries beside the library's."""
    responses: dict[str, list[MeasureResponse]] = {}
    for response in MeasureResponse.objects.filter(enrolment=enrolment).order_by("date"):
        responses.setdefault(response.questionnaire, []).append(response)
    standings = _standings(enrolment, {key: _answered(given) for key, given in responses.items()})
    activities, sources = _activities(enrolment), sources_by_key(_edition(enrolment))
    return MeasuresPage(
        due=_due(enrolment, today, standings, has_activities=bool(activities), may_invite=True),
        results=tuple(
            result_of(standing.document, responses.get(standing.key, []), activities, sources)
            for standing in standings
            if standing.is_asked or standing.key in responses
        ),
        pain=pain_means(enrolment, today, sources),
        activities=tuple(words for _, words in activities),
        can_add=MOST_ACTIVITIES - len(activities),
    )


def _answered(responses: Sequence[MeasureResponse]) -> Answered:
    at_end = [response.date for response in responses if response.occasion == Occasion.END]
    return Answered(responses[-1].date, at_end[-1] if at_end else None)


def shown(document: dict) -> dict:
    """A questionnaire in the language of whoever reads it.

    Its items stay in the words in which they were validated; only where they are the runner's own
    activities is everything around them ours to translate.
    """
    return said_document(document) if "own_activities" in document else document


def _activities(enrolment: Enrolment) -> list[tuple[str, str]]:
    """Keys and words, in the order in which they were named (one query)."""
    rows = NamedActivity.objects.filter(enrolment=enrolment).order_by("position")
    return [(str(position), words) for position, words in rows.values_list("position", "words")]
