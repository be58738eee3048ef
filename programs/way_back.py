"""The ways out of a pause: since when an assessment counts, and when a runner may say that she was seen."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Q

from accounts.models import Consent, Role
from accounts.time_zones import zone_or_utc
from programs.engine.calendar import local_date
from programs.engine.values import Outcome, Trigger
from programs.models import Decision, DiaryEntry, Enrolment

_COLUMNS = ("date", "trigger", "decision", "refer", "decided_at", "time_zone", "superseded_by")

#: [D] Days after the beginning of a pause before a runner whom somebody looked after when it began, or since,
#: may say herself that she was seen. Long enough to give access again or to somebody else, and to be seen;
#: nobody is locked out for good whose physiotherapist does not answer.
WAIT_DAYS = 14


@dataclass(frozen=True, slots=True)
class Wait:
    """Who looked after her, and the first day on which her own statement counts."""

    names: str
    until: datetime.date


def looked_after(enrolment: Enrolment, now: datetime.datetime) -> list[Consent]:
    """Access of physiotherapists when the pause began, or since, over or not (one query)."""
    began = enrolment.paused_at
    lasted = Q(revoked_at__isnull=True) | Q(revoked_at__gte=began)
    lasted &= Q(expires_at__isnull=True) | Q(expires_at__gte=began)
    consents = Consent.objects.filter(
        lasted,
        runner=enrolment.runner_id,
        granted_at__lte=now,
        clinician__is_active=True,
        clinician__role=Role.CLINICIAN,
    )
    return list(consents.select_related("clinician").order_by("granted_at", "pk"))


def wait_of(enrolment: Enrolment, now: datetime.datetime, consents: list[Consent]) -> Wait | None:
    """Ending an access does not let her clear what a physiotherapist was to judge."""
    zone = enrolment.runner.zone
    until = local_date(enrolment.paused_at, zone) + datetime.timedelta(days=WAIT_DAYS)
    names = ", ".join(dict.fromkeys(str(consent.clinician) for consent in consents))
    return Wait(names, until) if names and local_date(now, zone) < until else None


def counts_since(enrolment: Enrolment) -> datetime.date:
    """The first day whose assessment can end the pause: it comes after every warning sign, and the level.

    The later of the day on which the present level was reached and the newest
    on which a warning sign was answered. Of signs the diary is asked, because
    one of a lower level leaves no decision of its own. At most three queries.
    """
    rows = _decisions(enrolment)
    reached = [
        row.decided_at
        for row in rows
        if row.decision == Outcome.PAUSE_AND_REFER
        and row.refer == enrolment.refer
        and row.decided_at >= enrolment.paused_at
        and row.superseded_by is None
    ]
    days = [_day_of(reached[0] if reached else enrolment.paused_at, rows, enrolment)]
    # An entry may be backdated: its date alone does not say when the sign was given.
    days += [max(date, _day_of(at, rows, enrolment)) for date, at in _signs(enrolment, rows)]
    return max(days)


def last_sign_at(enrolment: Enrolment) -> datetime.datetime | None:
    """When a warning sign was answered last since the pause began."""
    return max((at for _, at in _signs(enrolment, _decisions(enrolment))), default=None)


def _decisions(enrolment: Enrolment) -> list:
    """Those since the pause began, and every one that a warning sign made at once; oldest first."""
    wanted = Q(trigger=Trigger.RED_FLAG) | Q(decided_at__gte=enrolment.paused_at)
    rows = Decision.objects.filter(wanted, enrolment=enrolment).order_by("decided_at", "pk")
    return list(rows.values_list(*_COLUMNS, named=True))


def _signs(enrolment: Enrolment, rows: Iterable) -> list[tuple[datetime.date, datetime.datetime]]:
    """Since the pause began: date of the entry, and when a warning sign was answered in it."""
    told = {row.date: row.decided_at for row in reversed(rows) if row.trigger == Trigger.RED_FLAG}
    entries = DiaryEntry.objects.filter(enrolment=enrolment, recorded_at__gte=enrolment.paused_at)
    return [
        (entry.date, at)
        for entry in entries.exclude(red_flags=[]).prefetch_related("revisions")
        for at in _answered(entry, told.get(entry.date))
        if at >= enrolment.paused_at
    ]


def _answered(entry: DiaryEntry, told: datetime.datetime | None) -> list[datetime.datetime]:
    """When warning signs were added to an entry, from its revisions."""
    revisions = sorted(entry.revisions.all(), key=lambda row: (row.replaced_at, row.pk))
    if not revisions:
        return [entry.recorded_at]
    held = [set(row.values.get("red_flags", ())) for row in revisions] + [set(entry.red_flags)]
    added = [row.replaced_at for row, (old, new) in zip(revisions, pairwise(held), strict=True) if new - old]
    if held[0]:
        # Of the first version only its end is kept; the decision that it made at once says when it began.
        first = revisions[0].replaced_at
        added.append(min(first, told) if told else first)
    return added


def _day_of(at: datetime.datetime, rows: Iterable, enrolment: Enrolment) -> datetime.date:
    """In the zone that was stored then: who travels west since does not move a sign to the day before."""
    zones = [zone_or_utc(row.time_zone) for row in rows if row.decided_at <= at]
    return local_date(at, zones[-1] if zones else enrolment.runner.zone)
