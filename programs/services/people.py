"""What a change of a person means for the jobs: her time zone moves the due instants."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User, ZoneChange
from accounts.models.user import validate_time_zone
from accounts.selectors.clinic_defaults import defaults_of
from programs.clinic_defaults import close_hour
from programs.engine.calendar import closing_instant
from programs.library.contacts import countries
from programs.models import Enrolment
from programs.services.by_the_clock import owe_due_of
from programs.services.errors import Refused
from programs.services.mail_choices import reschedule


@transaction.atomic
def change_time_zone(*, user: User, time_zone: str, now: datetime.datetime) -> None:
    """Set a person's zone; open days close, and reminders come, at the new local time.

    Dates that are closed stay closed and open ones stay open, so travel
    neither skips nor doubles a day (INV-16). Raises ValidationError.
    """
    validate_time_zone(time_zone)
    # Rows that only refer to her are still written: whoever holds her enrolment is about to.
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user.time_zone != time_zone:
        # What has struck already, struck where she was.
        owe_due_of(person=user, now=now)
        ZoneChange.objects.create(person=user, before=user.time_zone, after=time_zone, at=now)
    user.time_zone = time_zone
    user.save(update_fields=["time_zone"])
    hour = close_hour(defaults_of([user.pk], now)[user.pk])
    for enrolment in Enrolment.objects.active().select_for_update().filter(runner=user):
        enrolment.closes_at = closing_instant(enrolment.open_date, user.zone, hour)
        enrolment.save(update_fields=["closes_at"])
    reschedule(person=user, now=now)


@transaction.atomic
def change_settings(
    *,
    enrolment: Enrolment,
    time_zone: str,
    country: str,
    keeps_home_time: bool,
    now: datetime.datetime,
) -> None:
    """All that one form of settings says, or nothing of it. Raises Refused, ValidationError."""
    runner = enrolment.runner
    change_time_zone(user=runner, time_zone=time_zone, now=now)
    change_country(user=runner, country=country)
    keep_home_time(user=runner, keeps=keeps_home_time)


@transaction.atomic
def keep_home_time(*, user: User, keeps: bool) -> None:
    """While she keeps it, no page offers the zone of a device that is elsewhere."""
    User.objects.filter(pk=user.pk, erased_at__isnull=True).update(keeps_home_time=keeps)


@transaction.atomic
def change_country(*, user: User, country: str) -> None:
    """Set where a person is, for the numbers she is told to call; empty is as the site is set."""
    if country and country not in countries():
        raise Refused(_("Choose a country of the list."), "country")
    User.objects.filter(pk=user.pk).update(country=country)
