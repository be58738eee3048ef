"""A mail that somebody sends herself to see what it is like, of the kinds that she may choose."""

import datetime
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.emails import Words, in_language_of
from accounts.links import page
from accounts.models import User
from programs.caseload_words import NEEDS
from programs.charts.weeks import monday_of
from programs.emails import NOTHING_MORE, words_for
from programs.engine.calendar import local_date
from programs.engine.triage import NeedCode
from programs.engine.values import Outcome, Refer
from programs.mail_contents.batch import WITH_STEP, contents_of
from programs.mail_contents.last_week import ONE_DAY, WEEK, LastWeek
from programs.mail_contents.lists import ListRow
from programs.models import OF_A_LIST, Decision, Enrolment, MessageKind, MessageOwed, ProgrammeVersion

#: Of no row, so a link that is made of it opens nothing.
NUMBER = 0
_OUTCOMES = {MessageKind.ADVANCE: Outcome.ADVANCE, MessageKind.STEP_BACK: Outcome.STEP_BACK}


def test_words_of(person: User, kind: str, now: datetime.datetime) -> Words:
    """What a mail of this kind would say to her now, marked as a test and without a link that does anything.

    Where she has nothing for it, it shows a sample. A list is always one: a
    test is no look at anybody's data.
    """
    message = _message(person, kind, now)
    with in_language_of(person):
        content = NOTHING_MORE if message.enrolment is None else contents_of([message], now)[NUMBER]
        sample = {} if content.context and not content.skip else _sample(kind, message.local_date)
        content = replace(content, context={**content.context, **sample}, is_test=True)
        words = words_for(message, content)
        subject = _("Test: {subject}").format(subject=words.subject)
    return Words(subject=subject, text=words.text, html=words.html)


def _message(person: User, kind: str, now: datetime.datetime) -> MessageOwed:
    enrolment = None
    if kind not in OF_A_LIST:
        mine = Enrolment.objects.active().filter(runner=person).select_related("runner", "version")
        enrolment = mine.order_by("-created_at").first()
    date = local_date(now, person.zone)
    return MessageOwed(
        pk=NUMBER,
        recipient=person,
        enrolment=enrolment,
        kind=kind,
        local_date=date,
        decision=_decision(enrolment, kind, date) if kind in WITH_STEP else None,
        created_at=now,
        due_at=now,
    )


def _decision(enrolment: Enrolment | None, kind: str, date: datetime.date) -> Decision:
    """Her newest of that kind, or one that was never made."""
    made = None
    if enrolment is not None:
        rows = enrolment.decisions.in_force().filter(decision=_OUTCOMES[kind]).select_related("version")
        made = rows.newest_first().first()
    stage = enrolment.stage if enrolment else ""
    return made or Decision(
        date=date - ONE_DAY,
        takes_effect_on=date,
        decision=_OUTCOMES[kind],
        refer=Refer.NONE,
        stage_before=stage,
        stage_after=stage,
        reason=_("Here stands why, with your own numbers."),
        version=enrolment.version if enrolment else ProgrammeVersion(document={"stages": []}),
    )


def _sample(kind: str, date: datetime.date) -> dict[str, Any]:
    """Plainly invented, so that nobody takes it for her own."""
    step = _("your step")
    samples = {
        MessageKind.WEEKLY: lambda: {"week": _sample_week(date, step)},
        MessageKind.ADVANCE: lambda: {"stage_title": step},
        MessageKind.STEP_BACK: lambda: {"stage_title": step},
        MessageKind.DIGEST: lambda: _sample_list() | {"counts": [(str(NEEDS[NeedCode.SILENT].label), 1)]},
        MessageKind.REVIEWS: _sample_list,
    }
    return samples[kind]() if kind in samples else {}


def _sample_week(date: datetime.date, step: str) -> LastWeek:
    first = monday_of(date) - WEEK
    last = first + WEEK - ONE_DAY
    return LastWeek(first, last, days=7, recorded=5, done=2, planned=3, pain="", decided=(), stage=step)


def _sample_list() -> dict[str, Any]:
    row = ListRow(
        runner_id=NUMBER,
        who=_("A sample"),
        need=str(NEEDS[NeedCode.SILENT].label),
        reason="",
        standing=ngettext("for {days} day", "for {days} days", 3).format(days=3),
        link=page("caseload"),
        is_review_due=False,
    )
    return {"rows": [row], "more": 0, "total": 1, "on_the_list": 1}
