"""What happens to somebody's data when she leaves, as her page says it before she decides."""

import datetime
from dataclasses import dataclass

from django.conf import settings

from accounts.models import Consent, User
from programs.keeping import is_last_manager, kept_until, was_treated


@dataclass(frozen=True, slots=True)
class LeavingPage:
    """``kept_until`` is None where nothing stays; ``why_not`` is empty where she may leave."""

    is_runner: bool
    kept_until: datetime.date | None
    years: int
    #: Physiotherapists who see a runner now, and are told.
    told: tuple[str, ...]
    #: How many runners a physiotherapist would leave behind.
    runners: int
    why_not: str

    @property
    def in_short(self) -> str:
        if self.why_not:
            return self.why_not
        if self.kept_until:
            return (
                f"the person goes at once; what was decided is kept without a name until {self.kept_until}."
            )
        if self.is_runner:
            return "everything goes at once."
        return f"the account goes; the name stays under what was done. {self.runners} runners are told."


def leaving_page(*, user: User, now: datetime.datetime) -> LeavingPage:
    """Return what goes and what stays, from the same facts as the erasure itself."""
    in_force = Consent.objects.in_force(now)
    told = in_force.filter(runner=user, clinician__is_active=True).select_related("clinician").order_by("pk")
    is_kept = user.is_runner and was_treated(user, now)
    return LeavingPage(
        is_runner=user.is_runner,
        kept_until=kept_until(user, now) if is_kept else None,
        years=settings.REHAB_KEEP_RECORD_YEARS,
        told=tuple(str(consent.clinician) for consent in told),
        runners=in_force.filter(clinician=user).values("runner").distinct().count(),
        why_not="the last site manager cannot leave." if is_last_manager(user) else "",
    )
