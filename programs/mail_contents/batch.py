"""Message number -> its content, in a number of queries that does not grow with the batch."""

import datetime
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.emails import in_language_of
from accounts.models import Consent
from programs.charts.weeks import monday_of
from programs.emails import NOTHING_MORE, Content
from programs.mail_contents.last_week import LastWeek, last_weeks
from programs.mail_contents.lists import lists_of
from programs.mail_contents.runners import enrolments_of, readings_of
from programs.mail_contents.today import holds_back, plan_of
from programs.mailing.reasons import BEGAN_LATER, OTHER_STEP, UNREADABLE
from programs.models import OF_A_LIST, Enrolment, MessageKind, MessageOwed, ProgrammeVersion
from programs.selectors.case_rows import FAULTY
from programs.selectors.editions_lived import title_in
from programs.selectors.reading import Reading
from programs.services.overtaken import is_her_step
from programs.shelf import editions
from programs.snapshots import contacts_of

logger = logging.getLogger(__name__)

WITH_PLAN = (MessageKind.REMINDER, MessageKind.NUDGE, MessageKind.AGAIN)
#: They name a step, and so must know what today allows.
WITH_STEP = (MessageKind.ADVANCE, MessageKind.STEP_BACK)
OF_A_DECISION = (*WITH_STEP, MessageKind.PAUSE)


@dataclass(frozen=True, slots=True)
class _Rows:
    """What was read for a batch, by enrolment id; versions by their own."""

    enrolments: dict[int, Enrolment]
    readings: dict[int, Reading]
    weeks: dict[int, LastWeek]
    versions: dict[int, ProgrammeVersion]
    #: (Runner, physiotherapist) with access now, of red flags that nobody has seen.
    lets_in: frozenset[tuple[int, int]]


def contents_of(messages: list[MessageOwed], now: datetime.datetime) -> dict[int, Content]:
    """What each message says, in the language of its recipient.

    A runner whose rows cannot be read gets her mail without what they would
    have said: no fault of one row keeps back another's mail, or a pause.
    """
    lists = [message for message in messages if message.kind in OF_A_LIST]
    others = [message for message in messages if message.kind not in OF_A_LIST]
    found = dict.fromkeys((message.pk for message in messages), NOTHING_MORE)
    if others:
        found |= _of_runners(others, now)
    if lists:
        found |= lists_of(lists, now)
    return found


def _of_runners(messages: list[MessageOwed], now: datetime.datetime) -> dict[int, Content]:
    enrolments = enrolments_of(message.enrolment_id for message in messages)
    read = [m.enrolment_id for m in messages if m.kind in (*WITH_PLAN, *WITH_STEP)]
    rows = _Rows(
        enrolments=enrolments,
        readings=readings_of([enrolments[pk] for pk in dict.fromkeys(read) if pk in enrolments], now),
        weeks=_weeks(messages, enrolments),
        lets_in=_lets_in([m for m in messages if m.kind == MessageKind.FLAG_UNSEEN], now),
        versions=editions(m.decision.version_id for m in messages if m.kind in OF_A_DECISION),
    )
    found = {}
    for message in messages:
        with in_language_of(message.recipient):
            found[message.pk] = _carefully(_content, message, rows) or _less(message)
    return found


def _weeks(messages: list[MessageOwed], enrolments: dict[int, Enrolment]) -> dict[int, LastWeek]:
    weekly = [m for m in messages if m.kind == MessageKind.WEEKLY and m.enrolment_id in enrolments]
    return last_weeks({enrolments[m.enrolment_id]: m.local_date for m in weekly}) if weekly else {}


def _lets_in(messages: list[MessageOwed], now: datetime.datetime) -> frozenset[tuple[int, int]]:
    if not messages:
        return frozenset()
    consents = Consent.objects.in_force(now).filter(clinician__in={row.recipient_id for row in messages})
    return frozenset(consents.values_list("runner", "clinician"))


def _content(message: MessageOwed, rows: _Rows) -> Content:
    """Where something cannot be read, the mail says less and never more."""
    enrolment = rows.enrolments.get(message.enrolment_id)
    if enrolment is None:
        return NOTHING_MORE
    context: dict[str, Any] = {}
    reading = rows.readings.get(enrolment.pk)
    if message.kind in WITH_PLAN:
        context["plan"] = reading and _carefully(plan_of, reading, message.local_date)
    if message.kind in WITH_STEP:
        if not is_her_step(message.decision, enrolment):
            return Content({"holds_back": True}, skip=OTHER_STEP)
        context["holds_back"] = reading is None or _carefully(holds_back, reading) is not False
    if message.kind in OF_A_DECISION:
        version = rows.versions[message.decision.version_id]
        context["stage_title"] = title_in(version, message.decision.stage_after)
    if message.kind == MessageKind.FLAG_UNSEEN:
        context["lets_in"] = (enrolment.runner_id, message.recipient_id) in rows.lets_in
    if message.kind == MessageKind.WEEKLY:
        week = rows.weeks.get(enrolment.pk)
        if week is None:
            began_later = enrolment.started_on >= monday_of(message.local_date)
            return Content(skip=BEGAN_LATER if began_later else UNREADABLE)
        context["week"] = week
    told = () if message.recipient_id == enrolment.runner_id else (enrolment.runner_id,)
    return Content(context, told=told, contacts=contacts_of(enrolment))


def _less(message: MessageOwed) -> Content:
    """Where nothing can be read: no plan and no step, and of a week nothing at all."""
    if message.kind == MessageKind.WEEKLY:
        return Content(skip=UNREADABLE)
    return Content({"plan": None, "holds_back": True})


def _carefully(ask: Callable[..., Any], *about) -> Any:
    """None where the rows are at fault: a mail is no place to find that out."""
    try:
        return ask(*about)
    except FAULTY:
        logger.exception("A mail says less than it might: %s", ask.__name__)
        return None
