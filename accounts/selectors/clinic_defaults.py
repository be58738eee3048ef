"""What a clinic lays down for the runners of its physiotherapists.

Which clinic holds for a runner: the one in which the physiotherapist works now
whom she let in first, of those whom she lets in now (covers apart). Where that
one works in no clinic, the site's settings hold.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import DateTimeField, Expression, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from accounts.among import Among, given_ids
from accounts.models import Clinic, Consent, Membership, Role, User
from accounts.statements import Given, Statement

_COLUMNS = ("close_hour", "emergency_number", "urgent_service", "red_flags_at_night", "mails_name_runners")


@dataclass(frozen=True, slots=True)
class ClinicDefaults:
    """Empty, or None, is as the site is set."""

    close_hour: int | None = None
    emergency_number: str = ""
    urgent_service: str = ""
    #: Mails of red flags pass the quiet hours of those whom she lets in.
    red_flags_at_night: bool = True
    #: Lists by mail name her, with the reason; else initials only.
    mails_name_runners: bool = False


AS_THE_SITE = ClinicDefaults()


def defaults_of(runner_ids: Iterable[int], now: datetime.datetime) -> dict[int, ClinicDefaults]:
    """Runner id -> what holds for her, for every id that was asked for (one query)."""
    ids = set(runner_ids)
    rows = dict(_rows.rows(ids=ids, now=now))
    return {pk: defaults_from(rows.get(pk)) for pk in ids}


@Statement
def _rows() -> QuerySet[User]:
    return default_rows(Given("now", DateTimeField()))


def default_rows(now: Expression) -> QuerySet[User]:
    """The same as a query that is kept: of ``given_ids()`` each with what ``defaults_from`` takes."""
    runners = User.objects.filter(Among("pk", given_ids()))
    return runners.annotate(clinic_row=defaults_column(now, runner="pk")).values_list("pk", "clinic_row")


def defaults_of_many(
    runner_ids: Sequence[int], now: datetime.datetime | Expression
) -> dict[int, ClinicDefaults]:
    """The same of thousands (two queries): one object for all of a clinic. On PostgreSQL only."""
    oldest = _works_in(_letting_in(now).filter(Among("runner", runner_ids)))
    oldest = oldest.order_by("runner", "granted_at", "pk").distinct("runner")
    works_in = dict(oldest.values_list("runner", "works__clinic"))
    rows = Clinic.objects.filter(pk__in=set(works_in.values())).values("pk", *_COLUMNS)
    clinics = {row["pk"]: defaults_from(row) for row in rows}
    return {pk: clinics.get(works_in.get(pk), AS_THE_SITE) for pk in runner_ids}


def defaults_where_works(clinician_ids: Iterable[int]) -> dict[int, ClinicDefaults]:
    """Physiotherapist -> what the clinic lays down in which she works; without those in none (one query)."""
    members = Membership.objects.current().filter(clinician__in=set(clinician_ids))
    row = JSONObject(**{name: F(f"clinic__{name}") for name in _COLUMNS})
    return {pk: defaults_from(found) for pk, found in members.values_list("clinician", row)}


def defaults_column(now: datetime.datetime | Expression, *, runner: str) -> Subquery:
    """The same as a column of another query, for ``defaults_from``; ``runner`` is her id there."""
    consents = _works_in(_letting_in(now).filter(runner=OuterRef(runner)))
    row = JSONObject(**{name: F(f"works__clinic__{name}") for name in _COLUMNS})
    return Subquery(consents.order_by("granted_at", "pk").values(row=row)[:1])


def _letting_in(now: datetime.datetime | Expression) -> QuerySet[Consent]:
    return Consent.objects.own(now).filter(clinician__is_active=True, clinician__role=Role.CLINICIAN)


def _works_in(consents: QuerySet[Consent]) -> QuerySet[Consent]:
    """With ``works``, the membership of now; none of whoever works in no clinic."""
    now_there = Q(clinician__memberships__left_at__isnull=True)
    return consents.annotate(works=FilteredRelation("clinician__memberships", condition=now_there))


def defaults_from(row: dict | None) -> ClinicDefaults:
    """What ``defaults_column`` found; of somebody without a clinic every column is null."""
    row = row or {}
    at_night = row.get("red_flags_at_night")
    return ClinicDefaults(
        row.get("close_hour"),
        row.get("emergency_number") or "",
        row.get("urgent_service") or "",
        # SQLite has numbers for it.
        True if at_night is None else bool(at_night),
        bool(row.get("mails_name_runners")),
    )
