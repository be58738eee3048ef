"""Holiday covers as the two colleagues see them: who, for whom, on which days, how many."""

import datetime
import itertools
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, DateTimeField, QuerySet
from django.utils import timezone

from accounts.models import Consent, User
from accounts.selectors.clinic import colleagues_of, runner_counts
from accounts.statements import Given, Statement

A_MOMENT = datetime.timedelta(seconds=1)


@dataclass(frozen=True)
class Cover:
    """The covers of one pair of colleagues on the same days; dates as whoever is away counts them."""

    cover_id: uuid.UUID
    clinician: str
    colleague: str
    first_day: datetime.date
    last_day: datetime.date
    has_begun: bool
    runners: int


@dataclass(frozen=True)
class CoversPage:
    """``runners`` is how many of her own she has: some may be left out of a cover."""

    for_you: tuple[Cover, ...]
    by_you: tuple[Cover, ...]
    runners: int
    has_colleagues: bool


@dataclass(frozen=True)
class Covering:
    """Why a runner is on the caseload of somebody who is not her own physiotherapist."""

    clinician: str
    last_day: datetime.date


def covers_page(*, clinician: User, now: datetime.datetime) -> CoversPage:
    """Covers that are going on or still to come (four queries)."""
    return CoversPage(
        for_you=_grouped(_running(now).filter(covers__clinician=clinician), now),
        by_you=_grouped(_running(now).filter(clinician=clinician), now),
        runners=runner_counts([clinician.pk], now).get(clinician.pk, 0),
        has_colleagues=bool(colleagues_of(clinician)),
    )


def covering(*, clinician: User, now: datetime.datetime) -> dict[int, Covering]:
    """Runner id -> for whom she covers now, and until when (one query)."""
    rows = _covered.rows(by=clinician.pk, now=now)
    return {
        runner_id: Covering(name or email, timezone.localdate(expires_at - A_MOMENT, ZoneInfo(zone)))
        for runner_id, expires_at, name, email, zone in rows
    }


@Statement
def _covered() -> QuerySet:
    by, now = Given("by", BigIntegerField()), Given("now", DateTimeField())
    of_whom = (f"covers__clinician__{name}" for name in ("name", "email", "time_zone"))
    rows = Consent.objects.running_covers(now).filter(clinician=by, granted_at__lte=now)
    return rows.values_list("runner_id", "expires_at", *of_whom)


def _running(now: datetime.datetime):
    covers = Consent.objects.running_covers(now)
    return covers.select_related("clinician", "covers__clinician")


def _grouped(rows: Iterable[Consent], now: datetime.datetime) -> tuple[Cover, ...]:
    def pair(row: Consent) -> tuple:
        return row.expires_at, row.covers.clinician_id, row.clinician_id

    groups = itertools.groupby(sorted(rows, key=lambda row: (*pair(row), row.granted_at, row.pk)), key=pair)
    return tuple(_cover(list(group), now) for _, group in groups)


def _cover(rows: list[Consent], now: datetime.datetime) -> Cover:
    first = rows[0]
    return Cover(
        cover_id=first.public_id,
        clinician=str(first.covers.clinician),
        colleague=str(first.clinician),
        first_day=timezone.localdate(first.granted_at, first.covers.clinician.zone),
        last_day=_last_day(first),
        has_begun=first.granted_at <= now,
        runners=len(rows),
    )


def _last_day(cover: Consent) -> datetime.date:
    return timezone.localdate(cover.expires_at - A_MOMENT, cover.covers.clinician.zone)
