"""Mails and cases of a batch: of the few whose step or pause changed."""

import datetime
import logging
from collections.abc import Sequence

from programs.engine.values import Outcome
from programs.models import Decision, Enrolment
from programs.services.closing.deciding import Closed
from programs.services.closing.mails import KIND_OF, owe_steps
from programs.services.closing.places import Places
from programs.services.guarded import TRANSIENT
from programs.services.messages import owe_for_decisions, with_untold
from programs.services.red_flag_cases import open_cases

logger = logging.getLogger(__name__)


def tell(closed: list[Closed], places: Places, now: datetime.datetime) -> None:
    steps = [one for one in closed if one.day.decision in KIND_OF and one.refer == one.row.refer]
    left = _of_steps(steps, now) if steps else []
    left += [one for one in closed if one.refer != one.row.refer]
    left += _untold([one for one in closed if _goes_on(one, places)], now)
    if left:
        _as_objects(left, places, now)


def _of_steps(steps: list[Closed], now: datetime.datetime) -> list[Closed]:
    """Owe their mails; those come back for whom that has to be done the long way."""
    try:
        there = owe_steps(steps, now)
    except TRANSIENT:
        raise
    except Exception:
        logger.exception("The mails of the steps of a batch cannot be owed at once; owing them the long way")
        return steps
    return [one for one in steps if one.row.pk in there]


def _goes_on(one: Closed, places: Places) -> bool:
    """A pause that goes on is news only to whoever was let in since."""
    paused = one.day.decision is Outcome.PAUSE_AND_REFER and one.refer == one.row.refer
    return paused and one.row.runner in places.clinics


def _untold(paused: list[Closed], now: datetime.datetime) -> list[Closed]:
    """Those of whom somebody who was let in has not heard yet: few, and of most nobody has to be asked."""
    untold = with_untold([(one.row.pk, one.row.runner, one.refer) for one in paused], now)
    return [one for one in paused if one.row.pk in untold]


def _as_objects(told: Sequence[Closed], places: Places, now: datetime.datetime) -> None:
    """These few are read back, because mails and cases are made of them."""
    ids = [one.row.pk for one in told]
    enrolments = Enrolment.objects.select_related("runner").in_bulk(ids)
    rows = Decision.objects.day_closes(ids, {one.day.date for one in told}).defer("criteria", "inputs")
    decisions = {(row.enrolment_id, row.date): row for row in rows}
    for one in told:
        enrolments[one.row.pk].of_clinic = places.clinic_of(one.row.runner)
    owe_for_decisions(
        [(decisions[one.row.pk, one.day.date], enrolments[one.row.pk], one.row.refer) for one in told], now
    )
    open_cases([enrolments[one.row.pk] for one in told if one.refer != one.row.refer], now)
