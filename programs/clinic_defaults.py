"""What the clinic lays down for a runner, kept beside her enrolment: the hour of the close, whom to call.

A page's query for the enrolment brings it along (``access``), a batch reads it
for all at once, and whoever has neither reads it when it is asked for.
"""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Subquery
from django.utils import timezone

from accounts.selectors.clinic_defaults import ClinicDefaults, defaults_column, defaults_from, defaults_of
from programs.models import Enrolment


def clinic_column(now: datetime.datetime) -> Subquery:
    """To annotate a query for enrolments with, as ``clinic_row``."""
    return defaults_column(now, runner="runner")


def read_defaults(enrolments: Iterable[Enrolment], now: datetime.datetime) -> None:
    """Read it for those of a batch with which it did not come (one query, or none)."""
    unknown = [e for e in enrolments if not vars(e).keys() & {"of_clinic", "clinic_row"}]
    found = defaults_of((e.runner_id for e in unknown), now) if unknown else {}
    for enrolment in unknown:
        enrolment.of_clinic = found[enrolment.runner_id]


def clinic_defaults_of(enrolment: Enrolment, now: datetime.datetime | None = None) -> ClinicDefaults:
    """No query where it came with the enrolment, else one."""
    known = vars(enrolment)
    if "of_clinic" not in known:
        if "clinic_row" in known:
            enrolment.of_clinic = defaults_from(enrolment.clinic_row)
        else:
            read_defaults([enrolment], now or timezone.now())
    return enrolment.of_clinic


def close_hour(defaults: ClinicDefaults) -> int:
    """The local hour at which a day closes: the clinic's, else the site's."""
    return settings.REHAB_CLOSE_HOUR if defaults.close_hour is None else defaults.close_hour
