"""What a clinic lays down for its runners and for the watch over red flags, changed by a lead."""

import datetime
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Clinic, TellsOf, User
from accounts.models.clinic import LATEST_CLOSE_HOUR, MOST_SILENT_DAYS, bare_number, can_be_dialled
from accounts.services.colleagues import may_lead
from accounts.services.errors import Refused
from accounts.time_zones import known_zones

LONGEST_SERVICE = 120


@dataclass(frozen=True, slots=True)
class ClinicSettings:
    """The columns of a clinic that its leads set. Empty numbers, and no hour, are as the site is set."""

    close_hour: int | None
    emergency_number: str
    urgent_service: str
    tells_of_red_flags: str
    silent_from_days: int
    time_zone: str
    opens_at: datetime.time
    shuts_at: datetime.time
    working_days: list[int]
    red_flags_at_night: bool
    mails_name_runners: bool


@transaction.atomic
def change_settings(*, clinic: Clinic, by: User, now: datetime.datetime, values: ClinicSettings) -> bool:
    """Set them all, or none of them; False where nothing is new. Raises Refused.

    Open days keep the hour at which they close: a new one counts from the next
    day that begins, so that no date is skipped or closed twice.
    """
    clinic = Clinic.objects.select_for_update().get(pk=clinic.pk)
    if not may_lead(by, clinic):
        raise Refused(_("Only a lead of this clinic can do that."))
    columns = asdict(values) | {
        "emergency_number": bare_number(values.emergency_number),
        "urgent_service": " ".join(values.urgent_service.split()),
        "working_days": sorted(set(values.working_days)),
    }
    _check(columns)
    if all(getattr(clinic, name) == value for name, value in columns.items()):
        return False
    for name, value in columns.items():
        setattr(clinic, name, value)
    clinic.settings_changed_at, clinic.settings_changed_by = now, by
    clinic.save(update_fields=[*columns, "settings_changed_at", "settings_changed_by"])
    return True


def _check(columns: dict) -> None:
    _check_numbers(columns)
    _check_hours(columns)
    if columns["tells_of_red_flags"] not in TellsOf.values:
        raise Refused(_("Choose who is told."), "tells_of_red_flags")
    if not 1 <= columns["silent_from_days"] <= MOST_SILENT_DAYS:
        raise Refused(_("Between 1 and {days} days.").format(days=MOST_SILENT_DAYS), "silent_from_days")


def _check_numbers(columns: dict) -> None:
    number = columns["emergency_number"]
    if number and not can_be_dialled(number):
        raise Refused(
            _("Enter only what a phone can dial, such as 112 or +44 20 7946 0000."), "emergency_number"
        )
    if len(columns["urgent_service"]) > LONGEST_SERVICE:
        raise Refused(_("Keep it shorter."), "urgent_service")


def _check_hours(columns: dict) -> None:
    hour = columns["close_hour"]
    if hour is not None and not 0 <= hour <= LATEST_CLOSE_HOUR:
        raise Refused(_("Choose an hour of the list."), "close_hour")
    if columns["time_zone"] not in known_zones():
        raise Refused(_("Choose a time zone of the list."), "time_zone")
    if columns["shuts_at"] <= columns["opens_at"]:
        raise Refused(_("The clinic must shut after it opens, on the same day."), "shuts_at")
    days = columns["working_days"]
    # Without a working day no red flag would ever count as unseen.
    if not days or not set(days) <= set(range(1, 8)):
        raise Refused(_("Choose at least one working day."), "working_days")
