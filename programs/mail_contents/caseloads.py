"""The caseloads of many physiotherapists at once: who is on them, without whom each has put off."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.db.models import F

from accounts.among import Among
from accounts.models import Consent, Membership, User
from programs.engine.triage import SILENT_FROM_DAYS, need_of
from programs.models import Enrolment, MessageKind, MessageOwed, MessageStatus, Snooze
from programs.selectors.caseload_row import still_put_off
from programs.selectors.cases import Case, cases_of

#: Diaries are read for so many runners at once: all of a small site, and a morning's memory of a large one.
MOST_AT_ONCE = 2000
_TOLD = (MessageStatus.SENT, MessageStatus.UNCERTAIN)
#: Need, last day and instant of what a physiotherapist put off, by (her id, enrolment id).
Snoozes = dict[tuple[int, int], tuple[str, datetime.date, datetime.datetime]]


def caseloads_of(clinicians: Iterable[User], now: datetime.datetime) -> dict[int, list[Case]]:
    """Clinician id -> cases of those who let her in, with her own clinic's idea of silence.

    At most fourteen queries, and twelve more for each further two thousand runners.
    """
    ids = sorted({clinician.pk for clinician in clinicians})
    runners = _runners(ids, now)
    silent = dict(
        Membership.objects.current()
        .filter(Among("clinician", ids))
        .values_list("clinician", "clinic__silent_from_days")
    )
    snoozes = _snoozes(ids)
    found: dict[int, list[Case]] = {pk: [] for pk in ids}
    for some in _in_parts(runners):
        cases = _cases(some, now)
        for pk, whom in some.items():
            hers = (case for runner in whom for case in cases.get(runner, ()))
            days = silent.get(pk, SILENT_FROM_DAYS)
            found[pk] = [case for case in _as_hers(hers, days) if not _is_put_off(case, pk, snoozes)]
    return found


def told_by_digest(messages: Iterable[MessageOwed]) -> set[tuple[int, datetime.date]]:
    """(Recipient, date) of the digests that tell what their reviews would (one query, or none)."""
    reviews = [message for message in messages if message.kind == MessageKind.REVIEWS]
    if not reviews:
        return set()
    digests = MessageOwed.objects.filter(
        Among("recipient", {message.recipient_id for message in reviews}),
        kind=MessageKind.DIGEST,
        local_date__in={message.local_date for message in reviews},
        status__in=_TOLD,
    )
    return set(digests.values_list("recipient", "local_date"))


def _runners(ids: list[int], now: datetime.datetime) -> dict[int, set[int]]:
    found = defaultdict(set)
    consents = Consent.objects.in_force(now).filter(Among("clinician", ids))
    for clinician, runner in consents.values_list("clinician", "runner"):
        found[clinician].add(runner)
    return found


def _snoozes(ids: list[int]) -> Snoozes:
    rows = Snooze.objects.filter(Among("made_by", ids), ended_at__isnull=True)
    columns = rows.values_list("made_by", "enrolment", "need", "until", "made_at")
    return {(by, enrolment): tuple(what) for by, enrolment, *what in columns}


def _in_parts(runners: dict[int, set[int]]) -> Iterator[dict[int, set[int]]]:
    """Whole caseloads, together of about as many runners as are read at once."""
    part: dict[int, set[int]] = {}
    for pk, whom in runners.items():
        if part and sum(map(len, part.values())) + len(whom) > MOST_AT_ONCE:
            yield part
            part = {}
        part[pk] = whom
    if part:
        yield part


def _cases(some: dict[int, set[int]], now: datetime.datetime) -> dict[int, list[Case]]:
    """Runner id -> her cases."""
    rows = Enrolment.objects.on_a_list().filter(Among("runner", set().union(*some.values())))
    rows = rows.select_related("runner").annotate(
        content_hash=F("version__content_hash"), edition=F("version__number")
    )
    found = defaultdict(list)
    for case in cases_of(list(rows), now):
        found[case.enrolment.runner_id].append(case)
    return found


def _as_hers(cases: Iterable[Case], silent_from: int) -> Iterator[Case]:
    for case in cases:
        facts = replace(case.facts, silent_from=silent_from)
        yield case if facts == case.facts else replace(case, facts=facts, need=need_of(facts))


def _is_put_off(case: Case, clinician: int, snoozes: Snoozes) -> bool:
    snooze = snoozes.get((clinician, case.enrolment.pk))
    return snooze is not None and still_put_off(case, *snooze)
