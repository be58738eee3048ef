"""What a clinic lays down for the runners of its physiotherapists.

Which clinic holds for a runner: the one in which the physiotherapist works now
whom she let in first, of those whom she lets in now (covers apart). Where that
one works in no clinic, the site's settings hold.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Expression, F, FilteredRelation, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from accounts.models import Consent, Membership, Role, User

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


def defaults_of(runner_ids: Iterable[int], now: datetime.datetime | Expression) -> dict[int, ClinicDefaults]:
    """Runner id -> what holds for her, for every id that was asked for (one query).

    ``now`` may be the database's own clock, for whoever is given none.
    """
    ids = set(runner_ids)
    runners = User.objects.filter(pk__in=ids).annotate(clinic_row=defaults_column(now, runner="pk"))
    rows = dict(runners.values_list("pk", "clinic_row"))
    return {pk: defaults_from(rows.get(pk)) for pk in ids}


def defaults_where_works(clinician_ids: Iterable[int]) -> dict[int, ClinicDefaults]:
    """Physiotherapist -> what the clinic lays down in which she works; without those in none (one query)."""
    members = Membership.objects.current().filter(clinician__in=set(clinician_ids))
    row = JSONObject(**{name: F(f"clinic__{name}") for name in _COLUMNS})
    return {pk: defaults_from(found) for pk, found in members.values_list("clinician", row)}


def defaults_column(now: datetime.datetime | Expression, *, runner: str) -> Subquery:
    """The same as a column of another query, for ``defaults_from``; ``runner`` is her id there."""
    consents = Consent.objects.own(now).filter(
        runner=OuterRef(runner), clinician__is_active=True, clinician__role=Role.CLINICIAN
    )
    works = FilteredRelation(
        "clinician__memberships", condition=Q(clinician__memberships__left_at__isnull=True)
    )
    row = JSONObject(**{name: F(f"works__clinic__{name}") for name in _COLUMNS})
    oldest = consents.annotate(works=works).order_by("granted_at", "pk").values(row=row)[:1]
    return Subquery(oldest)


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
