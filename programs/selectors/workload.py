"""How much lies with each physiotherapist of a clinic: numbers, and nothing of runners.

A lead sees every line, a colleague her own. Consent alone opens what is behind a number.
"""

import datetime
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import FilteredRelation, Q

from accounts.models import Consent, HandOver, Invitation, InvitationKind, Membership, User
from programs.engine.calendar import local_date
from programs.models import EnrolmentStatus, RedFlagCase
from programs.selectors.undelivered import unreached_since

A_MOMENT = datetime.timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Load:
    """One physiotherapist. ``waiting_days``: since when her longest pause waits; None without one.

    ``unreached_since``: her address refuses mails, or one about an open red flag was given up.
    """

    name: str
    is_you: bool
    is_lead: bool
    runners: int
    red_flags: int
    unseen: int
    waiting_days: int | None
    covers: int
    hand_overs: int
    invitations: int
    unreached_since: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Who covers for whom, for how many runners; days as whoever is away counts them."""

    clinician: str
    colleague: str
    first_day: datetime.date
    last_day: datetime.date
    has_begun: bool
    runners: int


@dataclass(frozen=True, slots=True)
class Totals:
    """A runner of two colleagues counts once. ``nobodys``: open red flags that nobody has access to."""

    runners: int
    red_flags: int
    unseen: int
    waiting_days: int | None
    nobodys: int


@dataclass(frozen=True, slots=True)
class WorkloadPage:
    """``totals`` is None for whoever does not lead the clinic."""

    clinic: str
    loads: tuple[Load, ...]
    coverage: tuple[Coverage, ...]
    totals: Totals | None


def workload_page(*, viewer: User, now: datetime.datetime) -> WorkloadPage | None:
    """Of the clinic where she works, None where she works in none. At most eight queries."""
    own = Membership.objects.current().filter(clinician=viewer).select_related("clinic").first()
    if own is None:
        return None
    members = _members(own, viewer)
    ids = [member.clinician_id for member in members]
    runners = _runners(ids, now)
    flags = _flags(ids)
    covers = _covers(ids, now)
    open_ones = HandOver.objects.open().filter(consent__clinician__in=ids)
    hand_overs = Counter(open_ones.values_list("consent__clinician", flat=True))
    asks = Invitation.objects.open(now).filter(kind=InvitationKind.ASK, invited_by__in=ids)
    invitations = Counter(asks.values_list("invited_by", flat=True))
    loads = tuple(
        Load(
            name=str(member.clinician),
            is_you=member.clinician_id == viewer.pk,
            is_lead=member.is_lead,
            runners=len(runners[member.clinician_id]),
            red_flags=len(flags[member.clinician_id]),
            unseen=sum(seen is None for seen in flags[member.clinician_id]),
            waiting_days=_oldest(runners[member.clinician_id].values(), now),
            covers=sum(member.clinician_id in _pair(row)[:2] for row in _pairs(covers)),
            hand_overs=hand_overs[member.clinician_id],
            invitations=invitations[member.clinician_id],
            unreached_since=member.clinician.bounced_at or member.notice_failed_at,
        )
        for member in members
    )
    totals = _totals(ids, runners, flags, now) if own.is_lead else None
    return WorkloadPage(own.clinic.name, loads, _coverage(covers, now), totals)


def _members(own: Membership, viewer: User) -> list[Membership]:
    rows = Membership.objects.current().filter(clinic=own.clinic).select_related("clinician")
    rows = rows.annotate(notice_failed_at=unreached_since())
    if not own.is_lead:
        rows = rows.filter(clinician=viewer)
    return list(rows.order_by("clinician__name", "pk"))


def _runners(ids: list[int], now: datetime.datetime) -> dict[int, dict[int, datetime.datetime | None]]:
    """Clinician -> her own runners with an active programme -> since when it is paused (one query)."""
    is_active = Q(runner__enrolments__status=EnrolmentStatus.ACTIVE)
    rows = (
        Consent.objects.own(now)
        .filter(clinician__in=ids)
        .annotate(running=FilteredRelation("runner__enrolments", condition=is_active))
    )
    found: dict[int, dict[int, datetime.datetime | None]] = {pk: {} for pk in ids}
    columns = rows.filter(running__isnull=False).values_list("clinician", "runner", "running__paused_at")
    for clinician, runner, paused_at in columns:
        known = found[clinician].get(runner)
        found[clinician][runner] = min(filter(None, (known, paused_at)), default=None)
    return found


def _flags(ids: list[int]) -> dict[int, list[datetime.datetime | None]]:
    """Clinician -> when each open red flag of hers was seen (one query)."""
    found: dict[int, list[datetime.datetime | None]] = {pk: [] for pk in ids}
    rows = RedFlagCase.objects.filter(closed_at__isnull=True, owner__in=ids).order_by()
    for owner, seen_at in rows.values_list("owner", "seen_at"):
        found[owner].append(seen_at)
    return found


def _covers(ids: list[int], now: datetime.datetime) -> list[Consent]:
    """Covers that are going on or to come (one query)."""
    rows = Consent.objects.running_covers(now).select_related("clinician", "covers__clinician")
    hers = Q(clinician__in=ids) | Q(covers__clinician__in=ids)
    return list(rows.filter(hers).order_by("expires_at", "granted_at", "pk"))


def _pairs(covers: list[Consent]) -> list[Consent]:
    """One row for each pair of colleagues and their days."""
    return list({_pair(row): row for row in covers}.values())


def _pair(row: Consent) -> tuple:
    return row.covers.clinician_id, row.clinician_id, row.expires_at


def _coverage(covers: list[Consent], now: datetime.datetime) -> tuple[Coverage, ...]:
    counts = Counter(_pair(row) for row in covers)
    return tuple(
        Coverage(
            clinician=str(row.covers.clinician),
            colleague=str(row.clinician),
            first_day=local_date(row.granted_at, row.covers.clinician.zone),
            last_day=local_date(row.expires_at - A_MOMENT, row.covers.clinician.zone),
            has_begun=row.granted_at <= now,
            runners=counts[_pair(row)],
        )
        for row in _pairs(covers)
    )


def _oldest(pauses: Collection[datetime.datetime | None], now: datetime.datetime) -> int | None:
    """Whole days since the pause that waits longest began."""
    begun = [paused_at for paused_at in pauses if paused_at]
    return (now - min(begun)).days if begun else None


def _totals(ids: list[int], runners: dict, flags: dict, now: datetime.datetime) -> Totals:
    everybody = {runner: paused for mine in runners.values() for runner, paused in mine.items()}
    seen = [at for mine in flags.values() for at in mine]
    return Totals(
        runners=len(everybody),
        red_flags=len(seen),
        unseen=sum(at is None for at in seen),
        waiting_days=_oldest(everybody.values(), now),
        nobodys=_nobodys(ids),
    )


def _nobodys(ids: list[int]) -> int:
    """Open red flags of runners who once let somebody of this clinic in, and now nobody (one query)."""
    cases = RedFlagCase.objects.filter(closed_at__isnull=True, owner__isnull=True)
    once = Consent.objects.filter(clinician__in=ids).values("runner")
    return cases.filter(enrolment__runner__in=once).count()
