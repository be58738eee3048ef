"""A colleague covers for a holiday: time-limited, told to the runner, ended by her at any time."""

import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.links import page
from accounts.models import Act, Consent, ConsentVia, User
from accounts.models.consent import COVERED_SINCE_TEXT, MOST_DAYS_OF_A_COVER
from accounts.services.audit import record_access
from accounts.services.colleagues import has_said_no, last_consents, lock_runners, locked_colleagues, tell
from accounts.services.consents import end_consent
from accounts.services.errors import Refused

#: Nobody knows her holidays later than that; a cover that far ahead is a slip of the year.
LATEST_BEGIN = datetime.timedelta(days=366)


@transaction.atomic
def start_cover(
    *,
    clinician: User,
    colleague: User,
    begins_at: datetime.datetime,
    ends_at: datetime.datetime,
    now: datetime.datetime,
) -> int:
    """Let a colleague of the same clinic see and act for all own runners, from–to. Raises Refused.

    Left out are runners whom she sees already, who agreed to a wording without
    covers, and who ended her access themselves. The same days once more cover
    who came since. Returns for how many she covers in these days.
    """
    if not colleague.is_clinician or not colleague.is_active or not locked_colleagues(clinician, colleague):
        raise Refused(_("Choose a colleague of your clinic."), "colleague")
    begins_at = max(begins_at, now)
    _check_days(begins_at, ends_at, clinician, now)
    there = _running(clinician, colleague, now)
    if any(not _is_same(cover, begins_at, ends_at, now) for cover in there):
        raise Refused(
            _("{colleague} covers for you on other days already. End that cover first.").format(
                colleague=colleague
            ),
            "colleague",
        )
    own = Consent.objects.own(now).filter(clinician=clinician)
    runners = list(own.filter(text_version__gte=COVERED_SINCE_TEXT).values_list("runner", flat=True))
    lock_runners(runners)
    # Read again under the lock: a runner may have ended her consent while we waited.
    still_own = own.filter(runner__in=runners).select_related("runner").order_by("runner")
    covers = _write(list(still_own), colleague, begins_at, ends_at, now)
    if covers:
        _say_begun(covers, clinician, colleague, now)
    return len(there) + len(covers)


def _check_days(begins_at, ends_at, clinician: User, now: datetime.datetime) -> None:
    if begins_at > now + LATEST_BEGIN:
        raise Refused(_("A cover begins within a year."), "begins")
    if ends_at <= begins_at:
        raise Refused(_("The cover must end after it begins, and not in the past."), "until")
    # In one zone the difference is that of the clocks on the wall: 28 days also when they change.
    first, last = (timezone.localtime(instant, clinician.zone) for instant in (begins_at, ends_at))
    if last - first > datetime.timedelta(days=MOST_DAYS_OF_A_COVER):
        raise Refused(
            _("A cover lasts at most {days} days.").format(days=MOST_DAYS_OF_A_COVER),
            "until",
        )


def _running(clinician: User, colleague: User, now: datetime.datetime) -> list[Consent]:
    """Covers of that colleague for this clinician that are going on or still to come."""
    mine = Consent.objects.running_covers(now).filter(covers__clinician=clinician, clinician=colleague)
    return list(mine.select_related("clinician", "covers__clinician").order_by("runner"))


def _is_same(cover: Consent, begins_at, ends_at, now: datetime.datetime) -> bool:
    has_begun_as_asked = cover.granted_at <= now and begins_at == now
    return cover.expires_at == ends_at and (cover.granted_at == begins_at or has_begun_as_asked)


def _write(own: list[Consent], colleague: User, begins_at, ends_at, now) -> list[Consent]:
    last = last_consents([consent.runner_id for consent in own], colleague)
    free = [consent for consent in own if _is_free(last.get(consent.runner_id), now)]
    # A cover that has run out still takes the one place that there is for runner and colleague.
    run_out = Consent.objects.unrevoked().filter(runner__in=[consent.runner_id for consent in free])
    run_out.filter(clinician=colleague).update(revoked_at=F("expires_at"), revoked_by=colleague)
    return Consent.objects.bulk_create(
        Consent(
            runner=consent.runner,
            clinician=colleague,
            text_version=consent.text_version,
            via=ConsentVia.COVER,
            covers=consent,
            granted_at=begins_at,
            expires_at=ends_at,
        )
        for consent in free
    )


def _is_free(last: Consent | None, now: datetime.datetime) -> bool:
    if last is None:
        return True
    if last.revoked_at is None:
        return last.expires_at is not None and last.expires_at <= now
    return not has_said_no(last)


def _say_begun(covers: list[Consent], clinician: User, colleague: User, now: datetime.datetime) -> None:
    """Into each runner's record, to each runner, and to the colleague."""
    record_access(
        runner_ids=[cover.runner_id for cover in covers],
        actor=clinician,
        act=Act.CONSENT,
        detail=f"{colleague} covers for {clinician}",
        now=now,
    )
    begins_at, last_moment = covers[0].granted_at, covers[0].expires_at - datetime.timedelta(seconds=1)
    context = {
        "clinician": clinician,
        "colleague": colleague,
        "begins_at": begins_at,
        "last_moment": last_moment,
    }
    for cover in covers:
        tell(cover.runner, "cover", now=now, link=page("access"), **context)
    tell(colleague, "cover_begins", now=now, link=page("covers"), count=len(covers), **context)


@transaction.atomic
def end_cover(*, clinician: User, colleague: User, by: User, now: datetime.datetime) -> int:
    """End what that colleague covers for this clinician; returns for how many. Raises Refused."""
    if by.pk not in (clinician.pk, colleague.pk):
        raise Refused(_("Only the two colleagues can end a cover."))
    return _end(_running(clinician, colleague, now), by=by, now=now)


def end_covers_of(person: User, *, by: User, now: datetime.datetime) -> None:
    """End every cover by and for somebody who leaves the clinic."""
    hers = Consent.objects.running_covers(now).filter(Q(clinician=person) | Q(covers__clinician=person))
    _end(list(hers.select_related("clinician", "covers__clinician").order_by("runner")), by=by, now=now)


def _end(covers: list[Consent], *, by: User, now: datetime.datetime) -> int:
    lock_runners(cover.runner_id for cover in covers)
    still = set(
        Consent.objects.unrevoked().filter(pk__in=[c.pk for c in covers]).values_list("pk", flat=True)
    )
    ended = [cover for cover in covers if cover.pk in still]
    for cover in ended:
        end_consent(cover, by=by, now=now)
    pairs = {(cover.covers.clinician, cover.clinician) for cover in ended}
    for clinician, colleague in sorted(pairs, key=lambda pair: (pair[0].pk, pair[1].pk)):
        for recipient in (clinician, colleague):
            if recipient.pk != by.pk:
                context = {"clinician": clinician, "colleague": colleague, "by": by, "link": page("covers")}
                tell(recipient, "cover_ended", now=now, **context)
    return len(ended)
