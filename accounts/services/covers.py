"""A colleague covers for a holiday: time-limited, told to the runner, ended by her at any time."""

import datetime

from django.db import transaction

from accounts.emails import words_of
from accounts.links import page
from accounts.models import Consent, ConsentVia, User
from accounts.services.clinics import are_colleagues
from accounts.services.consents import end_consent, say_changed
from accounts.services.errors import Refused
from accounts.services.mail import owe_mail

MOST_DAYS = 28
#: Since this wording of the consent it says that a colleague may cover.
COVERED_SINCE_TEXT = 2


@transaction.atomic
def start_cover(
    *,
    clinician: User,
    colleague: User,
    begins_at: datetime.datetime,
    ends_at: datetime.datetime,
    now: datetime.datetime,
) -> int:
    """Let a colleague of the same clinic see and act for all own runners, from–to.

    Runners whom she sees already, and those who agreed to a wording without
    covers, are left out. Returns for how many she covers. Raises Refused.
    """
    if not colleague.is_clinician or not colleague.is_active or not are_colleagues(clinician, colleague):
        raise Refused("Choose a colleague of your clinic.", "colleague")
    if ends_at <= max(begins_at, now):
        raise Refused("The cover must end after it begins, and not in the past.", "until")
    if ends_at > max(begins_at, now) + datetime.timedelta(days=MOST_DAYS):
        raise Refused(f"A cover lasts at most {MOST_DAYS} days.", "until")
    own = Consent.objects.in_force(now).filter(clinician=clinician, text_version__gte=COVERED_SINCE_TEXT)
    own = own.exclude(via=ConsentVia.COVER).select_related("runner").order_by("runner")
    covered = [_cover(consent, colleague, max(begins_at, now), ends_at, now) for consent in own]
    return sum(covered)


def _cover(consent: Consent, colleague: User, begins_at, ends_at, now) -> bool:
    runner = User.objects.select_for_update().get(pk=consent.runner_id)
    former = Consent.objects.unrevoked().filter(runner=runner, clinician=colleague).first()
    if former and former.via != ConsentVia.COVER:
        return False
    if former:
        end_consent(former, by=consent.clinician, now=now)
    cover = Consent.objects.create(
        runner=runner,
        clinician=colleague,
        text_version=consent.text_version,
        via=ConsentVia.COVER,
        covers=consent,
        granted_at=begins_at,
        expires_at=ends_at,
    )
    say_changed(cover, actor=consent.clinician, now=now, what=f"{colleague} covers for {consent.clinician}")
    context = {"recipient": runner, "clinician": consent.clinician, "cover": cover, "link": page("access")}
    words = words_of("cover", context)
    owe_mail(email=runner.email, kind="cover", words=words, now=now, recipient=runner)
    return True


@transaction.atomic
def end_cover(*, clinician: User, colleague: User, by: User, now: datetime.datetime) -> int:
    """End all covers of that colleague for this clinician; returns how many."""
    if by.pk not in (clinician.pk, colleague.pk):
        raise Refused("Only the two colleagues can end a cover.")
    covers = Consent.objects.unrevoked().filter(covers__clinician=clinician, clinician=colleague)
    ended = 0
    for cover in covers.select_related("clinician").order_by("runner"):
        User.objects.select_for_update().get(pk=cover.runner_id)
        end_consent(cover, by=by, now=now)
        ended += 1
    return ended
