"""An open pause: why, what to do first, and who can end it."""

import datetime
from dataclasses import dataclass

from accounts.models import Consent
from programs.engine.calendar import local_date
from programs.models import Enrolment
from programs.presentation import Advice, advice_for
from programs.selectors.decisions import reason_of_pause
from programs.snapshots import contacts_of
from programs.way_back import looked_after


@dataclass(frozen=True, slots=True)
class Helper:
    """A physiotherapist who may end the pause; who was let in later was not told of it."""

    name: str
    was_told: bool


@dataclass(frozen=True, slots=True)
class PausePanel:
    """``helpers`` is empty where nobody but the runner can say that she was seen."""

    advice: Advice
    reason: str
    since: datetime.date
    helpers: tuple[Helper, ...]


def pause_panel(enrolment: Enrolment, now: datetime.datetime) -> PausePanel | None:
    """What to do while the programme is paused (two queries), None while it is not."""
    if not enrolment.is_paused:
        return None
    advice = advice_for(enrolment.refer, contacts_of(enrolment))
    since = local_date(enrolment.paused_at, enrolment.runner.zone)
    return PausePanel(advice, reason_of_pause(enrolment), since, helpers_of(enrolment, now))


def helpers_of(enrolment: Enrolment, now: datetime.datetime) -> tuple[Helper, ...]:
    """Who may end a pause: whoever has access and an open account (one query)."""
    return helpers_among(looked_after(enrolment, now), enrolment, now)


def helpers_among(
    consents: list[Consent], enrolment: Enrolment, now: datetime.datetime
) -> tuple[Helper, ...]:
    """Of those who looked after her since the pause began, whose access is in force now."""
    in_force = [row for row in consents if row.is_in_force(now)]
    return tuple(Helper(str(row.clinician), row.granted_at <= enrolment.paused_at) for row in in_force)
