"""The settings of a clinic, as its form takes them and as a colleague reads them."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format

from accounts.models import Clinic

#: Columns that leads set.
COLUMNS = (
    "close_hour",
    "emergency_number",
    "urgent_service",
    "tells_of_red_flags",
    "silent_from_days",
    "time_zone",
    "opens_at",
    "shuts_at",
    "working_days",
    "red_flags_at_night",
    "mails_name_runners",
)


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """``values`` for the form; the rest in words. Empty words: as the site is set."""

    values: dict
    closes_at: str
    emergency_number: str
    urgent_service: str
    tells: str
    silent_from_days: int
    time_zone: str
    hours: str
    days: str
    red_flags_at_night: bool
    mails_name_runners: bool
    changed_at: datetime.datetime | None
    changed_by: str


def settings_of(clinic: Clinic) -> SettingsPage:
    """One query more where they were changed once."""
    hour = settings.REHAB_CLOSE_HOUR if clinic.close_hour is None else clinic.close_hour
    return SettingsPage(
        values={name: getattr(clinic, name) for name in COLUMNS},
        closes_at=f"{hour:02d}:00",
        emergency_number=clinic.emergency_number,
        urgent_service=clinic.urgent_service,
        tells=str(clinic.get_tells_of_red_flags_display()),
        silent_from_days=clinic.silent_from_days,
        time_zone=clinic.time_zone.replace("_", " "),
        hours=f"{time_format(clinic.opens_at, 'H:i')} – {time_format(clinic.shuts_at, 'H:i')}",
        days=", ".join(str(WEEKDAYS[day - 1]) for day in clinic.working_days),
        red_flags_at_night=clinic.red_flags_at_night,
        mails_name_runners=clinic.mails_name_runners,
        changed_at=clinic.settings_changed_at,
        changed_by=str(clinic.settings_changed_by) if clinic.settings_changed_by else "",
    )
