"""Mails about a physiotherapist's list: who needs her today, and acts to be looked at again."""

import datetime
import logging
from collections import Counter
from dataclasses import dataclass

from accounts.emails import in_language_of
from accounts.links import absolute
from accounts.models import User
from accounts.models.user import clean_name
from accounts.selectors.clinic_defaults import AS_THE_SITE, defaults_where_works
from programs.caseload_words import NEEDS, NEEDS_IN_BRIEF
from programs.clinic_defaults import clinic_defaults_of
from programs.emails import Content
from programs.engine.triage import RANKS, NeedCode, order_key
from programs.mail_contents.caseloads import caseloads_of, told_by_digest
from programs.mailing.reasons import IN_DIGEST, NO_REVIEW, NOBODY_NEEDS_HER
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
    """``who`` is a name, ``need`` more than an urgency, and there a ``reason``, where her clinic says so."""

    runner_id: int
    who: str
    need: str
    reason: str
    standing: str
    link: str
    is_review_due: bool


@dataclass(frozen=True, slots=True)
class _Reader:
    """``by_name``: the clinic in which she works lets mails name runners."""

    person: User
    by_name: bool


def lists_of(messages: list[MessageOwed], now: datetime.datetime) -> dict[int, Content]:
    """Contents of digests and reviews; as many queries for twenty as for two."""
    caseloads = caseloads_of([message.recipient for message in messages], now)
    digests = told_by_digest(messages)
    works = defaults_where_works(message.recipient_id for message in messages)
    found = {}
    for message in messages:
        with in_language_of(message.recipient):
            cases = caseloads[message.recipient_id]
            clinic = works.get(message.recipient_id, AS_THE_SITE)
            reader = _Reader(message.recipient, by_name=clinic.mails_name_runners)
            if message.kind == MessageKind.DIGEST:
                found[message.pk] = _digest(cases, reader)
            elif (message.recipient_id, message.local_date) in digests:
                found[message.pk] = Content(skip=IN_DIGEST)
            else:
                found[message.pk] = _reviews(cases, reader)
    return found


def _digest(cases: list[Case], reader: _Reader) -> Content:
    waiting = [case for case in cases if case.need.code not in NOTHING_TO_DO]
    if not waiting:
        return Content(skip=NOBODY_NEEDS_HER)
    waiting.sort(key=lambda case: RANKS[case.need.code])
    return _content(
        waiting,
        reader,
        counts=list(Counter(_need(case, reader) for case in waiting).items()),
        total=len(waiting),
        on_the_list=len(cases),
    )


def _reviews(cases: list[Case], reader: _Reader) -> Content:
    due = [case for case in cases if case.review is not None]
    if not due:
        return Content(skip=NO_REVIEW)
    return _content(due, reader, total=len(due))


def _content(cases: list[Case], reader: _Reader, **context) -> Content:
    cases = sorted(
        cases, key=lambda case: order_key(case.need, str(case.enrolment.runner), case.enrolment.pk)
    )
    rows = [_row(case, reader) for case in cases[:MOST_ROWS]]
    more = len(cases) - len(rows)
    return Content({**context, "rows": rows, "more": more}, told=tuple(row.runner_id for row in rows))


def _row(case: Case, reader: _Reader) -> ListRow:
    runner = case.enrolment.runner
    is_named = _is_named(case, reader)
    is_review_due = case.review is not None and case.need.code is not NeedCode.REVIEW_DUE
    return ListRow(
        runner_id=runner.pk,
        who=clean_name(str(runner)) if is_named else runner.initials,
        need=_need(case, reader),
        reason=_reason(case, reader) if is_named else "",
        standing=str(standing_words(case)),
        link=absolute(address("runner", case.enrolment.public_id)),
        is_review_due=is_review_due,
    )


def _is_named(case: Case, reader: _Reader) -> bool:
    """Both her clinic and that of the reader let mails name runners and say what is the matter with them."""
    return reader.by_name and clinic_defaults_of(case.enrolment).mails_name_runners


def _need(case: Case, reader: _Reader) -> str:
    code = case.need.code
    return str(NEEDS[code].label if _is_named(case, reader) else NEEDS_IN_BRIEF[code])


def _reason(case: Case, reader: _Reader) -> str:
    """Nothing where a row is at fault: the need itself is known, and she has to be on the list."""
    try:
        return clean_name(words_of(case, by=reader.person).reason)
    except FAULTY:
        logger.exception("No reason can be told for enrolment %s", case.enrolment.pk)
        return ""
