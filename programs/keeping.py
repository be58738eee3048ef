"""What stays of somebody who leaves, and until when: the page says it and the service does it."""

import datetime

from django.conf import settings
from django.db.models import Max

from accounts.models import Consent, Role, User
from programs.engine.calendar import local_date
from programs.models import Decision, Override, OverrideKind


def was_treated(runner: User, now: datetime.datetime) -> bool:
    """True where a physiotherapist had access at any time, and must be able to account for the treatment."""
    had_access = Consent.objects.filter(runner=runner, granted_at__lte=now).exists()
    # Her own statement is no act of anybody who treated her.
    acts = Override.objects.filter(enrolment__runner=runner).exclude(kind=OverrideKind.SELF_CLEAR)
    return had_access or acts.exists()


def kept_until(runner: User, now: datetime.datetime) -> datetime.date:
    """The last day of what is kept of this runner: so many years after the last decision."""
    newest = Decision.objects.filter(enrolment__runner=runner).aggregate(last=Max("date"))["last"]
    return years_after(newest or local_date(now, runner.zone), settings.REHAB_KEEP_RECORD_YEARS)


def years_after(date: datetime.date, years: int) -> datetime.date:
    """The same date so many years on; the day after where there is no 29 February."""
    try:
        return date.replace(year=date.year + years)
    except ValueError:
        return date.replace(year=date.year + years, month=3, day=1)


def is_last_manager(user: User) -> bool:
    """True where nobody could run the site after her."""
    others = User.objects.filter(role=Role.MANAGER, is_active=True).exclude(pk=user.pk)
    return user.is_manager and not others.exists()
