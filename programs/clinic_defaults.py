"""What the clinic lays down for a runner, kept beside her enrolment: the hour of the close, whom to call.

A page's query for the enrolment brings it along (``access``), a batch reads it
for all at once, and whoever has neither reads it when it is asked for.
"""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db.models import QuerySet, Subquery
from django.db.models.functions import Now

from accounts.models import User
from accounts.selectors.clinic_defaults import (
    ClinicDefaults,
    default_rows,
    defaults_column,
    defaults_from,
    defaults_of,
)
from accounts.statements import Statement
from programs.models import Enrolment


def clinic_column() -> Subquery:
    """To annotate a query for enrolments with, as ``clinic_row``; who is let in now, the database knows."""
    return defaults_column(Now(), runner="runner")


def read_defaults(enrolments: Iterable[Enrolment], now: datetime.datetime) -> None:
    """Read it for those of a batch with which it did not come (one query, or none)."""
    unknown = [e for e in enrolments if not vars(e).keys() & {"of_clinic", "clinic_row"}]
    found = defaults_of((e.runner_id for e in unknown), now) if unknown else {}
    for enrolment in unknown:
        enrolment.of_clinic = found[enrolment.runner_id]


def clinic_defaults_of(enrolment: Enrolment) -> ClinicDefaults:
    """No query where it came with the enrolment, else one."""
    known = vars(enrolment)
    if "of_clinic" not in known:
        if "clinic_row" in known:
            enrolment.of_clinic = defaults_from(enrolment.clinic_row)
        else:
            enrolment.of_clinic = clinic_defaults_of_runner(enrolment.runner_id)
    return enrolment.of_clinic


def clinic_defaults_of_runner(runner_id: int) -> ClinicDefaults:
    """As they are now, by the database's clock (one query)."""
    return defaults_from(dict(_rows.rows(ids=[runner_id])).get(runner_id))


@Statement
def _rows() -> QuerySet[User]:
    return default_rows(Now())


def close_hour(defaults: ClinicDefaults) -> int:
    """The local hour at which a day closes: the clinic's, else the site's."""
    return settings.REHAB_CLOSE_HOUR if defaults.close_hour is None else defaults.close_hour
