"""Outcome measures: activities of the runner's own, and answers to questionnaires. Nothing is ever changed.

The programme does not read any of it; so nothing is decided again and no job is told.
"""

import datetime
from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from accounts.models import User
from programs.engine.calendar import local_date
from programs.library.loader import QUESTIONNAIRE
from programs.measures.due import Answered, Occasion, final_since, occasion_of
from programs.measures.items import Answer, Item, items_of
from programs.measures.scoring import score
from programs.models import Enrolment, LibraryItem, MeasureResponse, NamedActivity
from programs.models.measures import LONGEST_ACTIVITY, MOST_ACTIVITIES
from programs.services.errors import Refused


def name_activities(
    *, enrolment: Enrolment, by: User, now: datetime.datetime, words: Sequence[str]
) -> tuple[NamedActivity, ...]:
    """Add activities to those that are named; what is there already stays as it is.

    A repeat of the same form adds nothing. Raises Refused.
    """
    wanted = [" ".join(text.split()) for text in words]
    wanted = [text for text in wanted if text]
    with transaction.atomic():
        enrolment = _own(enrolment, by)
        named = list(NamedActivity.objects.filter(enrolment=enrolment).order_by("position"))
        new = _new(wanted, [activity.words for activity in named])
        if not wanted:
            raise Refused(_("Write at least one, or leave it for now."))
        if len(named) + len(new) > MOST_ACTIVITIES:
            raise Refused(
                _("Five is the most. You can add %(count)d more.") % {"count": MOST_ACTIVITIES - len(named)}
            )
        rows = [
            NamedActivity(enrolment=enrolment, position=position, words=text, named_at=now)
            for position, text in enumerate(new, start=len(named) + 1)
        ]
        return (*named, *NamedActivity.objects.bulk_create(rows))


def answer_questionnaire(
    *,
    enrolment: Enrolment,
    by: User,
    now: datetime.datetime,
    key: str,
    edition: int,
    answers: Mapping[str, Answer],
) -> MeasureResponse:
    """Keep the answers of today to one edition, each with the words that were shown; None is not answered.

    One response a day: the first one counts. Raises Refused.
    """
    try:
        with transaction.atomic():
            enrolment = _own(enrolment, by)
            document = _document(key, edition)
            items = items_of(document, _activities(enrolment, document))
            _check(items, answers)
            today = local_date(now, enrolment.runner.zone)
            if MeasureResponse.objects.filter(enrolment=enrolment, questionnaire=key, date=today).exists():
                raise _answered_today()
            found = score(document, items, answers)
            return MeasureResponse.objects.create(
                enrolment=enrolment,
                questionnaire=key,
                edition=edition,
                date=today,
                occasion=_occasion(enrolment, key),
                answers=[
                    {"item": item.key, "words": item.words, "answer": answers.get(item.key)} for item in items
                ],
                score_hundredths=found.hundredths if found else None,
                answered_at=now,
                answered_by=by,
            )
    except IntegrityError:
        raise _answered_today() from None


def _own(enrolment: Enrolment, by: User) -> Enrolment:
    """Her programme, locked: two forms that are sent at once follow each other."""
    enrolment = Enrolment.objects.locked(enrolment.pk)
    if by.pk != enrolment.runner_id:
        raise Refused(_("Only the runner answers for herself."))
    if not enrolment.is_active:
        raise Refused(_("This programme has ended; nothing can be added to it."))
    return enrolment


def _new(wanted: Sequence[str], named: Sequence[str]) -> list[str]:
    """What is not there yet, each once."""
    seen, new = {text.casefold() for text in named}, []
    for text in wanted:
        if len(text) > LONGEST_ACTIVITY:
            raise Refused(_("Keep each to %(most)d letters or fewer.") % {"most": LONGEST_ACTIVITY})
        if text.casefold() not in seen:
            seen.add(text.casefold())
            new.append(text)
    return new


def _document(key: str, edition: int) -> dict:
    item = LibraryItem.objects.filter(kind=QUESTIONNAIRE, key=key, number=edition).first()
    if item is None or not item.document.get("is_asked", True):
        raise Refused(_("These questions are no longer asked."))
    return item.document


def _activities(enrolment: Enrolment, document: dict) -> list[tuple[str, str]]:
    if "own_activities" not in document:
        return []
    rows = NamedActivity.objects.filter(enrolment=enrolment).order_by("position")
    return [(str(row.position), row.words) for row in rows]


def _check(items: Sequence[Item], answers: Mapping[str, Answer]) -> None:
    known = {item.key: item for item in items}
    for key, answer in answers.items():
        if key not in known or not known[key].takes(answer):
            raise Refused(_("Choose one of the answers that are offered."), key if key in known else None)
    if all(answer is None for answer in answers.values()):
        raise Refused(_("Answer at least one, or come back another day."))


def _occasion(enrolment: Enrolment, key: str) -> Occasion:
    dates = MeasureResponse.objects.filter(enrolment=enrolment, questionnaire=key).aggregate(
        last=Max("date"), last_at_end=Max("date", filter=Q(occasion=Occasion.END))
    )
    stages = enrolment.version.document["stages"]
    final = final_since(stages, enrolment.stage, enrolment.stage_entered_on)
    return occasion_of(Answered(**dates), final=final)


def _answered_today() -> Refused:
    return Refused(_("You answered this today already. The first answers count; they stay as they are."))
