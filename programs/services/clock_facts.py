"""How everybody of a batch stands to whom the clock may owe a mail: each thing by one query."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Max, Q

from accounts.models import Consent, User
from programs.engine.calendar import local_date
from programs.engine.values import DONE_SOMETHING
from programs.mailing.verdicts import ClinicianFacts, RunnerFacts
from programs.models import (
    ChosenVia,
    DiaryEntry,
    Enrolment,
    MailChoice,
    MessageKind,
    MessageOwed,
    MessageStatus,
    Override,
    OverrideKind,
)

#: What counts as one date may be read that far back: open days, and a week that is corrected.
LONGEST_BACK = datetime.timedelta(days=21)
_WENT_OUT = (MessageStatus.OWED, MessageStatus.SENT, MessageStatus.UNCERTAIN)
_BACK = (OverrideKind.CLEAR_PAUSE, OverrideKind.SELF_CLEAR)
_BY_HER = (ChosenVia.SETTINGS, ChosenVia.MAIL)


@dataclass(slots=True)
class _Diary:
    scored: set[datetime.date] = field(default_factory=set)
    woken: set[datetime.date] = field(default_factory=set)
    ran: set[datetime.date] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Facts:
    """Keys are ids: of people for ``asked_on``, ``never_asks`` and ``let_in``, else of programmes."""

    diaries: Mapping[int, _Diary]
    newest: Mapping[int, datetime.datetime]
    cleared: Mapping[int, datetime.datetime]
    asked_on: Mapping[int, datetime.date]
    never_asks: frozenset[int]
    let_in: frozenset[int]

    def of_runner(self, choice: MailChoice, enrolment: Enrolment) -> RunnerFacts:
        person = choice.person
        signs = [enrolment.created_at]
        signs += [at for found in (self.newest, self.cleared) if (at := found.get(enrolment.pk))]
        signs += [choice.changed_at] if choice.changed_via in _BY_HER else []
        diary = self.diaries.get(enrolment.pk) or _Diary()
        return RunnerFacts(
            began_on=enrolment.started_on,
            last_sign=local_date(max(signs), person.zone),
            scored=frozenset(diary.scored),
            woken=frozenset(diary.woken),
            ran=frozenset(diary.ran),
            asked_on=self.asked_on.get(person.pk),
            asks_if_silent=person.pk not in self.never_asks,
            is_paused=enrolment.is_paused,
            bounces=person.bounced_at is not None,
        )

    def of_clinician(self, person: User) -> ClinicianFacts:
        return ClinicianFacts(lets_in=person.pk in self.let_in, bounces=person.bounced_at is not None)


def facts_of(people: Sequence[User], enrolments: Sequence[Enrolment], now: datetime.datetime) -> Facts:
    """At most six queries, however many people."""
    ids = [enrolment.pk for enrolment in enrolments]
    runners = {enrolment.runner_id for enrolment in enrolments}
    return Facts(
        diaries=_diaries(ids, now),
        newest=_newest(DiaryEntry.objects.filter(enrolment__in=ids), "recorded_at"),
        cleared=_newest(Override.objects.filter(enrolment__in=ids, kind__in=_BACK), "made_at"),
        asked_on=_asked_on(runners),
        never_asks=_never_asks(runners),
        let_in=_let_in({person.pk for person in people if person.is_clinician}, now),
    )


def _diaries(ids: list[int], now: datetime.datetime) -> dict[int, _Diary]:
    found: dict[int, _Diary] = {}
    rows = DiaryEntry.objects.filter(enrolment__in=ids, date__gte=(now - LONGEST_BACK).date())
    for enrolment, date, rest, morning, session in rows.values_list(
        "enrolment", "date", "rest", "morning", "session"
    ):
        diary = found.setdefault(enrolment, _Diary())
        if rest is not None:
            diary.scored.add(date)
        if morning is not None:
            diary.woken.add(date)
        if session in DONE_SOMETHING:
            diary.ran.add(date)
    return found


def _newest(rows, column: str) -> dict[int, datetime.datetime]:
    rows = rows.order_by().values("enrolment").annotate(newest=Max(column))
    return dict(rows.values_list("enrolment", "newest"))


def _asked_on(runners: set[int]) -> dict[int, datetime.date]:
    """A question that never left counts as none."""
    rows = MessageOwed.objects.filter(recipient__in=runners, kind=MessageKind.SILENT, status__in=_WENT_OUT)
    return dict(
        rows.order_by()
        .values("recipient")
        .annotate(newest=Max("local_date"))
        .values_list("recipient", "newest")
    )


def _never_asks(runners: set[int]) -> frozenset[int]:
    rows = MailChoice.objects.filter(person__in=runners, kind=MessageKind.SILENT, is_on=False)
    return frozenset(rows.values_list("person", flat=True))


def _let_in(clinicians: set[int], now: datetime.datetime) -> frozenset[int]:
    if not clinicians:
        return frozenset()
    rows = Consent.objects.in_force(now).filter(Q(clinician__in=clinicians))
    return frozenset(rows.order_by().values_list("clinician", flat=True).distinct())
