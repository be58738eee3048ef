"""Mails about a physiotherapist's list: who needs her today, and acts to be looked at again."""

import datetime
import logging
from collections import Counter
from dataclasses import dataclass

from accounts.emails import in_language_of
from accounts.links import absolute
from accounts.models import User
from accounts.models.user import clean_name
from programs.caseload_words import NEEDS
from programs.clinic_defaults import clinic_defaults_of
from programs.emails import Content
from programs.engine.triage import NeedCode, order_key
from programs.mail_contents.caseloads import caseloads_of, told_by_digest
from programs.models import MessageKind, MessageOwed
from programs.selectors.case_rows import FAULTY
from programs.selectors.caseload_row import address
from programs.selectors.cases import Case
from programs.selectors.needs import standing_words, words_of

logger = logging.getLogger(__name__)

#: A mail is no list: the others are counted, and behind the link.
MOST_ROWS = 30
#: Nobody waits for her there.
NOTHING_TO_DO = (NeedCode.READY, NeedCode.FINE)


@dataclass(frozen=True, slots=True)
class ListRow:
    """``who`` is a name, and ``reason`` more than the need, only where the runner's clinic says so."""

    runner_id: int
    who: str
    need: str
    reason: str
    standing: str
    link: str
    is_review_due: bool


def lists_of(messages: list[MessageOwed], now: datetime.datetime) -> dict[int, Content]:
    """Contents of digests and reviews; as many queries for twenty as for two."""
    caseloads = caseloads_of([message.recipient for message in messages], now)
    digests = told_by_digest(messages)
    found = {}
    for message in messages:
        with in_language_of(message.recipient):
            cases = caseloads[message.recipient_id]
            if message.kind == MessageKind.DIGEST:
                found[message.pk] = _digest(cases, message.recipient)
            elif (message.recipient_id, message.local_date) in digests:
                found[message.pk] = Content(skip="today's digest tells it")
            else:
                found[message.pk] = _reviews(cases, message.recipient)
    return found


def _digest(cases: list[Case], reader: User) -> Content:
    waiting = [case for case in cases if case.need.code not in NOTHING_TO_DO]
    if not waiting:
        return Content(skip="nobody needs her today")
    counted = Counter(case.need.code for case in waiting)
    return _content(
        waiting,
        reader,
        counts=[(str(NEEDS[code].label), counted[code]) for code in NeedCode if counted[code]],
        total=len(waiting),
        on_the_list=len(cases),
    )


def _reviews(cases: list[Case], reader: User) -> Content:
    due = [case for case in cases if case.review is not None]
    if not due:
        return Content(skip="no review is due today")
    return _content(due, reader, total=len(due))


def _content(cases: list[Case], reader: User, **context) -> Content:
    cases = sorted(
        cases, key=lambda case: order_key(case.need, str(case.enrolment.runner), case.enrolment.pk)
    )
    rows = [_row(case, reader) for case in cases[:MOST_ROWS]]
    more = len(cases) - len(rows)
    return Content({**context, "rows": rows, "more": more}, told=tuple(row.runner_id for row in rows))


def _row(case: Case, reader: User) -> ListRow:
    runner = case.enrolment.runner
    is_named = clinic_defaults_of(case.enrolment).mails_name_runners
    is_review_due = case.review is not None and case.need.code is not NeedCode.REVIEW_DUE
    return ListRow(
        runner_id=runner.pk,
        who=clean_name(str(runner)) if is_named else runner.initials,
        need=str(NEEDS[case.need.code].label),
        reason=_reason(case, reader) if is_named else "",
        standing=str(standing_words(case)),
        link=absolute(address("runner", case.enrolment.public_id)),
        is_review_due=is_review_due,
    )


def _reason(case: Case, reader: User) -> str:
    """Nothing where a row is at fault: the need itself is known, and she has to be on the list."""
    try:
        return clean_name(words_of(case, by=reader).reason)
    except FAULTY:
        logger.exception("No reason can be told for enrolment %s", case.enrolment.pk)
        return ""
